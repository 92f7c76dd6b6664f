"""The words of notices about an organisation's standing."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

STANDING_NOTICES = {
    "verification_answered": _l("“%(organisation)s” has added what you asked for."),
    "verification_more_wanted": _l(
        "Before “%(organisation)s” can be verified the station needs something more. "
        "Please look and answer."
    ),
    "verification_expires_soon": _l(
        "The verification of “%(organisation)s” ends in %(days)s days. "
        "Renew it in a few taps."
    ),
    "verification_lapsed": _l(
        "The verification of “%(organisation)s” has ended. You can ask for it anew at any time."
    ),
    "organisation_suspended": _l("“%(organisation)s” is suspended. The reason is on its page."),
    "suspension_lifted": _l("The suspension of “%(organisation)s” is lifted."),
}

# What leaves the site: no names.
STANDING_OUTWARD = {
    "verification_answered": Outward(
        Kind.STATION, _l("An organisation has added what you asked for.")
    ),
    "verification_more_wanted": Outward(
        Kind.ANSWERS, _l("The station needs something more to verify you.")
    ),
    "verification_expires_soon": Outward(
        Kind.ANSWERS, _l("Your organisation's verification ends soon.")
    ),
    "verification_lapsed": Outward(
        Kind.ANSWERS, _l("Your organisation's verification has ended.")
    ),
    "organisation_suspended": Outward(Kind.ANSWERS, _l("Your organisation is suspended.")),
    "suspension_lifted": Outward(Kind.ANSWERS, _l("Your organisation's suspension is lifted.")),
}
