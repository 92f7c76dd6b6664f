"""The words of notices about trainings."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "training_completed": _l("You have completed “%(training)s”. It is on record."),
    "training_revoked": _l("Your completion of “%(training)s” does not count any more: %(reason)s"),
    "training_expires": _l("“%(training)s” counts until %(day)s. Please do it again before that."),
    "training_withdrawn": _l(
        "The training “%(training)s” was withdrawn. “%(activity)s” does not ask for it any more."
    ),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "training_completed": Outward(Kind.VOLUNTEERING, _l("A training of yours is on record.")),
    "training_revoked": Outward(Kind.ANSWERS, _l("A completed training does not count any more.")),
    "training_expires": Outward(Kind.VOLUNTEERING, _l("A training of yours ends soon.")),
    "training_withdrawn": Outward(Kind.VOLUNTEERING, _l("A training was withdrawn.")),
}
