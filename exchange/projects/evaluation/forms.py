"""The forms of evaluation."""

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from exchange.kernel.errors import Invalid
from exchange.listings.amounts import amount_fault, plain_quantity, quantity_milli
from exchange.projects.evaluation.account_service import Account, Line
from exchange.projects.evaluation.kinds import (
    CHOICES,
    Again,
    Choice,
    LineKind,
    Mark,
    Question,
    Reach,
)
from exchange.projects.evaluation.labels import (
    AGAIN,
    CHOICE_WORDS,
    MARKS,
    QUESTIONS,
    SCALE,
    WORDS_QUESTION,
)
from exchange.projects.evaluation.models import EvaluationAccount, SideStatement
from exchange.projects.evaluation.rules import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    LONGEST_UNIT,
    LONGEST_WORDS,
    MOST_FIGURES,
    MOST_PAPERS,
)
from exchange.projects.evaluation.statement_service import Said
from exchange.projects.models import Project
from exchange.web.forms import CountField, HouseForm, options

CHOOSE = _l("Please choose one.")
FEWEST_BLANK = 3
FAULTS = {  # nothing at all is a figure, too
    "quantity_unreadable": "evaluation_figure",
    "quantity_not_positive": "quantity_negative",
}
PARTS = ("kind", "label", "reach", "planned", "reached", "unit")


def read_version(text: Any) -> int:
    """The version that was read; 0, which none has, when the page said none."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0


class ScheduleForm(HouseForm):
    """When a round begins, or until when it asks. No day follows the project's dates."""

    day = DateField(_l("Day"), validators=[Optional()])
    left_out = BooleanField(_l("Leave this round out"))
    version = HiddenField()


def _mark(mark: Mark) -> RadioField:
    return RadioField(
        MARKS[mark], choices=options(SCALE), validators=[InputRequired(CHOOSE)],
        render_kw={"required": True},
    )  # fmt: skip


class StatementForm(HouseForm):
    """The short form that all sides fill in."""

    aims = _mark(Mark.AIMS)
    teamwork = _mark(Mark.TEAMWORK)
    talk = _mark(Mark.TALK)
    means = _mark(Mark.MEANS)
    lasting = _mark(Mark.LASTING)
    again = RadioField(
        _l("Would you do it again with the same partners?"),
        choices=options(AGAIN),
        validators=[InputRequired(CHOOSE)],
    )
    note = TextAreaField(
        _l("Anything the others should know"), render_kw={"maxlength": LONGEST_TEXT, "rows": 4}
    )
    version = HiddenField()

    def fill(self, said: SideStatement) -> None:
        """Show what was said before."""
        for mark in Mark:
            self[mark.value].data = str(getattr(said, mark.value))
        self.again.data, self.note.data = said.again.value, said.note
        self.version.data = str(said.version)

    @property
    def said(self) -> Said:
        """What was entered."""
        marks = {mark: int(self[mark.value].data) for mark in Mark}
        return Said(marks, Again(self.again.data), self.note.data or "")


class AccountForm(HouseForm):
    """What was reached, and in words. The lines are read by ``lines_of``."""

    people_planned = CountField(
        _l("For how many people was it planned?"), validators=[Optional(), NumberRange(min=0)]
    )
    people_reached = CountField(
        _l("How many people did it reach?"), validators=[Optional(), NumberRange(min=0)]
    )
    lines = HiddenField(_l("Aims and figures"))
    went_well = TextAreaField(_l("What went well?"), render_kw={"maxlength": LONGEST_TEXT})
    went_badly = TextAreaField(_l("What did not?"), render_kw={"maxlength": LONGEST_TEXT})
    lessons = TextAreaField(
        _l("What would you tell others who want to do the same?"),
        render_kw={"maxlength": LONGEST_TEXT},
    )
    released = BooleanField(_l("Everybody may read this"))
    version = HiddenField()

    def fill(self, account: EvaluationAccount) -> None:
        """Show what was written before."""
        for name in ("people_planned", "people_reached", "went_well", "went_badly", "lessons"):
            self[name].data = getattr(account, name)
        self.released.data = account.released_at is not None
        self.version.data = str(account.version)

    def account(self, lines: list[dict[str, str]]) -> Account:
        """What was entered. Raises Invalid where a number cannot be read."""
        return Account(
            [_line(row) for row in lines if row["label"].strip() and _says_something(row)],
            self.people_planned.data,
            self.people_reached.data,
            self.went_well.data or "",
            self.went_badly.data or "",
            self.lessons.data or "",
            bool(self.released.data),
        )


