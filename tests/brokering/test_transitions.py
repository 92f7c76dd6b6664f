"""Every state, every step, every role: what the table allows happens, everything else is refused.

The walk is made from the table itself, through the services and a real database; a part of it
goes through the doors of the pages, too.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.orm import Session

from exchange.accounts.models import Assignment
from exchange.audit.noticing import notebook_of
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import LIVE_STATES, MatchState, Step
from exchange.brokering.life.transition_doc import table_text
from exchange.brokering.life.transition_rules import (
    BEGINNINGS,
    BROKERS,
    TRANSITIONS,
    Told,
    may_take,
)
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.rules import CONSENT_MISSING, Party
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.kernel.errors import Conflict, ExchangeError, Forbidden, Invalid, NotFound
from exchange.notifications.models import Notice
from exchange.web.sentences import SENTENCES
from tests.brokering.conftest import Scene
from tests.brokering.life_table import (
    DRIVERS,
    ROLES,
    Turn,
    actor_of,
    moment_of,
    prepare,
    reach,
)
from tests.cast import Player
from tests.conftest import FIGURES, SEED_VARIABLE, SettableClock

DOC = Path(__file__).parents[2] / "docs" / "brokering.md"
OF_THE_PLACE = frozenset({"broker", "supervisor", "onlooker", "proxy"})


class _Undone(Exception):
    """Ends an act so that nothing of it stays."""


def test_every_step_has_a_row_and_somebody_who_takes_it() -> None:
    assert set(DRIVERS) == set(TRANSITIONS) == set(Step)
    assert {party for parties in ROLES.values() for party in parties} == set(Party)


def test_the_documents_print_the_table() -> None:
    text = DOC.read_text(encoding="utf-8")
    begin, end = "<!-- table -->\n", "<!-- end of table -->"
    assert text.partition(begin)[2].partition(end)[0] == table_text()


def test_every_state_is_reached_and_only_ends_lead_nowhere() -> None:
    reached = {state for row in TRANSITIONS.values() for state in row.to}
    assert reached == set(MatchState)
    left = {state for row in TRANSITIONS.values() for state in row.states if row.to}
    finals = {
        MatchState.EVALUATED, MatchState.LAPSED, MatchState.WITHDRAWN, MatchState.FAILED,
    }  # fmt: skip
    assert set(MatchState) - left == finals


def test_what_undoes_a_step_starts_where_that_step_leads() -> None:
    for step, row in TRANSITIONS.items():
        ends = set(row.to) or set(row.states)
        for back in row.undo:
            start = TRANSITIONS[back]
            if back in BEGINNINGS:
                assert not ends & set(LIVE_STATES), (step, back)
            else:
                assert ends & set(start.states), (step, back)


@pytest.mark.slow
@pytest.mark.parametrize("state", list(MatchState))
def test_the_table_decides_in_every_state_for_every_role(
    app: Flask, scene: Scene, clock: SettableClock, state: MatchState,
    record_property: object,
) -> None:  # fmt: skip
    scene.onlooker = _onlooker(scene)
    public_id, commitment = reach(scene, state)
    begun, tried = clock.moment, 0
    for step in Step:
        for role in ROLES:
            if _has_no_door(step, role):
                assert not may_take(step, state, ROLES[role])
                continue
            turn = Turn(scene, public_id, commitment, step, role)
            clock.set(moment_of(step, scene.match(public_id), begun))
            with app.test_request_context(), _undone(scene, turn) as act:
                _take(act, turn, state)
            clock.set(begun)
            tried += 1
    assert tried > 100
    assert scene.match(public_id).state is state
    record_property(FIGURES, f"{state}: {tried} tries")  # type: ignore[operator]  # a fixture


def _has_no_door(step: Step, role: str) -> bool:
    """Only the clock ends matches with their listings; a proxy only answers and confirms."""
    if step is Step.END:
        return role != "system"
    return role == "proxy" and Party.PROXY not in TRANSITIONS[step].parties


@contextmanager
def _undone(scene: Scene, turn: Turn) -> Iterator[Act]:
    with suppress(_Undone), scene.act(actor_of(scene, turn.role)) as act:
        prepare(act, turn)
        yield act
        raise _Undone


def _take(act: Act, turn: Turn, state: MatchState) -> None:
    before = _traces(act.session)
    highest = act.session.scalar(sa.select(sa.func.max(Notice.id))) or 0
    what = (turn.step.value, state.value, turn.role)
    try:
        DRIVERS[turn.step](act, turn)
    except ExchangeError as error:
        _check_refusal(error, what)
        assert not _allowed(turn, state), what
        return
    act.session.flush()
    if turn.step is Step.END and state not in TRANSITIONS[Step.END].states:
        assert turn.match(act).state is state, what
        return
    assert _allowed(turn, state), what
    after = _traces(act.session)
    assert after["timeline"] > before["timeline"], what
    assert after["audit"] > before["audit"], what
    match = act.session.scalars(sa.select(Match).order_by(Match.id.desc()).limit(1)).one()
    assert match.state in (TRANSITIONS[turn.step].to or (state,)), what
    told = set(act.session.scalars(sa.select(Notice.person_id).where(Notice.id > highest)))
    assert told == _hearers(turn, match), what


def _allowed(turn: Turn, state: MatchState) -> bool:
    row = TRANSITIONS[turn.step]
    if turn.step in BEGINNINGS:
        once = turn.step is Step.DISMISS and state is MatchState.DISMISSED
        return turn.role in OF_THE_PLACE and state not in LIVE_STATES and not once
    return state in row.states and bool(row.parties & ROLES[turn.role])


def _check_refusal(error: ExchangeError, what: object) -> None:
    """A named refusal, said in both languages; a proxy without consent is asked for it by field."""
    if isinstance(error, Invalid):
        assert error.fields["consent"] == [CONSENT_MISSING], (what, error.fields)
        code = CONSENT_MISSING
    else:
        assert isinstance(error, Conflict | Forbidden | NotFound), (what, error)
        code = error.code
    said = set()
    for language in ("zh", "en"):
        with force_locale(language):
            said.add(str(SENTENCES[code]))
    assert len(said) == 2, (what, code)


def _hearers(turn: Turn, match: Match) -> set[int]:
    cast = turn.scene.cast
    tells = set(TRANSITIONS[turn.step].tells)
    if Told.OWN_SIDE in tells:
        tells.discard(Told.OWN_SIDE)
        if turn.role in ("proxy", "system"):
            tells.add(Told.NEED)
    if match.proposed_at is None:
        tells &= {Told.BROKER}
    people = {
        Told.BROKER: cast.broker, Told.NEED: cast.officer, Told.OFFER: cast.enterprise,
    }  # fmt: skip
    told = {people[one].person_id for one in tells}
    return told - {actor_of(turn.scene, turn.role).person_id}


def _traces(session: Session) -> dict[str, int]:
    """Lines of timelines, and what the audit will write when the act commits."""
    session.flush()
    noted = notebook_of(session)
    return {
        "timeline": session.scalar(sa.select(sa.func.count()).select_from(TimelineEntry)) or 0,
        "audit": len(noted.events) if noted else 0,
    }


def _onlooker(scene: Scene) -> Player:
    """Another broker of the same station."""
    cast = scene.cast
    who = cast.make_player("龙青", "520422")
    point_id = cast.broker.actor.service_point_id
    cast.session.add(
        Assignment(
            person_id=who.person_id, service_point_id=point_id, duty=Duty.BROKER,
            created_at=cast.now,
        )
    )  # fmt: skip
    cast.session.commit()
    return who


# What each door of the pages is sent; the doors of the other steps are elsewhere or the clock's.
BODIES: dict[Step, tuple[str, dict[str, str]]] = {
    Step.RESTORE: ("restore", {}),
    Step.RELEASE: ("release", {"reason": "no_time"}),
    Step.PROPOSE: ("propose", {"message": "请看看合不合适"}),
    Step.ANSWER: ("answer", {"accept": "yes"}),
    Step.TAKE_BACK: ("take-back", {}),
    Step.COMMIT: ("commit", {"taken": "5", "covers": "5"}),
    Step.RECORD_OUTCOME: ("outcome", {"text": "办好了", "people": "3"}),
    Step.EVALUATE: ("evaluate", {"text": "愿意再合作"}),
    Step.WITHDRAW: ("withdraw", {"reason": "other"}),
    Step.FAIL: ("fail", {"reason": "other", "note": "没办成"}),
}
PLAYERS = {
    "broker": "broker", "supervisor": "supervisor", "need": "officer", "offer": "enterprise",
    "stranger": "stranger",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("state", list(MatchState))
def test_the_doors_hold_to_the_table(
    scene: Scene, client: FlaskClient, state: MatchState
) -> None:
    """A drawn sample of refusals, which change nothing; then one step that is allowed."""
    public_id, _ = reach(scene, state)
    choice = random.Random(f"{os.environ[SEED_VARIABLE]} {state}")
    turns = [(step, role) for step in BODIES for role in PLAYERS if step is not Step.TAKE_BACK]
    allowed = [turn for turn in turns if _opens(*turn, state)]
    refused = [turn for turn in turns if turn not in allowed]
    for step, role in choice.sample(refused, 8):
        status = _send(scene, client, public_id, step, role)
        assert status in (403, 404, 409, 422), (step, role, status)
        assert scene.match(public_id).state is state, (step, role)
    if allowed:
        step, role = choice.choice(allowed)
        assert _send(scene, client, public_id, step, role) == 302, (step, role)
        assert scene.match(public_id).state in (TRANSITIONS[step].to or (state,))


def test_a_further_amount_leaves_the_state_as_it_is(scene: Scene) -> None:
    public_id, _ = reach(scene, MatchState.DELIVERING)
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 5_000, 5_000)
    assert scene.match(public_id).state is MatchState.DELIVERING
    assert MatchState.DELIVERING in TRANSITIONS[Step.COMMIT].to


def _opens(step: Step, role: str, state: MatchState) -> bool:
    return state in TRANSITIONS[step].states and bool(TRANSITIONS[step].parties & ROLES[role])


def _send(scene: Scene, client: FlaskClient, public_id: str, step: Step, role: str) -> int:
    scene.cast.sign_in(client, getattr(scene.cast, PLAYERS[role]))
    path, body = BODIES[step]
    side = "offer" if role == "offer" else "need"
    return client.post(f"/matches/{public_id}/{path}", data={"side": side, **body}).status_code


def test_brokers_are_those_of_the_match_and_of_its_place() -> None:
    assert {Party.BROKER, Party.SUPERVISOR} == BROKERS
