"""Evaluation from values: when a round is due, who reads what, and that sums give nobody away."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.projects.evaluation.kinds import (
    CHOICES,
    Choice,
    Late,
    Question,
    RoundKind,
    RoundState,
)
from exchange.projects.evaluation.outcomes import Carried, summed
from exchange.projects.evaluation.rules import (
    LEAST_ANSWERS,
    LONGEST_OPEN,
    RoundFacts,
    Tally,
    answer_allowed,
    closes_after,
    is_due,
    last_day_allowed,
    lateness,
    may_be_evaluated,
    may_change_statement,
    sides_are_shown,
    takes_answers,
    tally,
    usual_day,
)
from exchange.projects.kinds import Stage

TODAY = date(2026, 11, 22)
FIRST, LAST = date(2026, 6, 1), date(2027, 5, 31)
ANSWERS = st.fixed_dictionaries(
    {}, optional={question: st.sampled_from(CHOICES[question]) for question in Question}
)


def test_answers_given_as_often_have_the_same_share() -> None:
    first, second, third = CHOICES[Question.REACHED]
    found = Tally(Question.REACHED, 9, ((first, 4), (second, 4), (third, 1)))
    assert found.shares == ((first, 44), (second, 44), (third, 11))


@given(answers=st.lists(ANSWERS, max_size=12), state=st.sampled_from(RoundState))
def test_sums_are_of_closed_rounds_and_of_five_or_more(
    answers: list[dict[Question, Choice]], state: RoundState
) -> None:
    found = tally(answers, state)
    if state is not RoundState.CLOSED:
        assert found == ()
    for one in found:
        assert one.counted >= LEAST_ANSWERS
        for (_, times), (_, share) in zip(one.times, one.shares, strict=True):
            assert abs(share - 100 * times / one.counted) <= 0.5
    asked = {one.question for one in found}
    counted = {q: sum(q in answer for answer in answers) for q in Question}
    assert all(counted[question] >= LEAST_ANSWERS for question in asked)


@given(
    answers=st.lists(ANSWERS, min_size=1, max_size=10),
    other=ANSWERS,
    place=st.integers(0, 9),
    state=st.sampled_from([RoundState.PLANNED, RoundState.OPEN, RoundState.LEFT_OUT]),
)
def test_while_a_round_asks_no_view_depends_on_what_anybody_said(
    answers: list[dict[Question, Choice]],
    other: dict[Question, Choice],
    place: int,
    state: RoundState,
) -> None:
    changed = list(answers)
    changed[place % len(changed)] = other
    assert tally(answers, state) == tally(changed, state) == tally(answers[:-1], state)


@given(answers=st.lists(ANSWERS, min_size=5, max_size=10), seed=st.randoms())
def test_the_order_of_coming_changes_nothing(
    answers: list[dict[Question, Choice]], seed: object
) -> None:
    mixed = list(answers)
    seed.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert tally(answers, RoundState.CLOSED) == tally(mixed, RoundState.CLOSED)


def test_half_way_lies_in_the_middle_and_the_last_round_a_year_after() -> None:
    assert usual_day(RoundKind.HALFWAY, FIRST, LAST, None) == date(2026, 11, 30)
    assert usual_day(RoundKind.FINAL, FIRST, LAST, None) == LAST
    assert usual_day(RoundKind.LATER, FIRST, LAST, None) == LAST + timedelta(days=365)
    assert usual_day(RoundKind.LATER, FIRST, LAST, TODAY) == TODAY + timedelta(days=365)
    assert usual_day(RoundKind.HALFWAY, None, LAST, None) is None


def test_the_final_round_waits_for_the_completion_even_when_its_day_has_come() -> None:
    def due(stage: Stage, day: date | None) -> bool:
        return is_due(RoundKind.FINAL, RoundState.PLANNED, stage, day, TODAY)

    assert not due(Stage.RUNNING, TODAY)
    assert due(Stage.COMPLETED, TODAY)
    assert due(Stage.COMPLETED, None)
    assert not due(Stage.COMPLETED, TODAY + timedelta(days=1))
    assert not due(Stage.STOPPED, TODAY)


def test_a_round_takes_answers_until_the_end_of_its_last_day() -> None:
    last = closes_after(TODAY)
    assert takes_answers(RoundState.OPEN, last, last)
    assert not takes_answers(RoundState.OPEN, last, last + timedelta(days=1))
    assert not takes_answers(RoundState.CLOSED, last, TODAY)
    assert last_day_allowed(TODAY, TODAY + timedelta(days=LONGEST_OPEN), TODAY)
    assert not last_day_allowed(TODAY, TODAY + timedelta(days=LONGEST_OPEN + 1), TODAY)
    assert not last_day_allowed(TODAY, TODAY - timedelta(days=1), TODAY)


def test_sides_read_each_other_when_all_have_answered_or_the_round_is_closed() -> None:
    assert not sides_are_shown(RoundState.OPEN, all_answered=False)
    assert sides_are_shown(RoundState.OPEN, all_answered=True)
    assert sides_are_shown(RoundState.CLOSED, all_answered=False)
    assert not may_change_statement([1, 2], shown=True)
    assert may_change_statement([1, 2], shown=False)
    assert may_change_statement([1], shown=True)


@pytest.mark.parametrize("state", [None, *RoundState])
def test_a_project_is_evaluated_after_its_final_round_is_closed(state: RoundState | None) -> None:
    assert bool(may_be_evaluated(state)) == (state is RoundState.CLOSED)


def test_what_is_overdue_is_named() -> None:
    def late(kind: RoundKind, state: RoundState, stage: Stage, **values: object) -> Late | None:
        facts: dict[str, object] = {
            "due_on": None, "opened_on": None, "last_planned": LAST, "all_answered": False,
            "has_account": False,
        }  # fmt: skip
        return lateness(RoundFacts(kind, state, stage, **{**facts, **values}), TODAY)  # type: ignore[arg-type]  # as written above

    long_ago = TODAY - timedelta(days=15)
    assert late(RoundKind.HALFWAY, RoundState.PLANNED, Stage.PLANNED, due_on=long_ago) is (
        Late.NOT_BEGUN
    )
    assert late(RoundKind.HALFWAY, RoundState.PLANNED, Stage.STOPPED, due_on=long_ago) is None
    assert late(RoundKind.FINAL, RoundState.PLANNED, Stage.RUNNING, last_planned=long_ago) is (
        Late.NOT_ENDED
    )
    assert late(RoundKind.FINAL, RoundState.PLANNED, Stage.RUNNING) is None
    assert late(RoundKind.FINAL, RoundState.OPEN, Stage.COMPLETED, opened_on=long_ago) is (
        Late.UNANSWERED
    )
    assert late(RoundKind.FINAL, RoundState.OPEN, Stage.COMPLETED, opened_on=TODAY) is None
    assert late(RoundKind.FINAL, RoundState.CLOSED, Stage.COMPLETED) is Late.NO_RESULT
    assert late(RoundKind.FINAL, RoundState.CLOSED, Stage.EVALUATED, has_account=True) is None


def test_an_answer_says_something_and_only_what_was_asked() -> None:
    assert not answer_allowed({}, "  ")
    assert answer_allowed({}, "路好走了")
    assert answer_allowed({Question.BETTER: Choice.WORSE}, "")
    assert not answer_allowed({Question.BETTER: Choice.MUCH}, "")


def test_outcomes_are_summed_by_unit_and_money_of_few_people_is_left_out() -> None:
    found = summed(
        [
            Carried(1, "a", 30_000, "台", 40, income_fen=500_000, income_period="year"),
            Carried(1, "b", 20_000, "台", 4, income_fen=90_000, income_period="year"),
            Carried(2, "c", 1_500, "吨", 10, saved_fen=1_000, saved_period="once"),
            Carried(2, "d", None, "", 3),
        ]
    )
    assert found.matches == 4
    assert found.by_unit == (("台", 50_000), ("吨", 1_500))
    assert found.people == 57
    assert found.income == (("year", 500_000),)
    assert found.saved == (("once", 1_000),)
    assert found.needs == frozenset({1, 2})
