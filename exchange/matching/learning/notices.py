"""The words of learning's notices."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "weights_learned": _l(
        "The suggestions have learned from %(count)s decisions of your social workers. "
        "Please look what changed."
    ),
    "weights_fell_back": _l(
        "What the suggestions had learned did worse on the newest decisions. "
        "The former weights are in force again."
    ),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "weights_learned": Outward(Kind.STATION, _l("The suggestions have learned.")),
    "weights_fell_back": Outward(Kind.STATION, _l("The suggestions use the former weights.")),
}
