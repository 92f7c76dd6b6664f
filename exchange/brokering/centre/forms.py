"""The form of a centre's settings."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, NumberRange

from exchange.brokering.centre.settings import BOUNDS, NAMES, CentreSettings
from exchange.web.forms import CountField, HouseForm

NEEDED = InputRequired(_l("Please fill this in."))


def _count(name: str, label: str) -> CountField:
    least, most = BOUNDS[name]
    words = _l("Please give a number from %(least)s to %(most)s.", least=least, most=most)
    return CountField(label, [NEEDED, NumberRange(least, most, words)])


class CentreSettingsForm(HouseForm):
    """What holds in the area of a centre."""

    lapse_days = _count("lapse_days", _l("A proposal without an answer lapses after (days)"))
    reminder_days_before = _count(
        "reminder_days_before", _l("Who has not answered is reminded before that (days)")
    )
    escalate_claimed_days = _count(
        "escalate_claimed_days", _l("Taken up and not asked: remind the worker after (days)")
    )
    escalate_answer_days = _count(
        "escalate_answer_days", _l("Answer arrived and nothing done: remind after (days)")
    )
    escalate_due_days = _count(
        "escalate_due_days", _l("Due and not delivered: remind after (days)")
    )
    caseload_limit = _count("caseload_limit", _l("Cases one worker can carry"))
    caseload_blocks = BooleanField(_l("Nobody takes up more than that"))
    settings_version = HiddenField()

    def show(self, values: CentreSettings, version: int) -> None:
        """Fill the form."""
        for name in NAMES:
            self._fields[name].data = getattr(values, name)
        self.settings_version.data = str(version)

    @property
    def values(self) -> CentreSettings:
        """What was given, in a form that was found valid."""
        return CentreSettings(**{name: self._fields[name].data for name in NAMES})

    @property
    def version(self) -> int:
        """The version that was shown; -1 where it was tampered with."""
        given = self.settings_version.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1
