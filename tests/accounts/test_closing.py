"""Closing an account: what must be settled first, the week of grace, and what is left."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.closing.jobs import closings_job
from exchange.accounts.closing.models import AccountClosing
from exchange.accounts.closing.obstacles import obstacles_of
from exchange.accounts.closing.service import (
    ask_to_close,
    ask_to_close_for,
    close_account,
    take_back_closing,
)
from exchange.accounts.models import Assignment, Membership, Organisation, Person
from exchange.accounts.people_service import NewPerson, create_person, record_sign_in
from exchange.accounts.queries import organisation_label
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.tokens.service import create_token
from exchange.alerts.kinds import Rhythm
from exchange.alerts.models import SavedSearch
from exchange.alerts.service import save_search
from exchange.audit.models import PersonDataKey
from exchange.discovery.rules import Asked
from exchange.jobs.runner import JobRun, run_pending
from exchange.kernel.act import Act, House
from exchange.kernel.actor import VISITOR, Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing
from exchange.notifications.models import Delivery, Notice
from exchange.notifications.wechat.models import WechatBinding
from exchange.notifications.wechat.service import bind_wechat
from tests.cast import PASSWORD, PASSWORD_HASH, Cast, Player
from tests.conftest import SettableClock
from tests.dying import Killed
from tests.dying import statements as statements  # noqa: PLC0414 - a fixture
from tests.factories import make_listing

OpenAct = Callable[..., AbstractContextManager[Act]]
LEFT_ZH, LEFT_EN = "已离开的人", "Somebody who has left"


def own_listing(cast: Cast, who: Player, **values: object) -> int:
    """A post that a person made for nobody but themself."""
    return make_listing(cast.house, who, Side.OFFER, title="旧书一批", **values).id


def run_closings(app: Flask) -> None:
    run: JobRun = app.extensions["exchange.jobs"]
    with app.app_context():
        closings_job.handler(run, [{}])
        run_pending(run)


def codes_of(cast: Cast, who: Player) -> list[str]:
    cast.session.rollback()
    found = cast.session.scalars(
        sa.select(Notice.code).where(Notice.person_id == who.person_id).order_by(Notice.id)
    )
    return list(found)


@pytest.fixture
def leaver(cast: Cast, act_as: OpenAct) -> Player:
    """Somebody with everything that a person of their own can have."""
    who = cast.make_player("何路", "520502")
    own_listing(cast, who)
    own_listing(cast, who, state=State.FULFILLED)
    with act_as(who.actor) as act:
        save_search(act, Asked(q="书"), "书", Rhythm.DAILY, ())
        bind_wechat(act, who.person_id, "openid-1")
    return who


def closed(cast: Cast, clock: SettableClock, act_as: OpenAct, who: Player) -> None:
    with act_as(who.actor) as act:
        ask_to_close(act)
    clock.forward(days=7)
    with act_as() as act:
        assert close_account(act, who.person_id)
    cast.session.rollback()


def test_by_the_page_and_back_by_signing_in(
    cast: Cast, client: FlaskClient, clock: SettableClock, app: Flask
) -> None:
    who = cast.stranger
    cast.sign_in(client, who)
    assert "注销我的账号" in client.get("/me").text
    page = client.get("/me/close")
    assert "微信绑定" in page.text
    wrong = client.post("/me/close", data={"password": "not this one"})
    assert (wrong.status_code, "密码不对" in wrong.text) == (422, True)
    asked = client.post("/me/close", data={"password": PASSWORD})
    assert (asked.status_code, asked.location) == (302, "/")
    assert client.get("/me/profile").status_code == 302  # signed out
    assert codes_of(cast, who) == ["closing_asked"]
    clock.forward(days=6)
    run_closings(app)
    client.post("/sign-in", data={"address": who.phone, "password": PASSWORD})
    assert "账号保留" in client.get("/me").text
    clock.forward(days=2)
    run_closings(app)
    cast.session.rollback()
    assert who.person.closed_at is None
    assert who.person.name == "何路"


def test_what_is_deleted_and_what_stays(
    cast: Cast, app: Flask, clock: SettableClock, act_as: OpenAct, leaver: Player,
    client: FlaskClient,
) -> None:  # fmt: skip
    session, who = cast.session, leaver
    with act_as() as act:
        secret = create_token(
            act, who.person_id, who.organisation_id, "x", may_write=True, days=30
        ).secret
    with act_as(who.actor) as act:
        ask_to_close(act)
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 401
    clock.forward(days=7)
    run_closings(app)
    run_closings(app)
    session.rollback()
    person = who.person
    assert person.closed_at is not None
    assert person.name in (LEFT_ZH, LEFT_EN)
    assert session.execute(
        sa.text("SELECT name, phone_sealed, phone_hash, email_sealed, password_hash FROM person"
                " WHERE id = :id"), {"id": who.person_id}
    ).one() == ("", None, None, None, None)  # fmt: skip
    assert load_actor(session, who.person_id) == VISITOR
    for table, owner in (
        (WechatBinding, WechatBinding.person_id), (Notice, Notice.person_id),
        (SavedSearch, SavedSearch.person_id), (AccountClosing, AccountClosing.person_id),
    ):  # fmt: skip
        assert session.scalar(
            sa.select(sa.func.count()).select_from(table).where(owner == who.person_id)
        ) == 0, table
    listings = session.scalars(sa.select(Listing).order_by(Listing.id)).all()
    assert [(one.state, one.text) for one in listings] == [
        (State.WITHDRAWN, ""), (State.FULFILLED, "")
    ]  # fmt: skip
    assert organisation_label(who.organisation, "zh") in (LEFT_ZH, LEFT_EN)
    assert len(who.organisation.division_code) <= 6
    assert session.scalar(
        sa.select(PersonDataKey.sealed_key).where(PersonDataKey.person_id == who.person_id)
    ) is None
    assert session.scalar(
        sa.select(PersonDataKey.destroyed_at).where(PersonDataKey.person_id == who.person_id)
    )
    assert session.scalar(sa.select(sa.func.count(Delivery.id))) == 0


def test_nobody_signs_in_and_the_address_is_free_again(
    cast: Cast, clock: SettableClock, act_as: OpenAct, client: FlaskClient
) -> None:
    who = cast.stranger
    phone, home = who.phone, who.organisation.division_code
    closed(cast, clock, act_as, who)
    form = {"address": phone, "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 422
    with act_as() as act:
        new = NewPerson(Address(AddressKind.PHONE, phone), "何路", PASSWORD_HASH, home)
        assert create_person(act, new).id != who.person_id


def test_the_only_manager_names_another_first(
    cast: Cast, client: FlaskClient, act_as: OpenAct, session: Session
) -> None:
    who = cast.officer
    other = cast.make_player("韦二", "520422", who.organisation)
    cast.sign_in(client, who)
    page = client.get("/me/close").text
    assert f"/organisations/{who.organisation.public_id}/members" in page
    assert 'name="password"' not in page
    asked = client.post("/me/close", data={"password": PASSWORD})
    assert (asked.status_code, "先要办好 1 件事" in asked.text) == (422, True)
    with pytest.raises(Conflict, match="closing_duties_open"), act_as(who.actor) as act:
        ask_to_close(act)
    cast._write()
    membership = session.scalars(
        sa.select(Membership).where(
            Membership.person_id == other.person_id,
            Membership.organisation_id == who.organisation_id,
        )
    ).one()
    membership.role = Role.MANAGER
    session.commit()
    with act_as(who.actor) as act:
        ask_to_close(act)


def test_whoever_is_alone_in_an_organisation_takes_it_along(
    cast: Cast, clock: SettableClock, act_as: OpenAct, session: Session
) -> None:
    who = cast.enterprise
    offer = make_listing(cast.house, who, Side.OFFER)
    closed(cast, clock, act_as, who)
    assert session.get_one(Listing, offer.id).state is State.WITHDRAWN
    assert session.get_one(Listing, offer.id).text
    firm = session.get_one(Organisation, who.organisation_id)
    assert (firm.name_zh, firm.is_verified) == ("黔山冷链有限公司", False)


def test_the_only_supervisor_and_stand_ins_stay(
    cast: Cast, house: House, session: Session
) -> None:
    boss = cast.supervisor
    assert [one.code for one in obstacles_of(house, session, boss.person_id)] == [
        "closing_last_supervisor"
    ]
    operator = cast.operator
    assert [one.code for one in obstacles_of(house, session, operator.person_id)] == [
        "closing_last_operator"
    ]


def test_a_worker_without_cases_may_go(
    cast: Cast, clock: SettableClock, act_as: OpenAct, session: Session
) -> None:
    who = cast.broker
    closed(cast, clock, act_as, who)
    duties = session.scalars(
        sa.select(Assignment).where(Assignment.person_id == who.person_id)
    ).all()
    assert [one.ended_at is not None for one in duties] == [True]


def test_a_supervisor_does_it_on_written_request(
    cast: Cast, act_as: OpenAct, client: FlaskClient, clock: SettableClock, app: Flask
) -> None:
    who, boss = cast.make_player("罗大娘", "520422102243"), cast.supervisor
    cast.sign_in(client, boss)
    form = {"address": who.phone, "name": "罗大娘", "reason": "11 月 20 日书面申请，存档第 7 号"}
    for wrong, status in (({"name": "罗二娘"}, 422), ({"reason": " "}, 422), ({}, 302)):
        assert client.post("/people/close", data=form | wrong).status_code == status
    assert codes_of(cast, who) == ["closing_asked"]
    address = Address(AddressKind.PHONE, who.phone)
    with pytest.raises(Forbidden), act_as(cast.broker.actor) as act:
        ask_to_close_for(act, address, "罗大娘", "x")
    elsewhere = cast.stranger
    far = Address(AddressKind.PHONE, elsewhere.phone)
    with pytest.raises(Invalid, match="person_not_found"), act_as(boss.actor) as act:
        ask_to_close_for(act, far, elsewhere.person.name, "x")
    own = Address(AddressKind.PHONE, boss.phone)
    with pytest.raises(Invalid), act_as(boss.actor) as act:
        ask_to_close_for(act, own, boss.person.name, "x")
    clock.forward(days=8)
    run_closings(app)
    cast.session.rollback()
    assert who.person.closed_at is not None


def test_a_duty_that_came_up_meanwhile_keeps_the_account(
    cast: Cast, act_as: OpenAct, clock: SettableClock, app: Flask
) -> None:
    who = cast.stranger
    with act_as(who.actor) as act:
        ask_to_close(act)
    firm = cast.make_organisation("company", "新公司", "520502")  # type: ignore[arg-type]  # its value
    cast.make_player("同事", "520502", firm)
    cast._write()
    cast.session.add(
        Membership(
            person_id=who.person_id, organisation_id=firm.id, role=Role.MANAGER, state="active",  # type: ignore[arg-type]  # its value
            created_at=cast.now,
        )
    )  # fmt: skip
    cast.session.commit()
    clock.forward(days=8)
    run_closings(app)
    cast.session.rollback()
    assert who.person.closed_at is None
    assert codes_of(cast, who) == ["closing_asked", "closing_stopped"]


def test_signing_in_after_the_day_is_too_late(
    cast: Cast, act_as: OpenAct, clock: SettableClock
) -> None:
    who = cast.stranger
    closed(cast, clock, act_as, who)
    with act_as() as act:
        assert not take_back_closing(act, who.person_id)
    with pytest.raises(SignInNeeded), act_as() as act:
        record_sign_in(act, who.person_id)
    with act_as() as act:
        assert not close_account(act, who.person_id)


def test_by_the_api(cast: Cast, act_as: OpenAct, client: FlaskClient) -> None:
    who = cast.stranger
    with act_as() as act:
        secret = create_token(
            act, who.person_id, who.organisation_id, "x", may_write=True, days=30
        ).secret
    bearer = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    assert client.get("/api/v1/me/close", headers=bearer).json == {"items": []}
    wrong = client.post("/api/v1/me/close", json={"password": "no"}, headers=bearer)
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["password"])
    done = client.post("/api/v1/me/close", json={"password": PASSWORD}, headers=bearer)
    assert (done.status_code, list(done.json)) == (200, ["closes_at"])
    assert client.get("/api/v1/me/close", headers=bearer).status_code == 401


def test_killed_anywhere_it_is_whole_or_gone(
    cast: Cast, act_as: OpenAct, clock: SettableClock, leaver: Player,
    statements: Callable[[int], None],
) -> None:  # fmt: skip
    session, who = cast.session, leaver
    with act_as(who.actor) as act:
        ask_to_close(act)
    clock.forward(days=7)
    for number in count(1):
        statements(number)
        try:
            with act_as() as act:
                assert close_account(act, who.person_id)
        except Killed:
            statements(-1)
            session.rollback()
            assert (who.person.name, who.person.closed_at) == ("何路", None)
            assert session.get(WechatBinding, who.person_id) is not None
            assert session.get(AccountClosing, who.person_id) is not None
            key = sa.select(PersonDataKey.sealed_key).where(
                PersonDataKey.person_id == who.person_id
            )
            assert session.scalar(key)
            session.rollback()
            continue
        break
    statements(-1)
    assert number > 20
    session.rollback()
    assert who.person.closed_at is not None


def test_nobody_asks_for_somebody_who_is_gone(
    cast: Cast, act_as: OpenAct, clock: SettableClock
) -> None:
    who = cast.stranger
    actor = who.actor
    closed(cast, clock, act_as, who)
    with pytest.raises(NotFound), act_as(actor) as act:
        ask_to_close(act)
    assert cast.session.get_one(Person, who.person_id).session_epoch >= 2
