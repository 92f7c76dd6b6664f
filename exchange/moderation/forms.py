"""The forms of reports, decisions and appeals."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from exchange.accounts.forms import NEEDED, short
from exchange.moderation.kinds import Part, Reason, Verdict
from exchange.moderation.labels import PARTS, REASONS, VERDICTS
from exchange.web.forms import HouseForm, options

CHOOSE = DataRequired(_l("Please choose one."))


class VersionedForm(HouseForm):
    """A form about something that others may change meanwhile."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version that stood on the page; 0, which none has, when it said none."""
        text: Any = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ReportForm(HouseForm):
    """Why, and if wanted a few words. ``website`` is seen by no person, ``stamp`` by nobody."""

    part = RadioField(_l("About whom?"), choices=[], validate_choice=False)
    reason = RadioField(_l("What is wrong?"), [CHOOSE], choices=options(REASONS))
    text = TextAreaField(_l("In your words"), [short(1000)], render_kw={"rows": 3})
    website = StringField(_l("Leave this empty"))
    stamp = HiddenField()

    def ask_about(self, parts: Sequence[Part]) -> None:
        """Whom it may be about; the first is chosen beforehand."""
        self.part.choices = [SelectChoice(part.value, PARTS[part]) for part in parts]
        if not self.is_submitted() and parts:
            self.part.data = parts[0].value

    @property
    def chosen_part(self) -> Part | None:
        """Whom it is about; None where nobody was chosen."""
        return Part(self.part.data) if self.part.data in set(Part) else None

    @property
    def chosen_reason(self) -> Reason:
        """Why, once the form has been checked."""
        return Reason(self.reason.data)


class VerdictForm(VersionedForm):
    """What is done, why, and what the owner reads."""

    verdict = RadioField(_l("What is to be done?"), [CHOOSE], choices=[])
    reason = TextAreaField(_l("Why? (stays with us)"), [NEEDED, short(500)], render_kw={"rows": 3})
    said = TextAreaField(_l("What the owner reads"), [short(500)], render_kw={"rows": 3})

    def offer(self, verdicts: Sequence[Verdict]) -> None:
        """What may be decided now."""
        self.said.flags.unmarked = True
        self.verdict.choices = [SelectChoice(one.value, VERDICTS[one]) for one in verdicts]


class AppealForm(HouseForm):
    """Why the decision is not right."""

    text = TextAreaField(
        _l("Why is the decision not right?"), [NEEDED, short(2000)], render_kw={"rows": 5}
    )


class AppealDecisionForm(VersionedForm):
    """Whether the owner is right, and what they read."""

    upheld = RadioField(
        _l("Is the owner right?"),
        [CHOOSE],
        choices=[
            SelectChoice("yes", _l("Yes: restore it")),
            SelectChoice("no", _l("No: the decision stays")),
        ],
    )
    answer = TextAreaField(_l("What the owner reads"), [NEEDED, short(500)], render_kw={"rows": 3})
