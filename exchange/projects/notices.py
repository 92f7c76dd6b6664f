"""The words of notices about projects."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "project_written": _l(
        "Your social worker has begun a project for you: “%(title)s”. Look through it and "
        "publish it."
    ),
    "project_submitted": _l("The project “%(title)s” waits for your review."),
    "project_published": _l("The project “%(title)s” is published."),
    "project_returned": _l(
        "The project “%(title)s” came back to you: please look at the note and send it again."
    ),
    "project_held": _l("The project “%(title)s” is hidden while it is looked into."),
    "project_shown_again": _l("The project “%(title)s” is shown again."),
    "project_withdrawn": _l("The project “%(title)s” was taken back by its people."),
    "project_staged": _l("The project “%(title)s” has moved on. Look how far it is."),
    "project_partner_invited": _l(
        "%(owner)s asks you to take part in a project: “%(title)s”. Please say yes or no."
    ),
    "project_partner_accepted": _l("%(partner)s takes part in your project “%(title)s”."),
    "project_partner_declined": _l("%(partner)s does not take part in your project “%(title)s”."),
    "project_partner_left": _l("%(partner)s takes part in “%(title)s” no longer."),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "project_written": Outward(Kind.LISTINGS, _l("A project was begun for you.")),
    "project_submitted": Outward(Kind.STATION, _l("A project waits for your review.")),
    "project_published": Outward(Kind.LISTINGS, _l("Your project is published.")),
    "project_returned": Outward(Kind.LISTINGS, _l("Your project came back to you.")),
    "project_held": Outward(Kind.LISTINGS, _l("Your project is being looked into.")),
    "project_shown_again": Outward(Kind.LISTINGS, _l("Your project is shown again.")),
    "project_withdrawn": Outward(Kind.LISTINGS, _l("A project was taken back.")),
    "project_staged": Outward(Kind.LISTINGS, _l("One of your projects has moved on.")),
    "project_partner_invited": Outward(Kind.ANSWERS, _l("You are asked to join a project.")),
    "project_partner_accepted": Outward(Kind.ANSWERS, _l("A partner has answered you.")),
    "project_partner_declined": Outward(Kind.ANSWERS, _l("A partner has answered you.")),
    "project_partner_left": Outward(Kind.LISTINGS, _l("A partner has left a project.")),
}
