"""The words of notices about listings."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "listing_submitted": _l("“%(title)s” waits for your review."),
    "listing_published": _l("“%(title)s” is published."),
    "listing_returned": _l(
        "“%(title)s” came back to you: please look at the note and send it again."
    ),
    "listing_expires_soon": _l(
        "“%(title)s” ends soon. If you still need it, give it a new last day."
    ),
    "listing_ends_need": _l(
        "“%(title)s” ends on %(day)s. Is it still needed? One tap keeps it open."
    ),
    "listing_ends_offer": _l(
        "“%(title)s” ends on %(day)s. Is it still to be had? One tap keeps it open."
    ),
    "listing_expired": _l("“%(title)s” has ended. One tap opens it again."),
    "listing_back": _l("“%(title)s” is open again."),
    "listing_return_failed": _l(
        "“%(title)s” was to come back today and cannot as it is. Please look through it."
    ),
    "need_merged": _l(
        "“%(title)s” was joined with “%(kept)s”: both ask for the same. What comes of it is "
        "written there. If they are not the same, tell your station: it can be undone."
    ),
    "need_merged_quietly": _l(
        "“%(title)s” was joined with another need that asks for the same. Your station goes on "
        "with it. If they are not the same, tell your station: it can be undone."
    ),
    "merged_kept_ended": _l(
        "The need with which “%(title)s” was joined is not open any more. If you still need it, "
        "post it again or tell your station."
    ),
    "merge_undone": _l("“%(title)s” stands on its own again."),
    "undertaking_made": _l("Your station has put some of your needs together: “%(name)s”."),
    "undertaking_changed": _l("Your station has given an undertaking another name: “%(name)s”."),
    "undertaking_dissolved": _l(
        "Your station has dissolved the undertaking “%(name)s”. The needs stay as they are."
    ),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "listing_submitted": Outward(Kind.STATION, _l("A post waits for your review.")),
    "listing_published": Outward(Kind.LISTINGS, _l("Your post is published.")),
    "listing_returned": Outward(Kind.LISTINGS, _l("Your post came back to you.")),
    "listing_expires_soon": Outward(Kind.LISTINGS, _l("One of your posts ends soon.")),
    "listing_expired": Outward(Kind.LISTINGS, _l("One of your posts has ended.")),
    "need_merged": Outward(Kind.LISTINGS, _l("Your need was joined with another.")),
    "need_merged_quietly": Outward(Kind.LISTINGS, _l("Your need was joined with another.")),
    "merged_kept_ended": Outward(Kind.LISTINGS, _l("A need joined with yours has ended.")),
    "merge_undone": Outward(Kind.LISTINGS, _l("Your need stands on its own again.")),
    "undertaking_made": Outward(Kind.LISTINGS, _l("Your needs were put together.")),
    "undertaking_changed": Outward(Kind.LISTINGS, _l("An undertaking of your needs has changed.")),
    "undertaking_dissolved": Outward(
        Kind.LISTINGS, _l("An undertaking of your needs was dissolved.")
    ),
}
