"""How marks and hours read on a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.clock import civil_date
from exchange.volunteering.attendance.hours_rules import MOST_MINUTES, may_object
from exchange.volunteering.attendance.kinds import MarkKind, Step, Way
from exchange.volunteering.attendance.models import AttendanceMark, Certificate, HoursStep
from exchange.volunteering.attendance.queries import (
    history_of,
    latest_steps,
    marks_of,
    people_of,
    presence_from,
)
from exchange.volunteering.attendance.rules import Presence, minutes_of
from exchange.volunteering.models import Shift, Signup
from exchange.web.acting import house
from exchange.web.dates import day_text
from exchange.web.locale import locale_code

MOST_DIGITS = 6


@dataclass(frozen=True)
class ListRow:
    """One person on the list of a shift."""

    signup: str
    person_id: int
    name: str
    state: str  # what the last mark says; empty while there is none
    by_code: bool
    came_at: datetime | None
    left_at: datetime | None
    marks: Sequence[AttendanceMark]


@dataclass(frozen=True)
class HoursRow:
    """One person's hours in a shift. ``counted`` is what the marks say, None where nobody came.

    ``changed``: somebody else has said something since what stands here was typed.
    """

    line: ListRow
    counted: int | None
    step: HoursStep | None
    history: Sequence[HoursStep]
    minutes: str
    travel: str
    note: str
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changed: bool = False

    @property
    def seen(self) -> int:
        """The number of the last step."""
        return self.step.number if self.step else 0

    @property
    def waits(self) -> bool:
        """Whether a manager can approve them."""
        return self.step is not None and self.step.step is not Step.APPROVED


@dataclass(frozen=True)
class Tally:
    """How many of a shift came, and how far their hours are."""

    expected: int
    came: int
    proposed: int
    approved: int
    objected: int


def state_of(presence: Presence) -> str:
    """What the marks say at last, as a kind of mark; empty while there is none."""
    if presence.came is None:
        return ""
    if not presence.came:
        return MarkKind.ABSENT.value
    return (MarkKind.CAME if presence.is_inside else MarkKind.LEFT).value


def list_rows(session: Session, shift: Shift) -> list[ListRow]:
    """Everybody with a place, by name."""
    marks = marks_of(session, [shift.id])
    people = people_of(session, [shift.id])[shift.id]
    return [_row(one, shift, marks[shift.id, one.person_id]) for one in people]


def hours_rows(session: Session, shift: Shift) -> list[HoursRow]:
    """Everybody with a place, with what is to be entered for them."""
    latest = latest_steps(session, [shift.id])
    history = history_of(session, [shift.id])
    rows = []
    for line in list_rows(session, shift):
        presence = presence_from(line.marks, shift)
        counted = minutes_of(presence, shift.starts_at, shift.ends_at) if presence.came else None
        step = latest.get((shift.id, line.person_id))
        if step is not None:
            minutes = str(step.minutes)
        else:
            minutes = str(min(counted, MOST_MINUTES)) if counted is not None else ""
        rows.append(
            HoursRow(
                line=line,
                counted=counted,
                step=step,
                history=history[shift.id, line.person_id],
                minutes=minutes,
                travel=str(step.travel_minutes) if step and step.travel_minutes else "",
                note=step.note if step and step.step is Step.PROPOSED else "",
            )
        )
    return rows


def tallies(session: Session, shifts: Iterable[Shift]) -> dict[int, Tally]:
    """How far each shift is, in a fixed number of queries."""
    known = {one.id: one for one in shifts}
    marks = marks_of(session, known)
    people = people_of(session, known)
    latest = latest_steps(session, known)
    found = {}
    for key, shift in known.items():
        came = sum(
            bool(presence_from(marks[key, one.person_id], shift).came) for one in people[key]
        )
        steps = [step.step for (shift_id, _person), step in latest.items() if shift_id == key]
        found[key] = Tally(
            expected=len(people[key]),
            came=came,
            proposed=steps.count(Step.PROPOSED),
            approved=steps.count(Step.APPROVED),
            objected=steps.count(Step.OBJECTED),
        )
    return found


@dataclass(frozen=True)
class OwnLine:
    """One shift of a volunteer, with their hours. ``standing`` are the minutes approved last."""

    signup: Signup
    state: str
    step: HoursStep | None
    standing: int
    may_object: bool
    history: Sequence[HoursStep]


def own_lines(session: Session, signups: Sequence[Signup], now: datetime) -> list[OwnLine]:
    """A volunteer's shifts, in a fixed number of queries."""
    ids = [one.shift_id for one in signups]
    person_id = signups[0].person_id if signups else None
    marks = marks_of(session, ids, person_id)
    history = history_of(session, ids, person_id)
    lines = []
    for one in signups:
        steps = history[one.shift_id, one.person_id]
        last = steps[-1] if steps else None
        approved = [step.minutes for step in steps if step.step is Step.APPROVED]
        decided = last.made_at if last and last.step is Step.APPROVED else None
        lines.append(
            OwnLine(
                signup=one,
                state=state_of(presence_from(marks[one.shift_id, one.person_id], one.shift)),
                step=last,
                standing=approved[-1] if approved else 0,
                may_object=bool(may_object(last.step if last else None, decided, now)),
                history=steps,
            )
        )
    return lines


def issuer_text(certificate: Certificate, locale: str) -> str:
    """The organisation as it was certified; for English readers its English name in brackets."""
    certified, english = certificate.organisation_name, certificate.organisation.name_en
    if locale.startswith("zh") or not english or english == certified:
        return certified
    return f"{certified} ({english})"


def full_day(day: date) -> str:
    """A day on a document, always with its year."""
    kept = house()
    today = civil_date(kept.clock.now(), kept.settings.time_zone)
    return day_text(day, today, locale_code(), with_year=True)


def count_read(text: Any) -> int | None:
    """A whole number as it was typed; None where it is none."""
    plain = "" if text is None else str(text).strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > MOST_DIGITS:
        return None
    return int(plain)


def _row(signup: Signup, shift: Shift, marks: Sequence[AttendanceMark]) -> ListRow:
    presence = presence_from(marks, shift)
    return ListRow(
        signup=signup.public_id,
        person_id=signup.person_id,
        name=signup.person.name,
        state=state_of(presence),
        by_code=any(one.way is Way.CODE for one in marks),
        came_at=presence.came_at,
        left_at=presence.left_at,
        marks=marks,
    )
