"""What a coordinator says of an activity and a shift, as immutable values."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from exchange.geography.rules import COUNTY_DIGITS
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem
from exchange.volunteering.kinds import Circle, Skill, Work
from exchange.volunteering.models import Activity
from exchange.volunteering.rules import (
    ADULT,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WARNING,
    MOST_SKILLS,
    SHORTEST_WARNING,
    USUAL_WARNING,
    ages_allowed,
)

Problems = dict[str, list[str]]
LONGEST = {
    "title": LONGEST_TITLE,
    "text": LONGEST_TEXT,
    "place": LONGEST_PLACE,
    "meeting_point": LONGEST_PLACE,
    "safety_note": LONGEST_NOTE,
}


@dataclass(frozen=True)
class ActivityValues:
    """All that a coordinator may set of an activity."""

    title: str = ""
    division_code: str = ""
    text: str = ""
    work: Work = Work.OTHER
    place: str = ""
    meeting_point: str = ""
    safety_note: str = ""
    skills: tuple[str, ...] = ()
    min_age: int = ADULT
    max_age: int | None = None
    guardian_needed: bool = False
    with_children: bool = False
    is_outdoor: bool = False
    circle: Circle = Circle.PUBLIC
    warning_days: int = USUAL_WARNING

    def cleaned(self) -> "ActivityValues":
        """The same without characters that no text has, and with every skill once."""
        return replace(
            self,
            title=one_line(self.title),
            text=clean_text(self.text),
            place=one_line(self.place),
            meeting_point=one_line(self.meeting_point),
            safety_note=clean_text(self.safety_note),
            skills=tuple(dict.fromkeys(self.skills)),
        )


@dataclass(frozen=True)
class ShiftValues:
    """All that a coordinator may set of a shift; ``role`` is the public id of one, or empty."""

    starts_at: datetime
    ends_at: datetime
    minimum: int
    maximum: int
    place: str = ""
    role: str = ""


NAMES = tuple(item.name for item in fields(ActivityValues))


def values_of(activity: Activity) -> ActivityValues:
    """What has been said of an activity so far."""
    said: dict[str, Any] = {name: getattr(activity, name) for name in NAMES}
    return ActivityValues(**{**said, "skills": tuple(activity.skills or ())})


def put_values(activity: Activity, values: ActivityValues) -> bool:
    """Write the values into the activity; whether anything is different now."""
    if values == values_of(activity):
        return False
    for name in NAMES:
        setattr(activity, name, getattr(values, name))
    activity.skills = list(values.skills)
    return True


def problems_of(values: ActivityValues) -> Problems:
    """What stands against these values, by field, as codes. Whether its place is known is looked up
    by the service.
    """
    problems = _word_problems(values)
    if len(values.skills) > MOST_SKILLS or set(values.skills) - set(Skill):
        problems["skills"] = ["activity_skills_form"]
    if values.division_code and len(values.division_code) < COUNTY_DIGITS:
        problems["division_code"] = ["place_too_wide"]
    ages = ages_allowed(values.min_age, values.max_age)
    if not ages:
        problems["max_age" if ages.code == "activity_ages_order" else "min_age"] = [ages.code]
    if not SHORTEST_WARNING <= values.warning_days <= LONGEST_WARNING:
        problems["warning_days"] = ["activity_warning_form"]
    return problems


def _word_problems(values: ActivityValues) -> Problems:
    problems: Problems = {} if values.title else {"title": ["activity_title_form"]}
    for name, longest in LONGEST.items():
        text = getattr(values, name)
        if len(text) > longest:
            problems.setdefault(name, []).append("too_long")
        elif problem := text_problem(text):
            problems.setdefault(name, []).append(problem)
    return problems


def text_problem(text: str) -> str | None:
    """Contact and payment data have no place in words that others read."""
    problem = words_problem(text)
    return f"activity_{problem}" if problem else None
