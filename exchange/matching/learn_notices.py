"""The words of learning's notices."""

from flask_babel import lazy_gettext as _l

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
