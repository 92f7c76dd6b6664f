"""The figures of a centre and of its stations, as plain values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from exchange.brokering.kinds import MatchState

DAY = 86_400


@dataclass
class Figures:
    """What one point has on its hands. Spans in days."""

    open_needs: int = 0
    unclaimed: int = 0
    states: Counter[MatchState] = field(default_factory=Counter)
    overdue: int = 0
    told: int = 0
    unanswered: int = 0
    claim_days: list[float] = field(default_factory=list)
    answer_days: list[float] = field(default_factory=list)
    oldest_unclaimed: datetime | None = None
    oldest_unanswered: datetime | None = None
    completed: dict[int, int] = field(default_factory=lambda: {30: 0, 90: 0})
    people: dict[int, int] = field(default_factory=lambda: {30: 0, 90: 0})

    @property
    def live(self) -> int:
        """All live matches."""
        return self.states.total()

    def add(self, other: "Figures") -> None:
        """Count another point in."""
        self.open_needs += other.open_needs
        self.unclaimed += other.unclaimed
        self.states += other.states
        self.overdue += other.overdue
        self.told += other.told
        self.unanswered += other.unanswered
        self.claim_days += other.claim_days
        self.answer_days += other.answer_days
        self.oldest_unclaimed = earlier(self.oldest_unclaimed, other.oldest_unclaimed)
        self.oldest_unanswered = earlier(self.oldest_unanswered, other.oldest_unanswered)
        for days in self.completed:
            self.completed[days] += other.completed[days]
            self.people[days] += other.people[days]


@dataclass(frozen=True)
class WorkerFigures:
    """What one worker has in hand in the scope, of how much at most."""

    person_id: int
    public_id: str
    name: str
    point_ids: tuple[int, ...]
    matches: int
    needs: int
    limit: int
    is_away: bool

    @property
    def in_hand(self) -> int:
        """Both together."""
        return self.matches + self.needs

    @property
    def serves_no_more(self) -> bool:
        """Whether they have cases here and no duty."""
        return not self.point_ids


@dataclass(frozen=True)
class Overview:
    """Everything on the page: the whole, by point (None: nobody's), by worker, what is unmet."""

    whole: Figures
    by_point: dict[int | None, Figures]
    workers: tuple[WorkerFigures, ...]
    unmet_categories: Sequence[tuple[str, int]]
    unmet_townships: Sequence[tuple[str, int]]


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments; either may be missing."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def days_between(first: datetime, last: datetime) -> float:
    """Days, with fractions; never below zero."""
    return max((last - first).total_seconds(), 0) / DAY


def middle(days: Iterable[float]) -> float | None:
    """The median, to one decimal; None of nothing."""
    known = list(days)
    return round(median(known), 1) if known else None
