"""The life of a cooperation intention, decided from values alone."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.projects.intentions.kinds import (
    OPEN_STATES,
    IntentionKind,
    IntentionState,
    Party,
    Step,
)
from exchange.projects.intentions.rules import (
    CATEGORIES,
    TRANSITIONS,
    category_for,
    follow_up_allowed,
    leads_to,
    may_declare,
    may_take,
)
from exchange.projects.kinds import ENDED_STAGES, LIVE_STAGES, Publication, Stage
from exchange.taxonomy.categories import taxonomy

TODAY = date(2026, 11, 22)
ENDED = frozenset(IntentionState) - {*OPEN_STATES, IntentionState.ACCEPTED}


def declared(**values: object) -> object:
    usual: dict[str, object] = {
        "inside": False, "publication": Publication.PUBLISHED, "stage": Stage.RUNNING,
        "held": False, "in_standing": True,
    }  # fmt: skip
    return may_declare(**{**usual, **values})  # type: ignore[arg-type]  # the cases give each its type


def test_every_step_stands_in_the_table() -> None:
    assert set(TRANSITIONS) == set(Step)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_nothing_leads_out_of_an_end(state: IntentionState) -> None:
    for step, party in product(Step, Party):
        decision = may_take(step, state, frozenset({party}))
        assert not decision
        assert decision.code in ("intention_not_yours", f"intention_is_{state.value}")


def test_the_declarer_never_answers_and_the_others_never_withdraw() -> None:
    for step in (Step.ACCEPT, Step.DECLINE, Step.ASK, Step.ATTACH):
        assert not may_take(step, IntentionState.DECLARED, frozenset({Party.DECLARER}))
    for step, party in product((Step.WITHDRAW, Step.CHANGE), (Party.PROJECT, Party.WORKER)):
        assert not may_take(step, IntentionState.DECLARED, frozenset({party}))


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(Step), st.sampled_from(Party), st.sampled_from(IntentionState))
    )
)
def test_any_walk_ends_where_the_table_says(
    steps: list[tuple[Step, Party, IntentionState]],
) -> None:
    state, accepted = IntentionState.DECLARED, False
    for step, party, wanted in steps:
        if may_take(step, state, frozenset({party})) and leads_to(step, state, wanted):
            assert state not in ENDED
            accepted = accepted or step is Step.ACCEPT
            state = wanted
    if state in (IntentionState.FULFILLED, IntentionState.FAILED):
        assert accepted


def test_who_may_declare() -> None:
    assert declared()
    assert not declared(inside=True)
    assert not declared(in_standing=False)
    assert not declared(held=True)
    assert not declared(publication=Publication.WITHDRAWN)
    assert all(declared(stage=stage) for stage in LIVE_STAGES)
    assert not any(declared(stage=stage) for stage in ENDED_STAGES)


def test_an_offer_keeps_the_needs_category_where_the_help_belongs_there() -> None:
    assert category_for(IntentionKind.TECHNOLOGY, "technology.crop") == "technology.crop"
    assert category_for(IntentionKind.TECHNOLOGY, "equipment.storage") == "technology"
    assert category_for(IntentionKind.INVESTMENT, "funds.grant") == "funds.investment"
    assert category_for(IntentionKind.OTHER, "services.legal") == "services.legal"
    assert category_for(IntentionKind.TECHNOLOGY, "technologyx") == "technology"


def test_every_category_of_the_table_is_one() -> None:
    known = taxonomy()
    for codes in CATEGORIES.values():
        assert all(code in known for code in codes)


def test_a_follow_up_lies_ahead() -> None:
    assert follow_up_allowed(TODAY, TODAY)
    assert not follow_up_allowed(TODAY - timedelta(days=1), TODAY)
    assert not follow_up_allowed(TODAY + timedelta(days=800), TODAY)
