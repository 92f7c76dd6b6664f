"""The words of notices to and about substitutes."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "substitute_asked": _l(
        "Somebody is missing: “%(title)s” on %(when)s. %(place)s Can you come? One tap says yes or "
        "no."
    ),
    "substitute_comes": _l("%(name)s, whom you asked, comes to “%(title)s” on %(when)s."),
}

# What leaves the site: no names, no titles, no places.
OUTWARD = {
    "substitute_asked": Outward(Kind.VOLUNTEERING, _l("You are asked to stand in for a shift.")),
    "substitute_comes": Outward(Kind.VOLUNTEERING, _l("Somebody stands in for your shift.")),
}
