"""Reporting through the doors: three taps, with and without an account, joined to one case."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind, PointLevel
from exchange.audit.models import AuditEntry
from exchange.kernel.actor import Duty, Role
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Visibility
from exchange.moderation import limits
from exchange.moderation.kinds import Part, Reason, TargetKind
from exchange.moderation.models import ModerationCase, Report
from exchange.moderation.permissions import can_handle, handled_by, is_owner, owned_by
from exchange.moderation.report_service import report
from tests.brokering.conftest import Scene
from tests.brokering.conftest import scene as scene  # noqa: PLC0414 - the fixtures of a match
from tests.cast import ELSEWHERE, FIRM_AREA, VILLAGE
from tests.conftest import SettableClock
from tests.moderation.conftest import ActAs, Street


def stamp_of(page: str) -> str:
    found = re.search(r'name="stamp"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def count(session: Session, model: Any) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_report_takes_three_taps_and_is_told_when_dealt_with(
    client: FlaskClient, street: Street
) -> None:
    cast = street.cast
    page = street.reads(client, cast.stranger, f"/listings/{street.need.public_id}").text
    address = f"/report/listing/{street.need.public_id}"
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    assert client.post(address, data={"reason": "wrong"}).location == "/reports/done"
    assert client.get("/reports/done").status_code == 200
    assert "内容不实" in client.get("/reports").text
    assert street.told(cast.broker)[-1] == "moderation_reported"
    assert street.told(cast.officer) == []


def test_something_else_needs_words(client: FlaskClient, street: Street) -> None:
    street.cast.sign_in(client, street.cast.stranger)
    address = f"/report/listing/{street.need.public_id}"
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"reason": "odd", "text": "话还在"}).status_code == 422
    assert client.post(address, data={"reason": "other"}).status_code == 422
    answer = client.post(address, data={"reason": "other", "text": "话还在" * 400})
    assert answer.status_code == 422
    assert "话还在" in answer.text
    assert client.post(address, data={"reason": "other", "text": "怪怪的"}).status_code == 302


def test_visitor_reports_without_an_account_but_not_as_quick_as_a_program(
    client: FlaskClient, street: Street, session: Session, clock: SettableClock
) -> None:
    address = f"/report/listing/{street.need.public_id}"
    stamp = stamp_of(client.get(address).text)
    quick = client.post(address, data={"reason": "fraud", "stamp": stamp, "text": "要钱"})
    assert quick.status_code == 422
    assert "要钱" in quick.text
    for wrong in ("", "1.x", "x", stamp[:-1], "9" * 12 + ".y"):
        assert client.post(address, data={"reason": "fraud", "stamp": wrong}).status_code == 422
    clock.forward(seconds=4)
    trapped = client.post(address, data={"reason": "fraud", "stamp": stamp, "website": "x"})
    assert trapped.location == "/reports/done"
    assert count(session, Report) == 0
    sent = client.post(address, data={"reason": "fraud", "stamp": stamp})
    assert sent.location == "/reports/done"
    assert count(session, Report) == 1
    assert street.case.priority == 1


@pytest.mark.parametrize("signed_in", [True, False])
def test_reports_are_limited(client: FlaskClient, street: Street, signed_in: bool) -> None:
    if signed_in:
        street.cast.sign_in(client, street.cast.stranger)
    limit = limits.REPORT_PERSON if signed_in else limits.REPORT_NETWORK
    address = f"/report/listing/{street.need.public_id}"
    statuses = [client.post(address, data={}).status_code for _ in range(limit.tries + 1)]
    assert statuses == [422] * limit.tries + [429]


def test_reports_of_one_thing_join_one_case(street: Street, session: Session) -> None:
    one, two = street.neighbours(2)
    first = street.report(one)
    assert street.report(two, Reason.CHILD) == first
    assert count(session, ModerationCase) == 1
    assert street.case.priority == 0
    told = street.told(street.cast.broker)
    assert told == ["moderation_reported", "moderation_reported_urgent"]
    with pytest.raises(Conflict, match="reported_already"):
        street.report(one)


def test_three_people_who_fear_for_a_child_hide_it_until_somebody_looks(
    client: FlaskClient, street: Street, session: Session
) -> None:
    people = street.neighbours(3)
    for person in people[:2]:
        street.report(person, Reason.CHILD)
    assert street.need.held_at is None
    street.report(people[2], Reason.PRIVATE)
    assert street.need.held_at is not None
    page = f"/listings/{street.need.public_id}"
    assert street.reads(client, street.cast.stranger, page).status_code == 404
    assert street.told(street.cast.officer) == ["moderation_held"]
    assert "moderation_held_by_itself" in street.told(street.cast.broker)
    held = sa.select(AuditEntry).where(AuditEntry.event == "ListingHeld")
    assert session.scalars(held).one().person_id is None


def test_owner_learns_nothing_of_who_reported(
    client: FlaskClient, street: Street, session: Session
) -> None:
    people = street.neighbours(3)
    for person in people:
        street.report(person, Reason.PRIVATE, "我是举报的人")
    case = street.case.public_id
    owner = street.cast.officer
    pages = [f"/decisions/{case}", f"/listings/{street.need.public_id}", "/notifications"]
    for path in (*pages, "/me", "/me/audit"):
        text = street.reads(client, owner, path).text
        assert "我是举报的人" not in text
        assert not [one for one in people if one.person.name in text]
    assert street.reads(client, owner, f"/moderation/{case}").status_code == 403
    assert street.reads(client, owner, "/reports").text.count("article") == 0


def test_one_does_not_report_ones_own_or_what_one_may_not_see(
    client: FlaskClient, street: Street, session: Session
) -> None:
    cast, address = street.cast, f"/report/listing/{street.need.public_id}"
    assert street.reads(client, cast.officer, address).status_code == 403
    assert address not in client.get(f"/listings/{street.need.public_id}").text
    street.need.visibility = Visibility.BROKERS
    session.commit()
    assert street.reads(client, cast.stranger, address).status_code == 404
    assert client.post(address, data={"reason": "wrong"}).status_code == 404
    assert street.reads(client, cast.stranger, "/report/listing/nothing").status_code == 404
    own = cast.make_player("隐者", VILLAGE).organisation.public_id
    assert street.reads(client, cast.stranger, f"/report/organisation/{own}").status_code == 404


def test_report_goes_to_the_station_or_centre_of_the_place(
    street: Street, session: Session
) -> None:
    cast = street.cast
    far = cast.make_worker("远站", "毕节社工站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    firm = cast.make_organisation(OrganisationKind.COMPANY, "西秀公司", FIRM_AREA)
    lonely = cast.make_organisation(OrganisationKind.COMPANY, "遵义公司", "520302")
    addresses = [one.public_id for one in (firm, lonely)]
    street.report(cast.stranger)
    for address in addresses:
        with street.act_as(cast.stranger.actor) as act:
            report(act, TargetKind.ORGANISATION, address, Reason.FRAUD)
    session.rollback()
    cases = session.scalars(sa.select(ModerationCase).order_by(ModerationCase.id)).all()
    seen = {
        name: [can_handle(who.actor, case) for case in cases]
        for name, who in (
            ("broker", cast.broker), ("supervisor", cast.supervisor), ("far", far),
            ("officer", cast.officer),
        )
    }  # fmt: skip
    assert seen == {
        "broker": [True, False, False],
        "supervisor": [True, True, True],
        "far": [False, False, False],
        "officer": [False, False, False],
    }


def test_rule_and_query_agree(street: Street, scene: Scene, session: Session) -> None:
    cast = street.cast
    match = scene.introduced()
    street.report(cast.stranger)
    for part in (Part.BROKER, Part.OFFER):
        with street.act_as(cast.officer.actor) as act:
            report(act, TargetKind.PERSON, match, Reason.OFFENSIVE, part=part)
    firm = cast.enterprise.organisation.public_id
    with street.act_as(cast.stranger.actor) as act:
        report(act, TargetKind.ORGANISATION, firm, Reason.FRAUD)
    session.rollback()
    inside = cast.make_player("村里人", VILLAGE, cast.officer.organisation, Role.MEMBER)
    for who in (
        cast.broker, cast.supervisor, cast.stranger, cast.officer, cast.enterprise, inside,
        cast.operator,
    ):  # fmt: skip
        actor = who.actor
        every = session.scalars(sa.select(ModerationCase)).all()
        query = sa.select(ModerationCase.id).where(handled_by(actor))
        assert set(session.scalars(query)) == {one.id for one in every if can_handle(actor, one)}
        owned = sa.select(ModerationCase.id).where(owned_by(actor))
        assert set(session.scalars(owned)) == {one.id for one in every if is_owner(actor, one)}


def test_person_in_a_match_is_reported_from_its_page(
    client: FlaskClient, street: Street, scene: Scene, session: Session
) -> None:
    cast, match = street.cast, scene.introduced()
    address = f"/report/match/{match}"
    assert f'href="{address}"' in street.reads(client, cast.officer, f"/matches/{match}").text
    page = client.get(address).text
    assert 'value="need"' not in page
    assert client.post(address, data={"reason": "offensive"}).status_code == 422
    wrong = client.post(address, data={"reason": "offensive", "part": "need"})
    assert wrong.status_code == 422
    sent = client.post(address, data={"reason": "offensive", "part": "broker"})
    assert sent.status_code == 302
    assert street.case.about_person_id == cast.broker.person_id
    case = street.case.public_id
    assert street.reads(client, cast.broker, f"/moderation/{case}").status_code == 404
    assert "moderation_reported" not in street.told(cast.broker)
    assert street.reads(client, cast.supervisor, f"/moderation/{case}").status_code == 200
    assert street.reads(client, cast.stranger, address).status_code == 404


def test_service_refuses_what_the_doors_would(street: Street, act_as: ActAs) -> None:
    cast, need = street.cast, street.need.public_id
    with pytest.raises(Forbidden, match="report_not_own"), act_as(cast.officer.actor) as act:
        report(act, TargetKind.LISTING, need, Reason.WRONG)
    with pytest.raises(NotFound), act_as(cast.stranger.actor) as act:
        report(act, TargetKind.PERSON, need, Reason.WRONG, part=Part.OFFER)


def test_own_reports_take_as_many_queries_however_many(
    client: FlaskClient, street: Street, catch_queries: Callable[[], Any]
) -> None:
    cast = street.cast
    counts = []
    for number in range(4):
        firm = cast.make_organisation(OrganisationKind.COMPANY, f"公司{number}", FIRM_AREA)
        address = firm.public_id
        with street.act_as(cast.stranger.actor) as act:
            report(act, TargetKind.ORGANISATION, address, Reason.FRAUD)
        if number in (0, 3):
            street.reads(client, cast.stranger, "/reports")
            with catch_queries() as queries:
                assert client.get("/reports").text.count("<article") == number + 1
            counts.append(queries.count)
    assert counts[0] == counts[1]
