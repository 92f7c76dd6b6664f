"""Where a case stands on the day, from values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from exchange.brokering.centre.escalation_rules import Patience
from exchange.brokering.desk.aside_rules import Until, day_of
from exchange.brokering.desk.rules import Case, Group, Place, Wait, in_order, place
from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState
from exchange.brokering.rules import Party

NOW = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)
PATIENCE = Patience(claimed=3, answer=3, due=14)
SILENT = {Party.NEED: Answer.PENDING, Party.OFFER: Answer.PENDING}
ONE = SILENT | {Party.NEED: Answer.ACCEPTED}
BOTH = {Party.NEED: Answer.ACCEPTED, Party.OFFER: Answer.ACCEPTED}


def case(state: MatchState, answers: dict[Party, Answer] = BOTH, **values: object) -> Case:
    made = Case(match_id=1, state=state, answers=answers, touched=NOW - timedelta(hours=2))
    return replace(made, **values)  # type: ignore[arg-type]  # each test names its own


def placed(one: Case) -> tuple[Group, Wait] | None:
    found = place(one, NOW, TODAY, PATIENCE)
    return (found.group, found.wait) if found else None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (case(MatchState.CLAIMED, SILENT), (Group.TO_ASK, Wait.CLAIMED)),
        (case(MatchState.PROPOSED, SILENT), None),
        (case(MatchState.PROPOSED, ONE), (Group.ANSWERS, Wait.ONE_YES)),
        (
            case(MatchState.PROPOSED, SILENT, remind_at=NOW - timedelta(minutes=1)),
            (Group.CALLS, Wait.SILENT),
        ),
        (case(MatchState.PROPOSED, SILENT, remind_at=NOW + timedelta(minutes=1)), None),
        (
            case(MatchState.PROPOSED, ONE, unreachable=frozenset({Party.OFFER})),
            (Group.CALLS, Wait.NO_ACCOUNT),
        ),
        (  # who has answered need not be called
            case(MatchState.PROPOSED, ONE, unreachable=frozenset({Party.NEED})),
            (Group.ANSWERS, Wait.ONE_YES),
        ),
        (case(MatchState.INTRODUCED), (Group.ANSWERS, Wait.BOTH_YES)),
        (case(MatchState.DECLINED), (Group.ANSWERS, Wait.DECLINED)),
        (case(MatchState.LAPSED), (Group.ANSWERS, Wait.LAPSED)),
        (case(MatchState.AGREED, due_on=TODAY + timedelta(days=4)), None),
        (case(MatchState.AGREED, due_on=TODAY + timedelta(days=3)), (Group.PROMISES, Wait.DUE)),
        (
            case(MatchState.DELIVERING, due_on=TODAY, question="disputed"),
            (Group.QUESTIONS, Wait.DISPUTED),
        ),
        (case(MatchState.DELIVERING, all_came=True), (Group.TO_FINISH, Wait.OUTCOME)),
        (case(MatchState.DELIVERING, all_came=True, has_outcome=True), None),
        (case(MatchState.COMPLETED), (Group.TO_FINISH, Wait.JUDGEMENT)),
        (case(MatchState.COMPLETED, follow_up_on=TODAY), (Group.FOLLOW_UPS, Wait.FOLLOW_UP)),
        (case(MatchState.EVALUATED, follow_up_on=TODAY), (Group.FOLLOW_UPS, Wait.FOLLOW_UP)),
        (case(MatchState.EVALUATED), None),
    ],
)
def test_case_stands_where_it_waits(one: Case, expected: tuple[Group, Wait] | None) -> None:
    assert placed(one) == expected


@pytest.mark.parametrize(
    ("state", "answers", "wait"),
    [
        (MatchState.CLAIMED, SILENT, Wait.CLAIMED),
        (MatchState.PROPOSED, ONE, Wait.ONE_YES),
        (MatchState.INTRODUCED, BOTH, Wait.BOTH_YES),
    ],
)
def test_what_rests_longer_than_the_centre_allows_is_stalled(
    state: MatchState, answers: dict[Party, Answer], wait: Wait
) -> None:
    at_rest = case(state, answers, touched=NOW - timedelta(days=3))
    found = place(at_rest, NOW, TODAY, PATIENCE)
    assert found is not None
    assert (found.group, found.wait, found.days) == (Group.STALLED, wait, 3)
    fresh = replace(at_rest, touched=NOW - timedelta(days=3) + timedelta(seconds=1))
    assert placed(fresh) != (Group.STALLED, wait)


@pytest.mark.parametrize("state", LIVE_STATES)
def test_no_live_case_is_ever_lost(state: MatchState) -> None:
    """After the longest patience it stands somewhere, whatever it waits for."""
    for answers in (SILENT, ONE, BOTH):
        for outcome in (True, False):
            old = case(state, answers, touched=NOW - timedelta(days=14), has_outcome=outcome)
            assert placed(old) is not None


def test_a_call_and_a_promise_press_more_than_rest() -> None:
    long_ago = NOW - timedelta(days=90)
    call = case(MatchState.PROPOSED, ONE, touched=long_ago, remind_at=long_ago)
    promise = case(MatchState.AGREED, touched=long_ago, due_on=date(2026, 9, 1))
    assert placed(call) == (Group.CALLS, Wait.SILENT)
    assert placed(promise) == (Group.PROMISES, Wait.DUE)


def test_only_the_silent_are_called() -> None:
    found = place(
        case(MatchState.PROPOSED, ONE, remind_at=NOW, lapses_on=date(2026, 11, 30)),
        NOW, TODAY, PATIENCE,
    )  # fmt: skip
    assert found is not None
    assert (found.sides, found.due_on) == ((Party.OFFER,), date(2026, 11, 30))


def test_order_is_by_day_then_by_waiting() -> None:
    def at(match_id: int, due: date | None, hours: int) -> Place:
        since = NOW - timedelta(hours=hours)
        return Place(match_id, Group.PROMISES, Wait.DUE, since, due)

    rows = [at(1, None, 9), at(2, TODAY, 1), at(3, TODAY, 5), at(4, date(2026, 11, 1), 0)]
    assert [one.match_id for one in in_order(rows)] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("day", "until", "back"),
    [
        (TODAY, Until.TOMORROW, date(2026, 11, 28)),
        (TODAY, Until.NEXT_WEEK, date(2026, 11, 30)),
        (date(2026, 11, 30), Until.NEXT_WEEK, date(2026, 12, 7)),
        (date(2026, 11, 29), Until.NEXT_WEEK, date(2026, 11, 30)),
        (TODAY, Until.MONTH, date(2026, 12, 27)),
    ],
)
def test_a_pair_comes_back_on_a_day_ahead(day: date, until: Until, back: date) -> None:
    assert day_of(until, day) == back
