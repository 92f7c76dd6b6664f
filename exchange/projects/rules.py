"""What can be said of a project from values alone: where it may go next, and what it may say."""

from datetime import date
from enum import StrEnum

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.projects.kinds import LIVE_STAGES, Stage

# From which stage a project may go to which. Steps back put right what was said too early.
NEXT_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.IDEA: frozenset({Stage.PLANNED, Stage.RUNNING, Stage.STOPPED}),
    Stage.PLANNED: frozenset({Stage.IDEA, Stage.RUNNING, Stage.STOPPED}),
    Stage.RUNNING: frozenset({Stage.PLANNED, Stage.PAUSED, Stage.COMPLETED, Stage.STOPPED}),
    Stage.PAUSED: frozenset({Stage.RUNNING, Stage.COMPLETED, Stage.STOPPED}),
    Stage.COMPLETED: frozenset({Stage.RUNNING, Stage.EVALUATED}),
    Stage.EVALUATED: frozenset(),
    Stage.STOPPED: frozenset({Stage.PLANNED}),
}
MOST_DIVISIONS = 20
MOST_PARTNERS = 20
MOST_MILESTONES = 30
MOST_BUDGET_LINES = 30
MOST_NEEDS = 20
MOST_COMPARED = 4
LARGEST_FEN = 10**13  # a hundred thousand million yuan: more is no plan
MOST_PEOPLE = 100_000_000
SILENT_DAYS = 30  # a running project without news for so long is asked for some


class Scale(StrEnum):
    """How big a project is by its budget."""

    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"
    UNKNOWN = "unknown"


SMALL_FEN = 10_000_000  # below 100,000 yuan
LARGE_FEN = 100_000_000  # from 1,000,000 yuan on


def may_go(now: Stage, wanted: Stage) -> Decision:
    """Whether the life of a project leads from one stage to another."""
    if wanted not in NEXT_STAGES[now]:
        return refuse("project_stage", stage=now.value, wanted=wanted.value)
    return allow()


def scale_of(planned_fen: int) -> Scale:
    """The size by the planned sum, in fen; a budget of nothing is not known yet."""
    if planned_fen <= 0:
        return Scale.UNKNOWN
    if planned_fen < SMALL_FEN:
        return Scale.SMALL
    return Scale.MIDDLE if planned_fen < LARGE_FEN else Scale.LARGE


def is_silent(stage: Stage, days_since_news: int) -> bool:
    """Whether its people should be asked for news."""
    return stage in LIVE_STAGES and stage is not Stage.IDEA and days_since_news >= SILENT_DAYS


def needs_reason(wanted: Stage) -> bool:
    """Whether it must be said why: a project is not stopped without a word."""
    return wanted is Stage.STOPPED


def is_late(due_on: date | None, done_on: date | None, today: date) -> bool:
    """Whether a milestone should have been reached by now."""
    return done_on is None and due_on is not None and due_on < today


def yuan(fen: int) -> str:
    """Money for readers: ¥1,234.50, and no decimals where there are no fen."""
    whole, rest = divmod(abs(fen), 100)
    decimals = f".{rest:02d}" if rest else ""
    return f"{'-' if fen < 0 else ''}¥{whole:,}{decimals}"
