"""Verification along the root of trust, vouching, service points, and the operator's commands."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationVerified, PhoneVouched, VerificationRefused
from exchange.accounts.kinds import OrganisationKind, PointLevel, Verification
from exchange.accounts.models import Assignment, Organisation, ServicePoint, VerificationRequest
from exchange.accounts.organisations.member_service import join
from exchange.accounts.points.service import end_duty, give_duty
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind, may_verify
from exchange.accounts.verification.queries import case_of, open_requests
from exchange.kernel.act import Act, House
from exchange.kernel.actor import Duty, Role
from exchange.kernel.events import Event
from tests.accounts.verifying import read, yes
from tests.cast import CENTRE_AREA, ELSEWHERE, FIRM_AREA, VILLAGE, Cast, Player

NO = {"answer": "refuse", "reason": "证明看不清，请补一份"}


def asking(cast: Cast, place: str = VILLAGE, kind: str = "cooperative") -> Player:
    """A manager of an unverified organisation in a place."""
    made = cast.make_organisation(OrganisationKind(kind), f"待核{place}{kind}", place)
    return cast.make_player("管事的", place, made, Role.MANAGER)


def ask(app: Flask, cast: Cast, who: Player) -> str:
    """Ask through the door; the address of the request in the queue."""
    client = app.test_client()
    cast.sign_in(client, who)
    data = {"evidence": "可以打村委会电话核实"}
    address = f"/organisations/{who.organisation.public_id}/verification"
    assert client.post(address, data=data).status_code == 302
    cast.session.commit()
    request = cast.session.scalars(
        sa.select(VerificationRequest).order_by(VerificationRequest.id.desc())
    ).first()
    assert request is not None
    return f"/verification/{request.public_id}"


def test_station_verifies_in_its_area(
    app: Flask, client: FlaskClient, cast: Cast, news: list[Event]
) -> None:
    who = asking(cast)
    address = ask(app, cast, who)
    assert who.organisation.verification is Verification.SUBMITTED
    cast.sign_in(client, cast.broker)
    assert address in client.get("/verification").text
    assert "可以打村委会电话核实" in client.get(address).text
    assert client.post(address, data=read(client, address, yes())).status_code == 302
    cast.session.commit()
    assert who.organisation.is_verified
    assert any(isinstance(item, OrganisationVerified) for item in news)


def test_refusal_needs_a_reason_that_the_asker_reads(
    app: Flask, client: FlaskClient, cast: Cast, news: list[Event]
) -> None:
    who = asking(cast)
    address = ask(app, cast, who)
    cast.sign_in(client, cast.broker)
    assert client.post(address, data=NO | {"reason": " "}).status_code == 422
    assert client.post(address, data=read(client, address, NO)).status_code == 302
    assert any(isinstance(item, VerificationRefused) for item in news)
    cast.sign_in(client, who)
    assert NO["reason"] in client.get(f"/organisations/{who.organisation.public_id}").text
    ask(app, cast, who)


def test_nothing_to_check_is_not_enough_to_ask(client: FlaskClient, cast: Cast) -> None:
    who = asking(cast)
    cast.sign_in(client, who)
    address = f"/organisations/{who.organisation.public_id}/verification"
    assert client.post(address, data={"evidence": " "}).status_code == 422


def test_request_is_decided_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    address = ask(app, cast, asking(cast))
    cast.sign_in(client, cast.broker)
    form = read(client, address, yes())
    client.post(address, data=form)
    assert client.post(address, data=form | NO).status_code == 409
    cast.sign_in(client, cast.stranger)
    assert client.post(address, data=NO).status_code == 403


@pytest.mark.parametrize(
    ("place", "kind", "station", "centre"),
    [
        (VILLAGE, "cooperative", 200, 200),
        (VILLAGE, "social_work_station", 404, 200),
        (FIRM_AREA, "company", 404, 200),
        (ELSEWHERE, "company", 404, 200),
    ],
)
def test_queue_shows_what_each_may_decide(
    app: Flask, cast: Cast, place: str, kind: str, station: int, centre: int
) -> None:
    address = ask(app, cast, asking(cast, place, kind))
    for who, status in ((cast.broker, station), (cast.supervisor, centre)):
        client = app.test_client()
        cast.sign_in(client, who)
        assert client.get(address).status_code == status
        assert (address in client.get("/verification").text) is (status == 200)


def test_place_with_a_station_of_its_own_is_not_anothers(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    address = ask(app, cast, asking(cast, ELSEWHERE, "company"))
    cast.make_worker("远站", "毕节社工站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    cast.sign_in(client, cast.supervisor)
    assert client.get(address).status_code == 404
    assert client.post(address, data=yes()).status_code == 404


def test_worker_cannot_decide_about_their_own(app: Flask, client: FlaskClient, cast: Cast) -> None:
    who = asking(cast)
    cast.session.commit()
    cast._join(cast.broker.person, who.organisation, Role.MEMBER)
    address = ask(app, cast, who)
    cast.sign_in(client, cast.broker)
    assert address not in client.get("/verification").text
    assert client.post(address, data=yes()).status_code == 403


def test_queue_and_rule_agree(app: Flask, cast: Cast, session: Session) -> None:
    for place in (VILLAGE, FIRM_AREA, ELSEWHERE, "52", "5204"):
        for kind in ("company", "social_work_station"):
            ask(app, cast, asking(cast, place, kind))
    for who in (cast.broker, cast.supervisor, cast.stranger):
        shown = {item.organisation_id for item in open_requests(session, who.actor)}
        waiting = session.scalars(
            sa.select(Organisation).where(Organisation.verification == Verification.SUBMITTED)
        )
        allowed = {one.id for one in waiting if may_verify(who.actor, case_of(session, one))}
        assert shown == allowed


def test_stranger_sees_no_queue(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.stranger)
    for address in ("/verification", "/people/vouch", "/points", "/points/new"):
        assert client.get(address).status_code == 403


def test_queue_takes_as_many_queries_however_long(
    app: Flask, client: FlaskClient, cast: Cast, catch_queries: Callable[[], Any]
) -> None:
    for _ in range(2):
        ask(app, cast, asking(cast))
    cast.sign_in(client, cast.broker)
    client.get("/verification")
    with catch_queries() as few:
        client.get("/verification")
    for _ in range(4):
        ask(app, cast, asking(cast))
    with catch_queries() as many:
        client.get("/verification")
    assert many.count == few.count


def test_points_take_as_many_queries_however_many(
    client: FlaskClient, cast: Cast, catch_queries: Callable[[], Any]
) -> None:
    counts = []
    cast.sign_in(client, cast.supervisor)
    for number in range(1, 3):
        for one in range(2):
            name = f"第{number}{one}站"
            cast.make_worker("社工", name, PointLevel.STATION, ("520422",), Duty.BROKER)
        client.get("/points")
        with catch_queries() as queries:
            assert f"第{number}1站" in client.get("/points").text
        counts.append(queries.count)
    assert counts[0] == counts[1]


def test_verification_is_taken_away_with_a_reason(client: FlaskClient, cast: Cast) -> None:
    address = f"/organisations/{cast.officer.organisation.public_id}/suspend"
    cast.sign_in(client, cast.stranger)
    assert client.post(address, data={"reason": "x"}).status_code == 403
    cast.sign_in(client, cast.broker)
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert client.post(address, data={"reason": "换届后没有重新登记"}).status_code == 302
    cast.session.commit()
    assert cast.officer.organisation.verification is Verification.SUSPENDED


def vouching(phone: str, name: str = "田阿婆") -> dict[str, str]:
    return {"phone": phone, "name": name, "known": "yes"}


def test_station_vouches_for_somebody_it_knows(
    client: FlaskClient, cast: Cast, news: list[Event]
) -> None:
    who = cast.make_player("田阿婆", VILLAGE, phone_confirmed=False)
    cast.sign_in(client, cast.broker)
    assert client.get("/people/vouch").status_code == 200
    assert client.post("/people/vouch", data=vouching(who.phone)).status_code == 302
    cast.session.commit()
    assert who.actor.phone_ok
    assert who.person.phone_vouched_by_id == cast.broker.person_id
    assert PhoneVouched(who.person_id, cast.broker.person_id) in news


def test_station_vouches_only_for_who_it_knows_and_serves(client: FlaskClient, cast: Cast) -> None:
    near = cast.make_player("田阿婆", VILLAGE, phone_confirmed=False)
    far = cast.make_player("田阿婆", ELSEWHERE, phone_confirmed=False)
    cast.sign_in(client, cast.broker)
    unknown = client.post("/people/vouch", data=vouching("13711112222"))
    wrong_name = client.post("/people/vouch", data=vouching(near.phone, "田大妈"))
    elsewhere = client.post("/people/vouch", data=vouching(far.phone))
    careless = vouching(near.phone)
    del careless["known"]
    unsure = client.post("/people/vouch", data=careless)
    answers = (unknown, wrong_name, elsewhere, unsure)
    assert [item.status_code for item in answers] == [422, 422, 422, 422]
    cast.session.commit()
    assert not near.actor.phone_ok
    assert not far.actor.phone_ok


def test_centre_opens_a_station_and_gives_a_duty(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    cast.sign_in(client, cast.supervisor)
    data = {"level": "station", "name_zh": "化处社工站", "division": "520422102"}
    assert client.post("/points/new", data=data).location == "/points"
    point = session.scalars(sa.select(ServicePoint).order_by(ServicePoint.id.desc())).first()
    assert point is not None
    assert point.organisation is not None
    assert point.organisation.is_verified
    worker = cast.make_player("新社工", VILLAGE)
    address = f"/points/{point.public_id}/workers"
    assigned = client.post(address, data={"address": worker.phone, "duty": "broker"})
    assert assigned.location == "/points"
    session.commit()
    actor = cast.make_actor(worker.person_id)
    assert actor.serves == ("520422102",)
    assert actor.organisation_id == point.organisation_id
    again = client.post(address, data={"address": worker.phone, "duty": "broker"})
    assert again.status_code == 422
    assert "新社工" in client.get("/points").text
    duty = session.scalars(sa.select(Assignment).order_by(Assignment.id.desc())).first()
    assert duty is not None
    client.post(f"/points/{point.public_id}/workers/{duty.id}/end")
    session.commit()
    after = cast.make_actor(worker.person_id)
    assert after.serves == ()
    assert point.organisation_id not in after.organisation_ids


@pytest.mark.parametrize(
    "data",
    [
        {"level": "station", "name_zh": "毕节站", "division": ELSEWHERE},
        {"level": "centre", "name_zh": "又一个中心", "division": "520422"},
        {"level": "station", "name_zh": "", "division": "520422"},
        {"level": "station", "name_zh": "无处站", "division": ""},
    ],
)
def test_centre_opens_nothing_outside_its_right(
    client: FlaskClient, cast: Cast, data: dict[str, str]
) -> None:
    cast.sign_in(client, cast.supervisor)
    assert client.post("/points/new", data=data).status_code == 422


def test_duty_goes_only_to_proven_numbers_and_supervisors_to_centres(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    squatter = cast.make_player("冒名", VILLAGE, phone_confirmed=False)
    assert cast.broker.actor.is_broker
    station = session.scalars(
        sa.select(ServicePoint).where(ServicePoint.level == PointLevel.STATION)
    ).one()
    cast.sign_in(client, cast.supervisor)
    address = f"/points/{station.public_id}/workers"
    for phone, duty in (
        (squatter.phone, "broker"),
        ("13711112222", "broker"),
        (cast.officer.phone, "supervisor"),
    ):
        assert client.post(address, data={"address": phone, "duty": duty}).status_code == 422


def test_supervisor_rules_only_their_own_area(client: FlaskClient, cast: Cast) -> None:
    far = cast.make_worker("远站", "毕节社工站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    point = cast.session.get_one(ServicePoint, far.actor.service_point_id)
    cast.sign_in(client, cast.supervisor)
    address = f"/points/{point.public_id}/workers"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/1/end").status_code == 404
    assert "毕节社工站" not in client.get("/points").text


def test_command_creates_the_first_centre(
    app: Flask, cast: Cast, session: Session, house: House
) -> None:
    arguments = ["exchange", "create-centre", "--name", "普定县社工指导中心"]
    arguments += ["--division", "520422", "--person-name", "陆远", "--address", "13755556666"]
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 0, answer.output
    assert "13755556666" not in answer.output
    password = answer.output.strip().rsplit(" ", 1)[-1]
    person = find_person(session, house.secrets, Address(AddressKind.PHONE, "13755556666"))
    assert person is not None
    assert cast.make_actor(person.id).supervises == ("520422",)
    client = app.test_client()
    signed = client.post("/sign-in", data={"address": "13755556666", "password": password})
    assert signed.status_code == 302
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 1


def test_command_gives_an_account_that_nobody_has_confirmed_to_its_holder(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    """Whoever signed up with the number beforehand gets neither in nor a duty."""
    squatter = cast.make_player("抢注", ELSEWHERE, phone_confirmed=False)
    cast.sign_in(client, squatter)
    assert client.get("/me/profile").status_code == 200
    arguments = ["exchange", "create-user", "--name", "陆远", "--division", "52"]
    arguments += ["--address", squatter.phone]
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 0, answer.output
    password = answer.output.strip().rsplit(" ", 1)[-1]
    assert client.get("/me/profile").status_code != 200
    fresh = app.test_client()
    for given, status in ((squatter.password, 422), (password, 302)):
        data = {"address": squatter.phone, "password": given}
        assert fresh.post("/sign-in", data=data).status_code == status
    again = app.test_cli_runner().invoke(args=arguments)
    assert "its password stays" in again.output


def test_command_creates_an_operator(app: Flask, cast: Cast) -> None:
    arguments = ["exchange", "create-user", "--name", "管理员", "--address", "ops@example.org"]
    arguments += ["--division", "52", "--operator", "--password"]
    refused = app.test_cli_runner().invoke(args=[*arguments, "12345678"])
    assert refused.exit_code == 2
    made = app.test_cli_runner().invoke(args=[*arguments, "a fine long password"])
    assert made.exit_code == 0, made.output
    assert "a fine long password" not in made.output


def test_a_supervisor_whose_duty_ended_manages_nothing_there(
    cast: Cast, session: Session, act_as: Callable[..., AbstractContextManager[Act]]
) -> None:
    centre, former = cast.supervisor.organisation, cast.make_player("甲乙", CENTRE_AREA)
    point = session.scalars(
        sa.select(ServicePoint).where(ServicePoint.organisation_id == centre.id)
    ).one()
    point_id, public_id, centre_id = point.id, point.public_id, centre.id
    session.commit()
    with act_as() as act:
        duty = give_duty(
            act, act.session.get_one(ServicePoint, point_id), former.person, Duty.SUPERVISOR
        )
        join(act, cast.supervisor.person, centre, Role.MANAGER)
        duty_id = duty.id
    assert centre_id in cast.make_actor(former.person_id).manages
    with act_as(cast.supervisor.actor) as act:
        end_duty(act, public_id, duty_id)
    actor = cast.make_actor(former.person_id)
    assert centre_id not in actor.organisation_ids
    assert not actor.supervises
