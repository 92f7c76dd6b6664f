"""The words of notices about plans."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "plan_ready": _l(
        "The plan “%(name)s” is computed: pairs: %(pairs)s, needs not met in full: %(gaps)s. "
        "Nothing happens until it is released."
    ),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "plan_ready": Outward(Kind.STATION, _l("Your matching plan is computed.")),
}
