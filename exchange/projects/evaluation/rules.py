"""Evaluation from values alone: when a round is due, who may read what when, what is overdue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.projects.evaluation.kinds import (
    CHOICES,
    Choice,
    Late,
    Question,
    RoundKind,
    RoundState,
)
from exchange.projects.kinds import Stage

OPEN_FOR = 30  # days
LONGEST_OPEN = 120
REMIND_BEFORE = 7  # days before a round closes
YEAR_AFTER = 365
PATIENCE = 14  # days after which what has not happened is overdue
LAST_YEAR = 2099
LEAST_ANSWERS = 5  # below it nothing of what villagers said is shown
WORDS_KEPT = timedelta(days=180)  # after the round has closed
LONGEST_TEXT, LONGEST_WORDS, LONGEST_LABEL, LONGEST_UNIT = 2000, 500, 80, 20
MOST_FIGURES = 8
MOST_PAPERS = 60
MOST_PEOPLE = 100_000_000
STAGES_OF: Mapping[RoundKind, frozenset[Stage]] = {
    RoundKind.HALFWAY: frozenset({Stage.RUNNING, Stage.PAUSED}),
    RoundKind.FINAL: frozenset({Stage.COMPLETED}),
    RoundKind.LATER: frozenset({Stage.COMPLETED, Stage.EVALUATED}),
}


def usual_day(
    kind: RoundKind, first: date | None, last: date | None, ended: date | None
) -> date | None:
    """The day on which a round begins if nobody sets another; None when it cannot be said yet."""
    if kind is RoundKind.HALFWAY:
        return first + (last - first) // 2 if first and last and first < last else None
    if kind is RoundKind.FINAL:
        return ended or last
    end = ended or last
    return end + timedelta(days=YEAR_AFTER) if end and end.year < LAST_YEAR else None


def is_due(
    kind: RoundKind, state: RoundState, stage: Stage, due_on: date | None, today: date
) -> bool:
    """Whether the round begins now: its day has come, and the project is as far.

    The final one begins with the completion, or later where a later day was set by hand.
    """
    if state is not RoundState.PLANNED or stage not in STAGES_OF[kind]:
        return False
    if due_on is None:
        return kind is RoundKind.FINAL
    return due_on <= today


def closes_after(opened: date) -> date:
    """The last day on which a round takes answers, if nobody sets another."""
    return opened + timedelta(days=OPEN_FOR)


def last_day_allowed(opened: date | None, wanted: date, today: date) -> Decision:
    """Whether a round may take answers until that day: not in the past, not for ever."""
    if opened is None or wanted < today or wanted > opened + timedelta(days=LONGEST_OPEN):
        return refuse("evaluation_last_day", most=LONGEST_OPEN)
    return allow()


def first_day_allowed(wanted: date, today: date) -> Decision:
    """Whether a round may begin on that day."""
    if wanted < today or wanted.year > LAST_YEAR:
        return refuse("evaluation_first_day")
    return allow()


def takes_answers(state: RoundState, closes_on: date | None, today: date) -> Decision:
    """Whether somebody may still answer. What is closed stays closed: what was published of it
    must not change by one answer.
    """
    if state is RoundState.OPEN and (closes_on is None or today <= closes_on):
        return allow()
    return refuse("evaluation_not_open" if state is RoundState.PLANNED else "evaluation_closed")


def all_have_answered(sides: Collection[int], answered: Collection[int]) -> bool:
    """Whether every organisation that takes part has answered."""
    return bool(sides) and set(sides) <= set(answered)


def sides_are_shown(state: RoundState, *, all_answered: bool) -> bool:
    """Whether the sides may read each other: all had answered once, or the round is closed."""
    return state is RoundState.CLOSED or all_answered


def may_change_statement(sides: Collection[int], *, shown: bool) -> Decision:
    """Whether a side may still change what it said: not after another may have read it.

    One alone answers to nobody, and may change it while the round is open.
    """
    return refuse("evaluation_said") if shown and len(set(sides)) > 1 else allow()


def may_be_evaluated(final: RoundState | None) -> Decision:
    """Whether a project may be called evaluated: its final round was held and is closed."""
    return allow() if final is RoundState.CLOSED else refuse("evaluation_final_missing")


def may_ask_by_link(*, is_public: bool, is_open: bool) -> Decision:
    """Whether the villagers' link shows the questions: only of a project everybody may know."""
    return allow() if is_public and is_open else refuse("survey_not_open")


@dataclass(frozen=True)
class RoundFacts:
    """What decides about a round whether something is overdue."""

    kind: RoundKind
    state: RoundState
    stage: Stage
    due_on: date | None
    opened_on: date | None
    last_planned: date | None
    all_answered: bool
    has_account: bool


def lateness(facts: RoundFacts, today: date) -> Late | None:
    """What is overdue about a round, the worst first; None when all is in time."""
    if facts.state is RoundState.PLANNED:
        return _late_begin(facts, today)
    if facts.state is RoundState.OPEN:
        asked_long = facts.opened_on is not None and _is_past(facts.opened_on, today)
        return Late.UNANSWERED if asked_long and not facts.all_answered else None
    if facts.state is RoundState.CLOSED and not facts.has_account:
        return Late.NO_RESULT
    return None


def _late_begin(facts: RoundFacts, today: date) -> Late | None:
    if facts.stage is Stage.STOPPED:
        return None
    ended = facts.stage in (Stage.COMPLETED, Stage.EVALUATED)
    if facts.kind is RoundKind.FINAL and not ended:
        past = facts.last_planned is not None and _is_past(facts.last_planned, today)
        return Late.NOT_ENDED if past else None
    past = facts.due_on is not None and _is_past(facts.due_on, today)
    return Late.NOT_BEGUN if past and facts.kind is not RoundKind.LATER else None


def _is_past(day: date, today: date) -> bool:
    return today > day + timedelta(days=PATIENCE)


@dataclass(frozen=True)
class Tally:
    """How often each answer to a question was given; ``counted`` people answered it."""

    question: Question
    counted: int
    times: tuple[tuple[Choice, int], ...]

    @property
    def shares(self) -> tuple[tuple[Choice, int], ...]:
        """Whole per cent, each rounded by itself, a half up: equal counts have equal shares.
        Together they may come to 99 or 101; the counts stand beside them.
        """
        return tuple(
            (choice, (times * 200 + self.counted) // (2 * self.counted))
            for choice, times in self.times
        )


def tally(answers: Collection[Mapping[Question, Choice]], state: RoundState) -> tuple[Tally, ...]:
    """What villagers said, summed up: of a closed round, and of questions that at least
    ``LEAST_ANSWERS`` have answered. Everybody reads the same sums, and they never change again, so
    that no two views differ by one answer.
    """
    if state is not RoundState.CLOSED or len(answers) < LEAST_ANSWERS:
        return ()
    found = []
    for question in Question:
        given = [answer[question] for answer in answers if question in answer]
        if len(given) >= LEAST_ANSWERS:
            times = tuple((choice, given.count(choice)) for choice in CHOICES[question])
            found.append(Tally(question, len(given), times))
    return tuple(found)


def answer_allowed(given: Mapping[Question, Choice], words: str) -> Decision:
    """Whether an answer says anything, and only what was asked."""
    if not given and not words.strip():
        return refuse("survey_empty")
    if any(choice not in CHOICES[question] for question, choice in given.items()):
        return refuse("survey_choice")
    return allow()
