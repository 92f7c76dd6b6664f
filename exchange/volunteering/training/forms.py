"""Forms of trainings: for a phone, one thing after the other."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from exchange.accounts.place_forms import PlaceForm
from exchange.files.forms import children_field
from exchange.files.uploading import taken_material
from exchange.kernel.errors import Invalid
from exchange.volunteering.forms import ShiftForm
from exchange.volunteering.kinds import Circle
from exchange.volunteering.training.labels import CIRCLE_LABELS
from exchange.volunteering.training.materials_service import TakenFile
from exchange.volunteering.training.models import Training, TrainingMaterial
from exchange.volunteering.training.rules import (
    LONGEST_FOR_WHOM,
    LONGEST_LEARNS,
    LONGEST_OPTION,
    LONGEST_PAGE,
    LONGEST_PLACE,
    LONGEST_QUESTION,
    LONGEST_REASON,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_OPTIONS,
    Question,
)
from exchange.volunteering.training.values import MaterialValues, TrainingValues, values_of
from exchange.web.forms import CountField, HouseForm, options
from exchange.web.sentences import sentence

NEEDED = InputRequired(_l("Please fill this in."))
TOO_LONG = _l("This is too long.")
LETTERS = dict(zip("0123", "ABCD", strict=True))


def short(most: int) -> Length:
    """No longer than it is kept."""
    return Length(max=most, message=TOO_LONG)


class TrainingForm(PlaceForm):
    """What a training is."""

    title = StringField(
        _l("What is the training called?"),
        [NEEDED, short(LONGEST_TITLE)],
        render_kw={"maxlength": LONGEST_TITLE},
    )
    learns = TextAreaField(
        _l("What does one learn?"),
        [short(LONGEST_LEARNS)],
        render_kw={"maxlength": LONGEST_LEARNS, "rows": 4},
    )
    for_whom = StringField(
        _l("For whom is it?"),
        [short(LONGEST_FOR_WHOM)],
        render_kw={"maxlength": LONGEST_FOR_WHOM},
    )
    division = StringField(_l("In which place?"))
    place = StringField(
        _l("Where exactly"), [short(LONGEST_PLACE)], render_kw={"maxlength": LONGEST_PLACE}
    )
    valid_months = CountField(_l("For how many months does it count?"), [Optional()])
    circle = RadioField(
        _l("Who can do it"), choices=options(CIRCLE_LABELS), default=Circle.PUBLIC.value
    )
    version = HiddenField()
    FIELD_OF: dict[str, str] = {"division_code": "division"}  # noqa: RUF012 - read only

    def validate_division(self, field: StringField) -> None:
        """Nothing typed is everywhere; what was typed is a place."""
        if field.data or (self.division_text.data or "").strip():
            super().validate_division(field)

    @property
    def values(self) -> TrainingValues:
        """What was said, in a form that was found valid."""
        return TrainingValues(
            title=self.title.data or "",
            learns=self.learns.data or "",
            for_whom=self.for_whom.data or "",
            division_code=self.division.data or None,
            place=self.place.data or "",
            valid_months=self.valid_months.data,
            circle=Circle(self.circle.data),
        )


def training_data(training: Training) -> dict[str, Any]:
    """What the form shows of a training."""
    values = values_of(training)
    return {
        "title": values.title,
        "learns": values.learns,
        "for_whom": values.for_whom,
        "division": values.division_code or "",
        "place": values.place,
        "valid_months": values.valid_months,
        "circle": values.circle.value,
        "version": training.version,
    }


class MaterialForm(HouseForm):
    """A page, a file or an address, under a title."""

    title = StringField(
        _l("Title of the material"),
        [NEEDED, short(LONGEST_TITLE)],
        render_kw={"maxlength": LONGEST_TITLE},
    )
    text = TextAreaField(
        _l("Write a page"), [short(LONGEST_PAGE)], render_kw={"maxlength": LONGEST_PAGE, "rows": 10}
    )
    children = children_field()
    file = FileField(_l("Or choose a file"))
    url = StringField(
        _l("Or an address elsewhere"),
        [short(LONGEST_URL)],
        render_kw={"maxlength": LONGEST_URL, "inputmode": "url", "autocapitalize": "off"},
    )

    taken: TakenFile | None = None

    @property
    def values(self) -> MaterialValues:
        """What was said beside the file."""
        return MaterialValues(self.title.data or "", self.text.data or "", self.url.data or "")

    def validate_file(self, field: FileField) -> None:
        """Look through the file, once, before the act opens."""
        given = field.data
        if not getattr(given, "filename", ""):
            return
        try:
            self.taken = taken_material(given.read())
        except Invalid as error:
            codes = [one for some in error.fields.values() for one in some]
            raise ValidationError(sentence((codes or [error.code])[0], error.params)) from error


def material_data(material: TrainingMaterial) -> dict[str, Any]:
    """What the form shows of a material."""
    return {"title": material.title, "text": material.text, "url": material.url}


class QuestionFields(Form):  # type: ignore[misc]  # WTForms ships no types
    """One question with up to four answers, of which one is right."""

    text = StringField(_l("Question"), render_kw={"maxlength": LONGEST_QUESTION})
    first = StringField(_l("Answer A"), render_kw={"maxlength": LONGEST_OPTION})
    second = StringField(_l("Answer B"), render_kw={"maxlength": LONGEST_OPTION})
    third = StringField(_l("Answer C"), render_kw={"maxlength": LONGEST_OPTION})
    fourth = StringField(_l("Answer D"), render_kw={"maxlength": LONGEST_OPTION})
    right = SelectField(
        _l("The right answer"), choices=options(LETTERS), validate_choice=False,
    )  # fmt: skip

    @property
    def given(self) -> tuple[str, ...]:
        """The answers as they were typed; empty ones among them."""
        fields = (self.first, self.second, self.third, self.fourth)
        return tuple((one.data or "").strip() for one in fields)

    @property
    def question(self) -> Question | None:
        """The question; none where nothing was typed. Answers that are left out close up."""
        text, given = (self.text.data or "").strip(), self.given
        if not text and not any(given):
            return None
        chosen = str(self.right.data or "")
        wanted = given[int(chosen)] if chosen in LETTERS else ""
        kept = tuple(one for one in given if one)
        return Question(text, kept, kept.index(wanted) if wanted else -1)


class QuestionsForm(HouseForm):
    """Up to five questions, and how many have to be right."""

    first = FormField(QuestionFields)
    second = FormField(QuestionFields)
    third = FormField(QuestionFields)
    fourth = FormField(QuestionFields)
    fifth = FormField(QuestionFields)
    pass_mark = CountField(
        _l("How many right answers are needed?"), [Optional()], render_kw={"inputmode": "numeric"}
    )
    version = HiddenField()

    @property
    def blocks(self) -> tuple[Any, ...]:
        """The five of them."""
        return (self.first, self.second, self.third, self.fourth, self.fifth)

    @property
    def asked(self) -> list[Question]:
        """What was typed, in a form that was found valid."""
        found = [block.form.question for block in self.blocks]
        return [one for one in found if one is not None]

    @property
    def needed(self) -> int:
        """So many right ones; all of them where nothing was said."""
        given = self.pass_mark.data
        return len(self.asked) if given is None else int(given)


def questions_data(training: Training) -> dict[str, Any]:
    """What the form shows of the questions."""
    names = ("first", "second", "third", "fourth", "fifth")
    shown: dict[str, Any] = {"version": training.version, "pass_mark": training.pass_mark or None}
    for name, one in zip(names, training.questions or (), strict=False):
        given = [*one["options"], *[""] * MOST_OPTIONS][:MOST_OPTIONS]
        shown[name] = {
            "text": one["text"],
            **dict(zip(names[:MOST_OPTIONS], given, strict=True)),
            "right": str(one["right"]),
        }
    return shown


class DateForm(ShiftForm):
    """Another date to come to."""


class RevokeForm(HouseForm):
    """Why a completion does not count."""

    reason = StringField(
        _l("Why? The volunteer reads it."),
        [NEEDED, short(LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON},
    )


def chosen_answers(given: Any, count: int) -> list[int | None]:
    """By question the position of the chosen answer; none where nothing sensible was sent."""
    answers = (str(given.get(f"answer-{number}", "")) for number in range(count))
    return [int(one) if one in ("0", "1", "2", "3") else None for one in answers]
