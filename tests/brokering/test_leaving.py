"""A social worker's account closes: cases are handed over first, and no name is left on a match."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.closing.models import AccountClosing
from exchange.accounts.closing.obstacles import obstacles_of
from exchange.accounts.closing.service import ask_to_close, close_account, take_back_closing
from exchange.accounts.people_service import record_sign_in
from exchange.audit.models import AuditEntry
from exchange.brokering.centre.caseload_service import Receiver, assign_match
from exchange.brokering.handover.open_cases import open_cases_of
from exchange.brokering.kinds import MatchState
from exchange.brokering.life import claiming
from exchange.brokering.models import TimelineEntry
from exchange.kernel.act import Act, House
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.brokering.test_case_races import at_once
from tests.cast import Player
from tests.conftest import SettableClock


def codes(scene: Scene, who: Player) -> list[str]:
    scene.cast.session.rollback()
    return [one.code for one in obstacles_of(scene.cast.house, scene.cast.session, who.person_id)]


def test_cases_are_handed_over_first_and_the_name_goes(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    assert codes(scene, cast.broker) == ["closing_open_cases"]
    cast.sign_in(client, cast.broker)
    assert 'href="/me/handover"' in client.get("/me/close").text
    with pytest.raises(Conflict, match="closing_duties_open"), scene.act(cast.broker) as act:
        ask_to_close(act)
    with scene.act(cast.supervisor) as act:
        assign_match(act, public_id, Receiver(worker=other.person.public_id))
    with scene.act(cast.broker) as act:
        ask_to_close(act)
    clock.forward(days=7)
    with scene.open() as act:
        assert close_account(act, cast.broker.person_id)
    notes = cast.session.scalars(
        sa.select(TimelineEntry.note).where(TimelineEntry.code == "assigned")
    ).all()
    assert notes == ["** → 小吴"]
    cast.sign_in(client, other)
    page = client.get(f"/matches/{public_id}").text
    assert "已离开的人" in page
    assert "韦青" not in page


def test_a_case_that_comes_in_at_the_last_moment_stops_it(
    scene: Scene, clock: SettableClock
) -> None:
    cast = scene.cast
    with scene.act(cast.broker) as act:
        ask_to_close(act)
    scene.claimed()
    clock.forward(days=7)
    with scene.open() as act:
        assert not close_account(act, cast.broker.person_id)
    cast.session.rollback()
    assert cast.broker.person.closed_at is None
    assert cast.broker.actor.is_broker


def test_matches_in_which_both_have_met_come_to_an_end_first(
    scene: Scene, clock: SettableClock
) -> None:
    """The enterprise has nobody else: what was only proposed ends by itself, more does not."""
    cast, public_id = scene.cast, scene.proposed()
    assert codes(scene, cast.enterprise) == []
    with scene.act(cast.enterprise) as act:
        ask_to_close(act)
    clock.forward(days=7, hours=1)
    with scene.open() as act:
        assert close_account(act, cast.enterprise.person_id)
    assert scene.match(public_id).state not in (MatchState.PROPOSED, MatchState.INTRODUCED)


def test_whoever_has_met_cannot_just_go(scene: Scene) -> None:
    scene.introduced()
    assert codes(scene, scene.cast.enterprise) == ["closing_live_matches"]


@pytest.mark.parametrize("_round", range(3))
def test_a_case_is_taken_up_while_the_account_closes(
    scene: Scene, house: House, engine: sa.Engine, clock: SettableClock, _round: int
) -> None:
    cast, session = scene.cast, scene.cast.session
    with scene.act(cast.broker) as act:
        ask_to_close(act)
    clock.forward(days=7)
    who, actor = cast.broker.person_id, cast.broker.actor
    session.rollback()
    pair = scene.need_id, scene.offer_id
    closed, claimed = at_once(
        house, engine,
        (SYSTEM, lambda act: close_account(act, who)),
        (actor, lambda act: claiming.claim(act, *pair)),
    )  # fmt: skip
    session.rollback()
    cases = open_cases_of(session, who, clock.now())
    if cast.broker.person.closed_at is None:
        assert claimed == ""
        assert len(cases) == 1
        assert closed in ("", "duty_open_cases")
    else:
        assert claimed
        assert cases == []


def test_two_workers_of_the_site_close_it_once(
    scene: Scene, house: House, engine: sa.Engine, clock: SettableClock
) -> None:
    cast, who = scene.cast, scene.cast.stranger
    with scene.act(who) as act:
        ask_to_close(act)
    clock.forward(days=7)
    person_id = who.person_id
    cast.session.rollback()
    found = at_once(house, engine, *((SYSTEM, lambda act: close_account(act, person_id)),) * 2)
    assert found == ["", ""]
    cast.session.rollback()
    entries = sa.select(sa.func.count()).where(AuditEntry.event == "AccountClosed")
    assert cast.session.scalar(entries) == 1


@pytest.mark.parametrize("_round", range(3))
def test_signing_in_and_closing_at_once(
    scene: Scene, house: House, engine: sa.Engine, clock: SettableClock, _round: int
) -> None:
    cast, who = scene.cast, scene.cast.stranger
    with scene.act(who) as act:
        ask_to_close(act)
    clock.forward(days=7)
    person_id = who.person_id
    cast.session.rollback()

    def enter(act: Act) -> None:
        take_back_closing(act, person_id)
        record_sign_in(act, person_id)

    at_once(
        house, engine, (SYSTEM, lambda act: close_account(act, person_id)), (SYSTEM, enter)
    )
    cast.session.rollback()
    person = who.person
    stays = person.closed_at is None
    assert (person.password_hash is not None) == stays
    assert (person.last_sign_in_at is not None) == stays
    assert cast.session.get(AccountClosing, person_id) is None
