"""The words of notices about accounts that close."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

CLOSING_NOTICES = {
    "closing_asked": _l(
        "Your account closes on %(day)s. Sign in before that day and it stays; if it was not you, "
        "set a new password then."
    ),
    "closing_stopped": _l(
        "Your account was not closed: there is something that somebody else must take over first."
    ),
}
CLOSING_OUTWARD = {
    "closing_asked": Outward(
        Kind.SECURITY, _l("Your account closes in a week. Sign in to keep it.")
    ),
    "closing_stopped": Outward(Kind.SECURITY, _l("Your account could not be closed.")),
}
