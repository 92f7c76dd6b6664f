"""Who may read the audit, what they find there, and that reading personal values is an act."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.accounts.people_service import change_profile
from exchange.audit.data_keys import destroy_data_key
from exchange.audit.models import AuditConcern, AuditEntry
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.delivering import record_delivery
from exchange.brokering.models import MatchSide
from exchange.brokering.talk.consenting import withdraw_contact
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.publishing import withdraw_listing
from tests.brokering.conftest import Scene
from tests.brokering.conftest import cast as cast  # noqa: PLC0414 - the fixtures of a match
from tests.brokering.conftest import scene as scene  # noqa: PLC0414 - likewise
from tests.cast import Cast, Player
from tests.conftest import Queries

OpenAct = Callable[..., AbstractContextManager[Act]]
Catch = Callable[[], AbstractContextManager[Queries]]
INDEX = "/console/audit"
OWN = "/me/audit"


@pytest.fixture
def english(client: FlaskClient) -> FlaskClient:
    client.get("/locale/en")
    return client


def entry(session: Session, event: str) -> AuditEntry:
    session.rollback()
    query = sa.select(AuditEntry).where(AuditEntry.event == event)
    return session.scalars(query.order_by(AuditEntry.id.desc())).first() or pytest.fail(event)


def read(client: FlaskClient, who: Player | None, cast: Cast, path: str) -> tuple[int, str]:
    if who is not None:
        cast.sign_in(client, who)
    answer = client.get(path)
    return answer.status_code, answer.get_data(as_text=True)


def elsewhere(cast: Cast) -> Player:
    """The supervisor of another city."""
    return cast.make_worker("远山", "毕节指导中心", PointLevel.CENTRE, ("5205",), Duty.SUPERVISOR)


def test_only_supervisors_and_operators_come_in(english: FlaskClient, scene: Scene) -> None:
    cast, client = scene.cast, english
    assert client.get(INDEX).status_code == 302
    for who in (cast.officer, cast.enterprise, cast.broker, cast.stranger):
        assert read(client, who, cast, INDEX)[0] == 403
    for who in (cast.supervisor, cast.operator):
        status, page = read(client, who, cast, INDEX)
        assert (status, "Who did what" in page) == (200, True)
        assert INDEX in read(client, who, cast, "/me")[1]
    assert INDEX not in read(client, cast.broker, cast, "/me")[1]
    assert OWN in read(client, cast.broker, cast, "/me")[1]
    assert INDEX in read(client, cast.operator, cast, "/console")[1]


def test_supervisors_read_what_concerns_their_divisions(
    english: FlaskClient, scene: Scene, session: Session
) -> None:
    cast = scene.cast
    match = scene.proposed()
    found = entry(session, "MatchProposed")
    status, page = read(english, cast.supervisor, cast, INDEX)
    assert (status, "Asked both sides" in page) == (200, True)
    assert f"/matches/{match}" in page
    assert "韦青" in page
    address = f"{INDEX}/{found.public_id}"
    status, page = read(english, cast.supervisor, cast, address)
    assert (status, "Taken up" in page, "Both are asked" in page) == (200, True, True)
    other = elsewhere(cast)
    assert "Asked both sides" not in read(english, other, cast, INDEX)[1].split("</details>")[-1]
    assert read(english, other, cast, address)[0] == 404
    assert read(english, cast.operator, cast, address)[0] == 200


def test_what_people_do_about_themselves_alone_is_not_for_supervisors(
    english: FlaskClient, cast: Cast, session: Session, act_as: OpenAct
) -> None:
    who = cast.officer
    with act_as(who.actor) as act:
        change_profile(act, "罗大满", "en")
    found = entry(session, "ProfileChanged")
    rows = session.scalars(sa.select(AuditConcern).where(AuditConcern.entry_id == found.id))
    assert {row.division_code for row in rows if row.organisation_id is None} == {""}
    assert read(english, cast.operator, cast, f"{INDEX}/{found.public_id}")[0] == 200


def test_filters_narrow_and_say_what_they_cannot_read(
    english: FlaskClient, scene: Scene, session: Session
) -> None:
    cast = scene.cast
    with scene.act(cast.officer) as act:
        withdraw_listing(act, act.session.get_one(Listing, scene.need_id))
    scene.cast.session.rollback()
    need, offer = (cast.session.get_one(Listing, key).public_id for key in
                   (scene.need_id, scene.offer_id))  # fmt: skip
    owner = cast.officer.organisation.public_id
    link = f"{INDEX}/{entry(session, 'ListingWithdrawn').public_id}"
    cast.sign_in(english, cast.supervisor)

    def shown(**query: str) -> bool:
        answer = english.get(INDEX, query_string=query)
        assert answer.status_code == 200, query
        return link in answer.get_data(as_text=True)

    assert shown(about=need, event="ListingWithdrawn", since="2026-11-22", until="2026-11-22")
    assert shown(about=f"https://a.example/listings/{need}?x=1")
    assert shown(about=f"/organisations/{owner}")
    assert not shown(about=offer)
    assert not shown(event="ListingPublished")
    assert not shown(since="2026-11-23")
    assert not shown(until="2026-11-21")
    for query, said in (
        ({"about": "nobody"}, "We find nothing for this."),
        ({"event": "Nonsense"}, "There is no such act."),
        ({"since": "yesterday"}, "We cannot read this day."),
        ({"cursor": "gone"}, "This page is not there any more."),
        ({"since": "0001-01-01", "until": "9999-12-31"}, "This day cannot be right."),
    ):
        answer = english.get(INDEX, query_string=query)
        assert answer.status_code == (422 if said else 200)
        assert said in answer.get_data(as_text=True)


def test_reading_personal_values_is_an_act_that_the_person_sees(
    english: FlaskClient, scene: Scene, session: Session, act_as: OpenAct
) -> None:
    cast, client = scene.cast, english
    with act_as(cast.supervisor.actor) as act:
        act.session.get_one(Listing, scene.need_id).title = "要三台微耕机"
    found = entry(session, "DataChanged")
    address = f"{INDEX}/{found.public_id}"
    page = read(client, cast.supervisor, cast, address)[1]
    assert "Changed data: Listing" in page
    assert "要两台微耕机" not in page
    assert "Show personal values" in page
    answer = client.post(f"{address}/values")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "要两台微耕机" in page, "要三台微耕机" in page) == (200, True, True)
    noted = entry(session, "PersonalValuesRead")
    assert noted.person_id == cast.supervisor.person_id
    assert noted.details == {"person_id": cast.officer.person_id, "entry_id": found.id}
    page = read(client, cast.officer, cast, OWN)[1]
    assert "Read personal values in the audit" in page
    assert "安顺社工指导中心" in page
    assert "陆远" not in page
    for who, status in ((cast.operator, 403), (cast.officer, 403), (elsewhere(cast), 404)):
        cast.sign_in(client, who)
        assert client.post(f"{address}/values").status_code == status
    with act_as() as act:
        destroy_data_key(act, cast.officer.person_id)
    cast.sign_in(client, cast.supervisor)
    page = client.post(f"{address}/values").get_data(as_text=True)
    assert "deleted" in page
    assert "要两台微耕机" not in page.split("<table")[1]


def test_numbers_stay_masked_even_when_values_are_read(
    english: FlaskClient, cast: Cast, session: Session, act_as: OpenAct
) -> None:
    who, phone = cast.officer, cast.officer.phone
    with act_as(cast.supervisor.actor) as act:
        act.session.get_one(type(who.person), who.person_id).phone_sealed = None
    cast.sign_in(english, cast.supervisor)
    found = entry(session, "DataChanged")
    page = english.post(f"{INDEX}/{found.public_id}/values").get_data(as_text=True)
    assert f"{phone[:3]}****{phone[-4:]}" in page
    assert phone not in page


def test_ones_own_page_tells_of_nobody_else(english: FlaskClient, scene: Scene) -> None:
    cast = scene.cast
    scene.introduced()
    page = read(english, cast.officer, cast, OWN)[1]
    assert "Asked both sides" in page
    assert "You" in page
    assert "普定社工站" in page
    assert "韦青" not in page
    assert "Asked both sides" not in read(english, cast.stranger, cast, OWN)[1]


@pytest.mark.parametrize("path", [INDEX, OWN])
def test_twice_the_entries_take_the_same_number_of_queries(
    client: FlaskClient, scene: Scene, catch_queries: Catch, act_as: OpenAct, path: str
) -> None:
    cast = scene.cast
    scene.proposed()
    who = cast.supervisor if path == INDEX else cast.officer

    def sent() -> tuple[int, int]:
        cast.sign_in(client, who)
        with catch_queries() as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        return queries.count, answer.get_data(as_text=True).count("<li><time")

    def act_more(times: int) -> None:
        for number in range(times):
            with act_as(cast.broker.actor) as act:
                act.session.get_one(Listing, scene.need_id).title = f"要微耕机{number}"

    act_more(3)
    client.get("/healthz")
    before, lines = sent()
    act_more(6)
    after, more = sent()
    assert more == lines + 6
    assert after == before
    act_more(50)
    page = read(client, who, cast, path)[1]
    assert page.count("<li><time") == 40
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert read(client, who, cast, following)[1].count("<li><time") == more + 50 - 40


def test_nobody_changes_anything_here(app: Flask) -> None:
    writing = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "audit" in rule.rule and {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    }
    assert writing == {"/console/audit/<public_id>/values"}


def test_what_somebody_did_in_a_match_and_with_their_contact_is_theirs_to_read(
    english: FlaskClient, scene: Scene, session: Session
) -> None:
    cast = scene.cast
    author, deputy = cast.enterprise, cast.stranger
    match, commitment = scene.agreed()
    side = session.scalars(
        sa.select(MatchSide).where(MatchSide.side == Side.OFFER, MatchSide.contact_id.is_not(None))
    ).one()
    assert side.contact_id == author.person_id
    session.get_one(Listing, scene.offer_id).author_id = deputy.person_id
    session.commit()
    with scene.act(author) as act:
        record_delivery(act, match, commitment, 5_000, "只给两边看的话")
    with scene.act(author) as act:
        withdraw_contact(act, match, Side.OFFER)
    with scene.act(cast.broker) as act:
        fulfilling.commit(act, match, 1_000, 1_000)
    for who in (author, cast.broker):
        page = read(english, who, cast, OWN)[1]
        assert page.count("Agreed on an amount") == 2
        assert "只给两边看的话" not in page
    page = read(english, author, cast, OWN)[1]
    assert "Recorded a delivery" in page
    assert "No longer shows the contact" in page
    assert "Recorded a delivery" not in read(english, cast.broker, cast, OWN)[1]
