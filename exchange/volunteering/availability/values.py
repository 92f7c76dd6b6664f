"""What a volunteer says of their time, as one immutable value."""

from dataclasses import dataclass, replace
from datetime import date

from exchange.listings.values import one_line
from exchange.volunteering.availability.kinds import Reach, Tongue
from exchange.volunteering.availability.models import Availability
from exchange.volunteering.availability.rules import (
    LONGEST_DIALECT,
    LONGEST_WORDS,
    dates_allowed,
)
from exchange.volunteering.availability.time_rules import EVERY_TIME
from exchange.volunteering.kinds import Skill
from exchange.volunteering.values import Problems, text_problem

LISTS: dict[str, type[Skill | Tongue]] = {"skills": Skill, "tongues": Tongue}
LONGEST = {"words": LONGEST_WORDS, "dialect": LONGEST_DIALECT}
PLAIN = (
    "words", "times", "from_date", "to_date", "division_code", "reach", "dialect",
    "has_transport", "is_remote", "may_be_asked",
)  # fmt: skip


@dataclass(frozen=True)
class AvailabilityValues:
    """All that a volunteer says. ``times`` is the number of ``time_rules``.

    ``is_adult`` is said anew each time and kept nowhere.
    """

    skills: tuple[str, ...] = ()
    words: str = ""
    times: int = 0
    from_date: date | None = None
    to_date: date | None = None
    division_code: str = ""
    reach: Reach = Reach.COUNTY
    tongues: tuple[str, ...] = ()
    dialect: str = ""
    has_transport: bool = False
    is_remote: bool = False
    may_be_asked: bool = False
    is_adult: bool = False

    def cleaned(self) -> "AvailabilityValues":
        """The same without characters that no text has, with every code once and in order."""
        return replace(
            self,
            words=one_line(self.words),
            dialect=one_line(self.dialect),
            skills=_in_order(self.skills, tuple(Skill)),
            tongues=_in_order(self.tongues, tuple(Tongue)),
        )


def values_of(row: Availability) -> AvailabilityValues:
    """What has been said so far."""
    return AvailabilityValues(
        skills=tuple(row.skills),
        tongues=tuple(row.tongues),
        is_adult=True,
        **{name: getattr(row, name) for name in PLAIN},
    )


def put_values(row: Availability, values: AvailabilityValues) -> None:
    """Write the values down."""
    for name in PLAIN:
        setattr(row, name, getattr(values, name))
    row.skills, row.tongues = list(values.skills), list(values.tongues)


def problems_of(values: AvailabilityValues, today: date) -> Problems:
    """What stands against these values, by field, as codes. The place is checked by the service."""
    problems: Problems = {}
    if not (values.skills or values.words):
        problems["skills"] = ["availability_skill_needed"]
    for name, known in LISTS.items():
        if set(getattr(values, name)) - set(known):
            problems[name] = ["availability_choice_form"]
    for name, longest in LONGEST.items():
        text = getattr(values, name)
        problem = "too_long" if len(text) > longest else text_problem(text)
        if problem:
            problems[name] = [problem]
    return problems | _refusals(values, today)


def _refusals(values: AvailabilityValues, today: date) -> Problems:
    problems: Problems = {}
    if not 0 < values.times <= EVERY_TIME:
        problems["times"] = ["availability_time_needed"]
    dates = dates_allowed(values.from_date, values.to_date, today)
    if not dates:
        problems["to_date"] = [dates.code]
    if not values.is_adult:
        problems["is_adult"] = ["availability_adults_only"]
    return problems


def _in_order(given: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Every code once, known ones in the order of their list; unknown ones stay to be refused."""
    chosen = set(given)
    return (*(str(one) for one in known if one in chosen), *sorted(chosen - set(known)))
