"""The words of notices about roadshows and visits."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "visit_changed": _l("“%(title)s” has changed. It is on %(when)s now. Please look again."),
    "visit_cancelled": _l("“%(title)s” on %(when)s was called off: %(reason)s"),
    "visit_off_with_project": _l(
        "“%(title)s” on %(when)s does not take place: the project has ended or was taken back."
    ),
    "visit_tomorrow": _l("“%(title)s” is on %(when)s. You are signed up."),
    "visit_tomorrow_own": _l("“%(title)s” is on %(when)s. %(count)s people have a seat."),
    "visit_signed": _l("%(name)s comes to “%(title)s”."),
    "visit_waits": _l("%(name)s waits for a seat at “%(title)s”."),
    "visit_moved_up": _l("You have a seat now at “%(title)s” on %(when)s."),
    "visit_left": _l("%(name)s does not come to “%(title)s” after all."),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "visit_changed": Outward(Kind.ANSWERS, _l("A visit you signed up for changed."), True),
    "visit_cancelled": Outward(Kind.ANSWERS, _l("A visit you signed up for is off."), True),
    "visit_off_with_project": Outward(
        Kind.ANSWERS, _l("A visit you signed up for is off."), True
    ),
    "visit_tomorrow": Outward(Kind.ANSWERS, _l("A visit you signed up for is near.")),
    "visit_tomorrow_own": Outward(Kind.ANSWERS, _l("A visit to your project is near.")),
    "visit_signed": Outward(Kind.ANSWERS, _l("Somebody comes to see your project.")),
    "visit_waits": Outward(Kind.ANSWERS, _l("Somebody waits for a seat.")),
    "visit_moved_up": Outward(Kind.ANSWERS, _l("You have a seat now.")),
    "visit_left": Outward(Kind.ANSWERS, _l("Somebody does not come after all.")),
}
