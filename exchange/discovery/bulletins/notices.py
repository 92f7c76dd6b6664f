"""The words of notices about bulletins."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "bulletin_composed": _l("The bulletin of %(place)s is composed. Please look it through."),
    "bulletin_submitted": _l("The bulletin of %(place)s waits for your approval."),
    "bulletin_sent_back": _l("The bulletin of %(place)s was sent back: %(note)s"),
    "bulletin_not_composed": _l("The bulletin of %(place)s was due today and is not composed."),
    "bulletin_not_approved": _l("The bulletin of %(place)s was due today and is not approved."),
    "bulletin_published": _l("New bulletin of %(place)s: %(headline)s"),
}

_WORK = _l("A bulletin waits for you.")
_LATE = _l("A bulletin has missed its day.")
OUTWARD = {
    "bulletin_composed": Outward(Kind.STATION, _WORK),
    "bulletin_submitted": Outward(Kind.STATION, _WORK),
    "bulletin_sent_back": Outward(Kind.STATION, _WORK),
    "bulletin_not_composed": Outward(Kind.STATION, _LATE),
    "bulletin_not_approved": Outward(Kind.STATION, _LATE),
    "bulletin_published": Outward(Kind.ALERTS, _l("A bulletin that you follow has come out.")),
}
