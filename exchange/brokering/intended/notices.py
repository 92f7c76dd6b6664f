"""Words of accepted intentions on their way to a match."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

INTENDED_NOTICES = {
    "intention_taken_up": _l(
        "The accepted intention of %(name)s for “%(title)s” is a match in your hands now."
    ),
    "intention_not_taken_up": _l(
        "The accepted intention of %(name)s for “%(title)s” could not become a match by itself. "
        "Please look."
    ),
    "intention_waits_for_worker": _l(
        "The accepted intention of %(name)s for “%(title)s” waits for a social worker to take it "
        "up."
    ),
}
INTENDED_OUTWARD = {
    "intention_taken_up": Outward(Kind.STATION, _l("You have a new match.")),
    "intention_not_taken_up": Outward(Kind.STATION, _l("An accepted intention waits for you.")),
    "intention_waits_for_worker": Outward(
        Kind.STATION, _l("An accepted intention waits for your station.")
    ),
}
INTENDED_REFUSALS = {
    "intention_not_accepted": _l("Only an accepted intention for a need becomes a match."),
    "intention_nobody_left": _l("Nobody acts for this organisation any more."),
    "intention_no_worker": _l("A social worker of the station takes it up."),
    "intention_offer_in_review": _l(
        "The offer made of it waits for the station's review, because the organisation is not "
        "verified."
    ),
    "intention_being_prepared": _l("A social worker is preparing the introduction."),
    "intention_match_open": _l(
        "A match of this intention goes on. What comes of it is written down there."
    ),
}
