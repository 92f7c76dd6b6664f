"""The words of notices about an organisation's standing."""

from flask_babel import lazy_gettext as _l

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
