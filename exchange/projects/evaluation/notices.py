"""The words of notices about evaluation. What leaves the site names nothing and nobody."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "evaluation_opened": _l("“%(title)s”: how did it go? Please say it by %(day)s."),
    "evaluation_reminder": _l("“%(title)s”: please still say how it went, by %(day)s."),
    "evaluation_sides": _l("“%(title)s”: all sides have said how it was. You can read it now."),
    "evaluation_closed": _l("“%(title)s”: the round is closed. See what everybody said."),
    "evaluation_words": _l(
        "“%(title)s”: villagers have written something. Please read it before anybody else does."
    ),
}
OUTWARD = {
    "evaluation_opened": Outward(Kind.ANSWERS, _l("A project asks you how it went.")),
    "evaluation_reminder": Outward(Kind.ANSWERS, _l("A project still asks you how it went.")),
    "evaluation_sides": Outward(Kind.ANSWERS, _l("All sides of a project have answered.")),
    "evaluation_closed": Outward(Kind.ANSWERS, _l("A project's evaluation is closed.")),
    "evaluation_words": Outward(Kind.STATION, _l("Villagers' words wait for you.")),
}
