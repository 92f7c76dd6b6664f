"""The words of notices about plans."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "plan_ready": _l(
        "The plan “%(name)s” is computed: pairs: %(pairs)s, needs not met in full: %(gaps)s. "
        "Nothing happens until it is released."
    ),
}
