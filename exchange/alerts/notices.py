"""The words of notices about saved searches."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "search_found_one": _l("New for “%(name)s”: %(titles)s"),
    "search_found": _l("%(count)s new for “%(name)s”: %(titles)s"),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "search_found_one": Outward(Kind.ALERTS, _l("Something new fits your search.")),
    "search_found": Outward(Kind.ALERTS, _l("Something new fits your search.")),
}