def _says_something(row: dict[str, str]) -> bool:
    return any(row[name].strip() for name in ("reach", "planned", "reached"))


def first_lines(project: Project, account: EvaluationAccount | None) -> list[dict[str, str]]:
    """The lines of the form: what was written, else the aim and the steps of the plan; then blanks
    for figures.
    """
    if account is not None:
        found = [
            _row(
                row.kind, row.label, row.reach.value if row.reach else "",
                plain_quantity(row.planned_milli), plain_quantity(row.reached_milli), row.unit,
            )
            for row in account.lines
        ]  # fmt: skip
        labels = {row["label"] for row in found}
    else:
        found, labels = [], set()
    aim = " ".join(project.aim.split())[:LONGEST_LABEL]
    wanted = [(LineKind.AIM, aim), *((LineKind.MILESTONE, one.title) for one in project.milestones)]
    missing = [_row(kind, label) for kind, label in wanted if label and label not in labels]
    order = {kind.value: place for place, kind in enumerate(LineKind)}
    lines = sorted([*found, *missing], key=lambda row: order[row["kind"]])
    figures = sum(row["kind"] == LineKind.FIGURE for row in lines)
    blank = max(0, min(FEWEST_BLANK, MOST_FIGURES - figures))
    return [*lines, *(_row(LineKind.FIGURE, "") for _ in range(blank))]


def sent_lines(sent: MultiDict[str, str], most: int) -> list[dict[str, str]]:
    """The lines as they were sent, in their order."""
    kinds = {kind.value for kind in LineKind}
    columns = [sent.getlist(f"line_{name}")[: most + 1] for name in PARTS]
    rows = []
    for place in range(min(len(column) for column in columns)):
        row = {name: column[place].replace("\0", "") for name, column in
               zip(PARTS, columns, strict=True)}  # fmt: skip
        if row["kind"] in kinds:
            rows.append(row)
    return rows


def _row(
    kind: LineKind, label: str, reach: str = "", planned: str = "", reached: str = "",
    unit: str = "",
) -> dict[str, str]:  # fmt: skip
    values = (kind.value, label, reach, planned, reached, unit)
    return dict(zip(PARTS, values, strict=True))


def _line(row: dict[str, str]) -> Line:
    reach = Reach(row["reach"]) if row["reach"] in {one.value for one in Reach} else None
    label, unit = row["label"][: LONGEST_LABEL + 1], row["unit"][: LONGEST_UNIT + 1]
    planned, reached = _amount(row["planned"]), _amount(row["reached"])
    return Line(LineKind(row["kind"]), label, reach, planned, reached, unit)


def _amount(text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    if plain in ("0", "０"):
        return 0
    fault = amount_fault(plain) if len(plain) <= 40 else "quantity_unreadable"
    if fault:
        raise Invalid(fields={"lines": [FAULTS.get(fault, fault)]})
    return quantity_milli(plain)


def _question(question: Question) -> RadioField:
    words = {choice.value: CHOICE_WORDS[choice] for choice in CHOICES[question]}
    return RadioField(QUESTIONS[question], choices=options(words), validators=[Optional()])


class SurveyForm(HouseForm):
    """Four questions to choose from and a free word."""

    reached = _question(Question.REACHED)
    better = _question(Question.BETTER)
    known = _question(Question.KNOWN)
    again = _question(Question.AGAIN)
    words = TextAreaField(WORDS_QUESTION, render_kw={"maxlength": LONGEST_WORDS, "rows": 3})
    adult = BooleanField(_l("I am 14 or older"))

    @property
    def given(self) -> dict[Question, Choice]:
        """What was chosen."""
        return {one: Choice(self[one.value].data) for one in Question if self[one.value].data}


class PaperForm(SurveyForm):
    """The same, from a sheet with a number."""

    number = StringField(
        _l("Number of the sheet"),
        validators=[InputRequired(_l("Please fill this in."))],
        render_kw={"maxlength": 20, "autocapitalize": "characters"},
    )


class PrintForm(HouseForm):
    """How many sheets?"""

    count = CountField(
        _l("How many sheets?"),
        default=20,
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(1, MOST_PAPERS, _l("Please choose between 1 and 60 sheets.")),
        ],
    )


class WordsForm(HouseForm):
    """Words without names; empty keeps them here."""

    key = HiddenField()
    text = TextAreaField(
        _l("For everybody, without names"), render_kw={"maxlength": LONGEST_WORDS, "rows": 3}
    )
