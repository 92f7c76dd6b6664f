"""The words of notices about intentions."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "intention_declared": _l(
        "%(name)s would bring something to “%(title)s”. Please look and answer."
    ),
    "intention_changed": _l("%(name)s says differently what it would bring to “%(title)s”."),
    "intention_withdrawn": _l("%(name)s has taken its intention for “%(title)s” back."),
    "intention_talked": _l("A new message about the intention of %(name)s for “%(title)s”."),
    "intention_asked": _l("More is asked about the intention of %(name)s for “%(title)s”."),
    "intention_accepted": _l("The intention of %(name)s for “%(title)s” was accepted."),
    "intention_declined": _l("The intention of %(name)s for “%(title)s” was declined."),
    "intention_lapsed": _l(
        "The intention of %(name)s for “%(title)s” has lapsed without an answer."
    ),
    "intention_lapses_soon": _l(
        "The intention of %(name)s for “%(title)s” holds until %(day)s and has no answer yet."
    ),
    "intention_follow_up": _l(
        "How does it go with what %(name)s wanted to bring to “%(title)s”? Please write it down."
    ),
    "intention_settled": _l(
        "It is written down what came of the intention of %(name)s for “%(title)s”."
    ),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "intention_declared": Outward(Kind.ANSWERS, _l("Somebody would help your project.")),
    "intention_changed": Outward(Kind.ANSWERS, _l("An intention for your project changed.")),
    "intention_withdrawn": Outward(Kind.ANSWERS, _l("An intention was taken back.")),
    "intention_talked": Outward(Kind.ANSWERS, _l("A new message about an intention.")),
    "intention_asked": Outward(Kind.ANSWERS, _l("More is asked about an intention.")),
    "intention_accepted": Outward(Kind.ANSWERS, _l("An intention was accepted.")),
    "intention_declined": Outward(Kind.ANSWERS, _l("An intention was declined.")),
    "intention_lapsed": Outward(Kind.ANSWERS, _l("An intention has lapsed.")),
    "intention_lapses_soon": Outward(Kind.ANSWERS, _l("An intention still has no answer.")),
    "intention_follow_up": Outward(Kind.ANSWERS, _l("Please say how a cooperation goes.")),
    "intention_settled": Outward(Kind.ANSWERS, _l("A cooperation has a result.")),
}
