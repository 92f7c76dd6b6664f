"""The words of notices about saved searches."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "search_found_one": _l("New for “%(name)s”: %(titles)s"),
    "search_found": _l("%(count)s new for “%(name)s”: %(titles)s"),
}
