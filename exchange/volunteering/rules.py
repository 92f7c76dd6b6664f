"""What an activity and its shifts may be. Pure rules on values."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.kinds import ActivityState, ShiftState

LONGEST_TITLE = 60
LONGEST_TEXT = 3000
LONGEST_PLACE = 120
LONGEST_NOTE = 500
LONGEST_ROLE = 40
MOST_ROLES = 12
MOST_SHIFTS = 120  # of one activity that are still ahead
MOST_COORDINATORS = 10
MOST_VOLUNTEERS = 2000  # of one shift
MOST_SKILLS = 8
ADULT = 18
YOUNGEST, OLDEST = 14, 90  # why 14: docs/decisions.md
LONGEST_SHIFT = timedelta(hours=24)
FARTHEST = timedelta(days=366)
ADULTS_WITH_CHILDREN = 2
SHORTEST_WARNING, LONGEST_WARNING, USUAL_WARNING = 1, 30, 3  # days

_S = ActivityState
TRANSITIONS: dict[ActivityState, frozenset[ActivityState]] = {
    _S.DRAFT: frozenset({_S.PUBLISHED}),
    _S.PUBLISHED: frozenset({_S.CANCELLED, _S.ENDED}),
    _S.CANCELLED: frozenset(),
    _S.ENDED: frozenset({_S.PUBLISHED}),  # further shifts were added
}
# Beside which field of a shift a refusal stands.
SHIFT_FIELDS = {
    "shift_ends_before": "ends",
    "shift_too_long": "ends",
    "shift_in_the_past": "day",
    "shift_too_far": "day",
    "shift_maximum_form": "maximum",
    "shift_minimum_form": "minimum",
    "children_two_adults": "minimum",
    "shift_below_taken": "maximum",
}


def may_move(state: ActivityState, wanted: ActivityState) -> Decision:
    """Whether an activity in one state may go to another."""
    if wanted in TRANSITIONS[state]:
        return allow()
    return refuse("activity_state", state=state.value, wanted=wanted.value)


def ages_allowed(min_age: int, max_age: int | None) -> Decision:
    """The ages of volunteers: none younger than 14, the youngest not above the oldest."""
    if not YOUNGEST <= min_age <= OLDEST:
        return refuse("activity_ages_form", youngest=YOUNGEST, oldest=OLDEST)
    if max_age is not None and not min_age <= max_age <= OLDEST:
        return refuse("activity_ages_order")
    return allow()


def times_allowed(starts_at: datetime, ends_at: datetime, now: datetime) -> Decision:
    """A shift ends after it starts, within a day, and lies ahead, but not absurdly far."""
    span = span_allowed(starts_at, ends_at)
    return begin_allowed(starts_at, now) if span else span


def span_allowed(starts_at: datetime, ends_at: datetime) -> Decision:
    """A shift ends after it starts, within a day."""
    if ends_at <= starts_at:
        return refuse("shift_ends_before")
    return allow() if ends_at - starts_at <= LONGEST_SHIFT else refuse("shift_too_long")


def begin_allowed(starts_at: datetime, now: datetime) -> Decision:
    """It lies ahead, but not absurdly far."""
    if starts_at <= now:
        return refuse("shift_in_the_past")
    return allow() if starts_at - now <= FARTHEST else refuse("shift_too_far")


def numbers_allowed(minimum: int, maximum: int, *, with_children: bool = False) -> Decision:
    """How many are needed and how many at most; with children never fewer than two adults."""
    if not 1 <= maximum <= MOST_VOLUNTEERS:
        return refuse("shift_maximum_form", most=MOST_VOLUNTEERS)
    if not 0 <= minimum <= maximum:
        return refuse("shift_minimum_form")
    if with_children and minimum < ADULTS_WITH_CHILDREN:
        return refuse("children_two_adults", least=ADULTS_WITH_CHILDREN)
    return allow()


def maximum_allowed(maximum: int, taken: int) -> Decision:
    """Nobody loses a place because the number is lowered."""
    return allow() if maximum >= taken else refuse("shift_below_taken", taken=taken)


def may_publish(
    *, verified: bool, is_person: bool, with_children: bool, minimums: Collection[int]
) -> Decision:
    """Whether an activity may be put before people. ``minimums`` of the shifts still ahead.

    ``is_person``: it is run by one person alone, which will not do where children come.
    """
    if not verified:
        return refuse("activity_needs_verified")
    if with_children and is_person:
        return refuse("children_need_organisation")
    if not minimums:
        return refuse("activity_needs_shift")
    if with_children and min(minimums) < ADULTS_WITH_CHILDREN:
        return refuse("children_two_adults", least=ADULTS_WITH_CHILDREN)
    return allow()


def is_open(
    activity: ActivityState, shift: ShiftState, starts_at: datetime, now: datetime
) -> Decision:
    """Whether one can still sign up: the activity is on, and the shift has not begun."""
    if activity is ActivityState.CANCELLED or shift is ShiftState.CANCELLED:
        return refuse("shift_cancelled")
    if activity is not ActivityState.PUBLISHED:
        return refuse("activity_not_open")
    return allow() if starts_at > now else refuse("shift_has_begun")


def overlap(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> bool:
    """Whether two spans share a moment; one may begin when the other ends."""
    return first[0] < second[1] and second[0] < first[1]


def next_up(waiting: Iterable[int], clashing: Collection[int], free: int) -> list[int]:
    """Who of the waiting list moves up: the first ones who have no other shift then."""
    if free <= 0:
        return []
    fitting = [one for one in waiting if one not in clashing]
    return fitting[:free]


def is_over(ends: Iterable[datetime], now: datetime) -> bool:
    """Whether all shifts are over; without any, nothing has been."""
    known = list(ends)
    return bool(known) and max(known) <= now
