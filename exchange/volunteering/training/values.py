"""What a manager says of a training and of a material, as immutable values."""

from dataclasses import dataclass, fields, replace
from typing import Any

from exchange.listings.values import clean_text, one_line
from exchange.volunteering.kinds import Circle
from exchange.volunteering.training.kinds import MaterialKind
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.rules import (
    LONGEST_FOR_WHOM,
    LONGEST_LEARNS,
    LONGEST_PAGE,
    LONGEST_PLACE,
    LONGEST_TITLE,
    Question,
    address_allowed,
    valid_months_allowed,
)
from exchange.volunteering.values import Problems, text_problem

LONGEST = {
    "title": LONGEST_TITLE,
    "learns": LONGEST_LEARNS,
    "for_whom": LONGEST_FOR_WHOM,
    "place": LONGEST_PLACE,
}


@dataclass(frozen=True)
class TrainingValues:
    """All that a manager may set of a training; without a division it is for everywhere."""

    title: str = ""
    learns: str = ""
    for_whom: str = ""
    division_code: str | None = None
    place: str = ""
    valid_months: int | None = None
    circle: Circle = Circle.PUBLIC

    def cleaned(self) -> "TrainingValues":
        """The same without characters that no text has."""
        return replace(
            self,
            title=one_line(self.title),
            learns=clean_text(self.learns),
            for_whom=one_line(self.for_whom),
            place=one_line(self.place),
            division_code=self.division_code or None,
        )


@dataclass(frozen=True)
class MaterialValues:
    """A page or an address; files are handed over beside."""

    title: str = ""
    text: str = ""
    url: str = ""

    def cleaned(self) -> "MaterialValues":
        """The same without characters that no text has."""
        return MaterialValues(one_line(self.title), clean_text(self.text), self.url.strip())


NAMES = tuple(item.name for item in fields(TrainingValues))


def values_of(training: Training) -> TrainingValues:
    """What has been said of a training so far."""
    said: dict[str, Any] = {name: getattr(training, name) for name in NAMES}
    return TrainingValues(**said)


def put_values(training: Training, values: TrainingValues) -> bool:
    """Write the values into the training; whether anything is different now."""
    if values == values_of(training):
        return False
    for name in NAMES:
        setattr(training, name, getattr(values, name))
    return True


def problems_of(values: TrainingValues) -> Problems:
    """What stands against these values, by field, as codes. The place is checked by the service."""
    problems: Problems = {}
    if not values.title:
        problems["title"] = ["activity_title_form"]
    for name, longest in LONGEST.items():
        text = getattr(values, name)
        if len(text) > longest:
            problems.setdefault(name, []).append("too_long")
        elif problem := text_problem(text):
            problems.setdefault(name, []).append(problem)
    months = valid_months_allowed(values.valid_months)
    if not months:
        problems["valid_months"] = [months.code]
    return problems


def material_problems(values: MaterialValues, *, has_file: bool) -> Problems:
    """A material has a title and is exactly one of a page, a file, an address."""
    problems: Problems = {}
    if not 0 < len(values.title) <= LONGEST_TITLE:
        problems["title"] = ["activity_title_form"]
    elif problem := text_problem(values.title):
        problems["title"] = [problem]
    given = (bool(values.text), bool(values.url), has_file)
    if sum(given) != 1:
        problems["text"] = ["training_material_one" if any(given) else "training_material_none"]
    if len(values.text) > LONGEST_PAGE:
        problems["text"] = ["training_page_long"]
    elif problem := text_problem(values.text):
        problems.setdefault("text", []).append(problem)
    if values.url and not address_allowed(values.url):
        problems["url"] = ["training_url_form"]
    return problems


def kind_of(values: MaterialValues) -> MaterialKind:
    """What these values make."""
    if values.text:
        return MaterialKind.TEXT
    return MaterialKind.LINK if values.url else MaterialKind.FILE


def cleaned_question(one: Question) -> Question:
    """The same without characters that no text has."""
    return Question(
        one_line(one.text), tuple(one_line(option) for option in one.options), one.right
    )


def kept_questions(training: Training) -> tuple[Question, ...]:
    """The questions of a training as values."""
    return tuple(
        Question(str(one["text"]), tuple(map(str, one["options"])), int(one["right"]))
        for one in training.questions or ()
    )
