"""The sentences of renewal and of setting aside for a season."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "renew_no_last_day": _l("It has no last day, so that it does not end by itself."),
    "owner_asked_lately": _l("The owner was asked within the last day."),
    "owner_without_people": _l("Nobody has an account there. Please call."),
    "renew_not_due": _l("It need not be renewed at present."),
    "return_not_ahead": _l("Please choose a day that is still to come."),
    "link_listing_over": _l(
        "There is nothing to decide about this post at present. Please sign in to see how it "
        "stands."
    ),
    "link_needs_look": _l(
        "This post needs another look first. Please sign in and look through it."
    ),
    "link_say_whether": _l("Please say yes or no."),
}
