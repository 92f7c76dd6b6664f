"""The forms of verification: asking with files, deciding, suspending and lifting."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from exchange.accounts.forms import NEEDED, short
from exchange.accounts.verification.kinds import Check, Ruling
from exchange.accounts.verification.labels import CHECKS, RULINGS
from exchange.accounts.verification.rules import MOST_FILES
from exchange.files.documents import Document
from exchange.files.pictures import Picture
from exchange.files.uploading import taken_file
from exchange.kernel.errors import Invalid
from exchange.web.forms import HouseForm, options


class EvidenceForm(HouseForm):
    """How the station can check who the organisation is."""

    evidence = TextAreaField(
        _l("How can we check who you are?"), [short(2000)], render_kw={"rows": 4}
    )
    files = MultipleFileField(_l("Photos or PDF"))
    drop = SelectMultipleField(_l("Take away"), choices=[], validate_choice=False)
    licence_number = StringField(_l("Licence number"), [short(80)])
    licence_until = DateField(_l("Licence runs until"), [Optional()])

    def taken_files(self) -> list[Picture | Document]:
        """What was sent, re-encoded or looked through. Raises Invalid with the field.

        To be called before the act opens.
        """
        sent = [one for one in self.files.data or () if getattr(one, "filename", "")]
        if len(sent) > MOST_FILES:
            raise Invalid("too_many_files", fields={"files": ["too_many_files"]})
        try:
            return [taken_file(one.read()) for one in sent]
        except Invalid as error:
            raise Invalid(error.code, fields={"files": [error.code]}) from error


class DecisionForm(HouseForm):
    """The answer to a request, what was looked at, and why."""

    answer = RadioField(_l("Decision"), [NEEDED], choices=options(RULINGS))
    checked = SelectMultipleField(_l("What I have looked at"), choices=[])
    credit_code = StringField(
        _l("Unified social credit code"), [short(30)], render_kw={"autocapitalize": "characters"}
    )
    reason = TextAreaField(_l("Reason"), [short(500)], render_kw={"rows": 3})
    version = HiddenField()

    def ask_for(self, checklist: tuple[Check, ...]) -> None:
        """Show these points of the checklist."""
        self.checked.choices = [(one.value, CHECKS[one]) for one in checklist]
        for field in (self.credit_code, self.reason):  # a hint says when they are needed
            field.flags.unmarked = True

    @property
    def ruling(self) -> Ruling:
        """The answer, once the form has been checked."""
        return Ruling(self.answer.data)

    @property
    def checks(self) -> frozenset[Check]:
        """The points that were ticked."""
        return frozenset(Check(value) for value in self.checked.data or ())

    @property
    def read_version(self) -> int:
        """The version that stood on the page; 0, which none has, when it said none."""
        text: Any = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ReasonForm(HouseForm):
    """Why an organisation is suspended, or why that is lifted."""

    reason = TextAreaField(_l("Reason"), [NEEDED, short(500)], render_kw={"rows": 3})
