"""What marks say: who came, from when until when, and how many minutes that is. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.attendance.kinds import Basis, MarkKind, Way
from exchange.volunteering.kinds import ActivityState, ShiftState

EARLY = timedelta(hours=1)  # before a shift: when its code is shown and its list can be ticked
CODE_LATE = timedelta(hours=3)  # after its end
LIST_LATE = timedelta(days=30)
MOST_TICKS = 300  # of one sending
CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,60}\Z", re.ASCII)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class MarkFact:
    """One mark: what it says, how it came in, of when it is. ``number`` grows as they come in."""

    kind: MarkKind
    way: Way
    at: datetime
    number: int


@dataclass(frozen=True)
class Presence:
    """What all marks of a person say together. ``came`` is None while nobody has said anything.

    A spell without an end goes on, or nobody has said when it ended.
    """

    came: bool | None = None
    spells: tuple[tuple[datetime, datetime | None], ...] = ()

    @property
    def is_inside(self) -> bool:
        """Whether the person has come and not left."""
        return bool(self.spells) and self.spells[-1][1] is None

    @property
    def came_at(self) -> datetime | None:
        """When they first came."""
        return self.spells[0][0] if self.spells else None

    @property
    def left_at(self) -> datetime | None:
        """When they last left; None while they are there."""
        return self.spells[-1][1] if self.spells else None


def presence_of(marks: Iterable[MarkFact], starts_at: datetime, ends_at: datetime) -> Presence:
    """Marks in the order of when they were made: the later one wins, none is forgotten.

    Who is ticked on the list was there from the planned beginning, and, ticked as gone after the
    end, until the planned end: a coordinator ticks when there is time for it. The code says when
    somebody really came and left.
    """
    came: bool | None = None
    spells: list[tuple[datetime, datetime | None]] = []
    for mark in sorted(marks, key=lambda one: (one.at, one.number)):
        if mark.kind is MarkKind.ABSENT:
            came, spells = False, []
            continue
        came = True
        inside = bool(spells) and spells[-1][1] is None
        if mark.kind is MarkKind.CAME and not inside:
            spells.append((_came(mark, starts_at, first=not spells), None))
        elif mark.kind is MarkKind.LEFT:
            left = min(mark.at, ends_at) if mark.way is Way.LIST else mark.at
            begun = spells.pop()[0] if spells else starts_at
            spells.append((begun, max(begun, left)))
    return Presence(came, tuple(spells))


def _came(mark: MarkFact, starts_at: datetime, *, first: bool) -> datetime:
    return starts_at if mark.way is Way.LIST and first else mark.at


def planned_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """How long a shift is planned to be."""
    return int((ends_at - starts_at) / MINUTE)


def minutes_of(presence: Presence, starts_at: datetime, ends_at: datetime) -> int:
    """How long somebody was there, in whole minutes.

    Waiting before the beginning does not count; whoever never said that they left was there until
    the planned end. The way there and back is in no case part of it.
    """
    total = timedelta(0)
    for came, left in presence.spells:
        begun = max(came, starts_at)
        total += max(timedelta(0), (left or ends_at) - begun)
    return int(total / MINUTE)


def basis_of(minutes: int, counted: int | None, planned: int, *, by_code: bool) -> Basis:
    """Where stated minutes come from: the code, the plan, or somebody's word.

    ``counted`` is what the marks give, None without any: other minutes than these are somebody's
    word, even where they are those of the plan.
    """
    if counted is not None and minutes != counted:
        return Basis.STATED
    if by_code:
        return Basis.MARKS
    return Basis.PLANNED if minutes == planned else Basis.STATED


def code_shown(
    state: ShiftState, starts_at: datetime, ends_at: datetime, now: datetime
) -> Decision:
    """Whether the code of a shift is shown and counts."""
    return _within(state, starts_at, ends_at + CODE_LATE, now)


def list_open(state: ShiftState, starts_at: datetime, ends_at: datetime, now: datetime) -> Decision:
    """Whether the list of a shift can be ticked; what was ticked on paper is entered later."""
    return _within(state, starts_at, ends_at + LIST_LATE, now)


def admitting_allowed(activity: ActivityState, *, verified: bool) -> Decision:
    """Whether somebody may be put on a list: only where a verified organisation has published it.

    Else anybody could make a draft and learn the names behind phone numbers.
    """
    if activity not in (ActivityState.PUBLISHED, ActivityState.ENDED):
        return refuse("attend_not_published")
    return allow() if verified else refuse("attend_needs_verified")


def _within(state: ShiftState, starts_at: datetime, last: datetime, now: datetime) -> Decision:
    if state is ShiftState.CANCELLED:
        return refuse("shift_cancelled")
    if now < starts_at - EARLY:
        return refuse("attend_too_early")
    return allow() if now <= last else refuse("attend_too_late")


def moment_of_tick(age_seconds: int, starts_at: datetime, now: datetime) -> datetime:
    """When a tick was made that is so old by the phone's own clock, wrong as that clock may be.

    Never in the future, and never before the list could be ticked.
    """
    age = timedelta(seconds=max(0, min(age_seconds, int(LIST_LATE.total_seconds()) * 2)))
    return min(now, max(now - age, starts_at - EARLY))


def client_id_allowed(client_id: str) -> Decision:
    """The name that a phone gives to a tick, so that it counts once."""
    return allow() if CLIENT_ID.match(client_id) else refuse("attend_client_id")
