"""Moderation from values: what comes first, what is hidden by itself, who may do what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from exchange.kernel.actor import Actor
from exchange.moderation.kinds import CaseState, Reason, StepKind, TargetKind, Verdict
from exchange.moderation.labels import REASONS, STEPS, VERDICTS
from exchange.moderation.rules import (
    APPEAL_WITHIN,
    DUE,
    HOLD_AT,
    PRIORITIES,
    URGENT,
    CaseFacts,
    holds_by_itself,
    may_appeal,
    may_decide_appeal,
    may_handle,
    priority_of,
    verdicts_for,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASE = CaseFacts(
    TargetKind.LISTING, CaseState.OPEN, "520422102", organisation_id=5, about_person_id=9,
    at_centre=False, unserved=False,
)  # fmt: skip
STATION = Actor(person_id=1, serves=("520422",))
CENTRE = Actor(person_id=2, serves=("5204",), supervises=("5204",))
ELSEWHERE = Actor(person_id=3, serves=("5205",), supervises=("5205",))


def test_children_and_private_data_come_first() -> None:
    assert {reason for reason in Reason if priority_of([reason]) == URGENT} == {
        Reason.CHILD, Reason.PRIVATE,
    }  # fmt: skip
    assert priority_of([Reason.OTHER, Reason.CHILD]) == URGENT
    assert set(PRIORITIES) == set(Reason)
    assert set(DUE) == set(PRIORITIES.values())


def test_every_word_is_there() -> None:
    assert set(REASONS) == set(Reason)
    assert set(VERDICTS) == set(Verdict)
    assert set(STEPS) == set(StepKind)


@pytest.mark.parametrize(
    ("reports", "held"),
    [
        ([(Reason.CHILD, person) for person in range(HOLD_AT)], True),
        ([(Reason.CHILD, 1), (Reason.PRIVATE, 2), (Reason.PRIVATE, None)], True),
        ([(Reason.CHILD, 1)] * 5, False),
        ([(Reason.CHILD, None)] * 50, False),
        ([(Reason.FRAUD, person) for person in range(50)], False),
        ([(Reason.CHILD, 1), (Reason.CHILD, 2), (Reason.WRONG, 3)], False),
    ],
)
def test_three_different_people_hide(
    reports: list[tuple[Reason, int | None]], held: bool
) -> None:
    assert holds_by_itself(reports) is held


@pytest.mark.parametrize(
    ("actor", "case", "may"),
    [
        (STATION, CASE, True),
        (CENTRE, CASE, True),
        (ELSEWHERE, CASE, False),
        (Actor(), CASE, False),
        (replace(STATION, organisation_ids=frozenset({5})), CASE, False),
        (replace(CENTRE, person_id=9), CASE, False),
        (STATION, replace(CASE, at_centre=True), False),
        (CENTRE, replace(CASE, at_centre=True), True),
        (ELSEWHERE, replace(CASE, unserved=True), True),
        (replace(ELSEWHERE, supervises=()), replace(CASE, unserved=True), False),
    ],
)
def test_who_looks_after_a_case(actor: Actor, case: CaseFacts, may: bool) -> None:
    assert may_handle(actor, case) is may


def test_only_the_centre_suspends_and_only_the_station_passes_on() -> None:
    station, centre = verdicts_for(STATION, CASE), verdicts_for(CENTRE, CASE)
    assert Verdict.SUSPEND not in station
    assert Verdict.REFER in station
    assert Verdict.SUSPEND in centre
    assert Verdict.REFER not in centre
    assert Verdict.SUSPEND not in verdicts_for(CENTRE, replace(CASE, is_suspended=True))
    assert Verdict.SUSPEND not in verdicts_for(CENTRE, replace(CASE, organisation_id=None))
    assert Verdict.HOLD not in verdicts_for(STATION, replace(CASE, is_held=True))
    assert verdicts_for(STATION, replace(CASE, state=CaseState.CLOSED)) == ()
    assert verdicts_for(ELSEWHERE, CASE) == ()
    person = verdicts_for(CENTRE, replace(CASE, kind=TargetKind.PERSON))
    assert not {Verdict.HOLD, Verdict.TAKE_DOWN} & set(person)


@pytest.mark.parametrize(
    ("verdict", "days", "appealed", "in_force", "code"),
    [
        (Verdict.TAKE_DOWN, 0, False, True, "allowed"),
        (Verdict.HOLD, 30, False, True, "allowed"),
        (Verdict.SUSPEND, 31, False, True, "appeal_too_late"),
        (Verdict.SUSPEND, 0, True, True, "appealed_already"),
        (Verdict.SUSPEND, 0, False, False, "nothing_to_appeal"),
        (Verdict.MEND, 0, False, True, "nothing_to_appeal"),
        (None, 0, False, True, "nothing_to_appeal"),
    ],
)
def test_an_appeal_is_possible_once_within_thirty_days(
    verdict: Verdict | None, days: int, appealed: bool, in_force: bool, code: str
) -> None:
    decided = NOW - timedelta(days=days)
    found = may_appeal(verdict, decided, NOW, appealed=appealed, in_force=in_force)
    assert found.code == code
    assert APPEAL_WITHIN.days == 30


def test_an_appeal_is_decided_by_another_supervisor() -> None:
    assert may_decide_appeal(CENTRE, CASE, decided_by_id=1)
    assert may_decide_appeal(CENTRE, CASE, decided_by_id=2).code == "appeal_by_another"
    assert may_decide_appeal(STATION, CASE, decided_by_id=2).code == "appeals_by_centre"
    assert not may_decide_appeal(ELSEWHERE, CASE, decided_by_id=1)
