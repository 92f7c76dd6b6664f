"""Where a case stands on a worker's day, and what it waits for, from values alone.

Each match stands in one group at most, that of what presses most.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from exchange.brokering.centre.escalation_rules import Patience, Rest, days_since, is_time, rests
from exchange.brokering.deeds.rules import DUE_DAYS, UNDER_WAY
from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState
from exchange.brokering.rules import Party

SIDES = (Party.NEED, Party.OFFER)
KEPT_AFTER_END = timedelta(days=7)  # so long a no or a lapse stays on the day


class Group(StrEnum):
    """The groups of the day, the most pressing first."""

    QUESTIONS = "questions"
    CALLS = "calls"
    PROMISES = "promises"
    ANSWERS = "answers"
    TO_ASK = "to_ask"
    FOLLOW_UPS = "follow_ups"
    TO_FINISH = "to_finish"
    STALLED = "stalled"
    NEEDS = "needs"
    PLANNED = "planned"
    PAIRS = "pairs"
    EXPIRING = "expiring"
    WAITING = "waiting"
    UNDERTAKINGS = "undertakings"


# What stands in the worker's own hands: it is what the day's number counts.
OF_MATCHES = (
    Group.QUESTIONS, Group.CALLS, Group.PROMISES, Group.ANSWERS, Group.TO_ASK, Group.FOLLOW_UPS,
    Group.TO_FINISH, Group.STALLED,
)  # fmt: skip
MINE = (*OF_MATCHES, Group.NEEDS)


class Wait(StrEnum):
    """What exactly a case waits for; each has its one act."""

    DISPUTED = "disputed"
    CHANGE = "change"
    SILENT = "silent"
    NO_ACCOUNT = "no_account"
    DUE = "due"
    ONE_YES = "one_yes"
    BOTH_YES = "both_yes"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CLAIMED = "claimed"
    FOLLOW_UP = "follow_up"
    OUTCOME = "outcome"
    JUDGEMENT = "judgement"
    QUIET = "quiet"


@dataclass(frozen=True)
class Case:
    """A match as the day looks at it.

    ``touched``: when something last happened, be it a note; ``happened``: when it came to stand as
    it does (the answer, the introduction, the end), None where nothing says so. ``due_on``: the
    first day on which something undelivered is due. ``all_came``: an amount is agreed and all of it
    has come. ``unreachable``: the sides for whom nobody has an account. ``question``: "disputed",
    "change" or "".
    """

    match_id: int
    state: MatchState
    answers: dict[Party, Answer]
    touched: datetime
    remind_at: datetime | None = None
    lapses_on: date | None = None
    due_on: date | None = None
    overdue_from: datetime | None = None
    all_came: bool = False
    has_outcome: bool = False
    unreachable: frozenset[Party] = frozenset()
    question: str = ""
    follow_up_on: date | None = None
    happened: datetime | None = None

    @property
    def event(self) -> datetime:
        """The moment that its line names."""
        return self.happened or self.touched

    @property
    def pending(self) -> tuple[Party, ...]:
        """The sides that have not answered."""
        return tuple(side for side in SIDES if self.answers[side] is Answer.PENDING)


@dataclass(frozen=True)
class Place:
    """A case in its group. ``since`` is when it began to wait, ``due_on`` when it is due;
    ``sides`` are those to be called; ``days`` how long it has rested, 0 where it has not for long;
    ``happened`` when what is said of it came about, None for ``since`` itself.
    """

    match_id: int
    group: Group
    wait: Wait
    since: datetime
    due_on: date | None = None
    sides: tuple[Party, ...] = ()
    days: int = 0
    happened: datetime | None = None


BY_STATE: dict[MatchState, tuple[Group, Wait]] = {
    MatchState.CLAIMED: (Group.TO_ASK, Wait.CLAIMED),
    MatchState.INTRODUCED: (Group.ANSWERS, Wait.BOTH_YES),
    MatchState.DECLINED: (Group.ANSWERS, Wait.DECLINED),
    MatchState.LAPSED: (Group.ANSWERS, Wait.LAPSED),
}


def place(case: Case, now: datetime, today: date, patience: Patience) -> Place | None:
    """In which group a case stands today, or None while it waits for nobody here."""
    found = _asked(case, now) or _under_way(case, today) or _after(case, today)
    if found is not None and found.group in (Group.QUESTIONS, Group.CALLS, Group.PROMISES):
        return found
    rest = _rest(case)
    if found is not None and rest is not None and is_time(rest, patience, now):
        days = days_since(rest.since, now)
        return Place(
            case.match_id, Group.STALLED, found.wait, rest.since, days=days, happened=case.event
        )
    if found is not None:
        return found
    untouched = now - case.touched
    if case.state in LIVE_STATES and untouched >= timedelta(days=patience.due):
        days = days_since(case.touched, now)
        return Place(case.match_id, Group.STALLED, Wait.QUIET, case.touched, days=days)
    return None


def _rest(case: Case) -> Rest | None:
    answered = case.state is MatchState.PROPOSED and len(case.pending) < len(SIDES)
    return rests(
        is_claimed=case.state is MatchState.CLAIMED,
        has_answer=case.state is MatchState.INTRODUCED or answered,
        is_agreed=case.state in UNDER_WAY,
        touched=case.touched,
        due=case.overdue_from,
    )


def _asked(case: Case, now: datetime) -> Place | None:
    """Before an amount is agreed, and after it came to nothing."""

    def at(group: Group, wait: Wait, sides: tuple[Party, ...] = ()) -> Place:
        lapses_on = case.lapses_on if sides else None
        return Place(case.match_id, group, wait, case.event, lapses_on, sides)

    if case.state in BY_STATE:
        return at(*BY_STATE[case.state])
    if case.state is not MatchState.PROPOSED:
        return None
    alone = tuple(side for side in case.pending if side in case.unreachable)
    if case.pending and case.remind_at is not None and case.remind_at <= now:
        return at(Group.CALLS, Wait.SILENT, case.pending)
    if alone:
        return at(Group.CALLS, Wait.NO_ACCOUNT, alone)
    return at(Group.ANSWERS, Wait.ONE_YES) if len(case.pending) < len(SIDES) else None


def _under_way(case: Case, today: date) -> Place | None:
    """While it is delivered."""
    if case.state not in UNDER_WAY:
        return None
    if case.question:
        return Place(case.match_id, Group.QUESTIONS, Wait(case.question), case.event)
    if case.due_on is not None and case.due_on <= today + timedelta(days=DUE_DAYS):
        return Place(case.match_id, Group.PROMISES, Wait.DUE, case.touched, case.due_on)
    if case.all_came and not case.has_outcome:
        return Place(case.match_id, Group.TO_FINISH, Wait.OUTCOME, case.event)
    return None


def _after(case: Case, today: date) -> Place | None:
    """After it is completed: somebody looks again; in the end the file is closed."""
    on = case.follow_up_on
    if on is not None:
        if on > today:
            return None
        return Place(case.match_id, Group.FOLLOW_UPS, Wait.FOLLOW_UP, case.touched, on)
    if case.state is MatchState.COMPLETED:
        return Place(case.match_id, Group.TO_FINISH, Wait.JUDGEMENT, case.event)
    return None


def in_order(places: list[Place]) -> list[Place]:
    """The group's most pressing first: by the day it is due, then the longest waiting."""
    return sorted(places, key=lambda one: (one.due_on or date.max, one.since, one.match_id))
