"""Several needs for one thing that somebody wants to do: who may put them together, who sees it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind, PointLevel
from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty, Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.undertaking_models import Undertaking, UndertakingPart
from exchange.listings.undertaking_queries import seen_undertaking
from exchange.listings.undertaking_rules import MOST_PARTS, PartState, progress
from exchange.listings.undertaking_service import (
    add_needs,
    change_undertaking,
    dissolve_undertaking,
    make_undertaking,
    remove_need,
)
from exchange.notifications.models import Notice
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.cast import ELSEWHERE, VILLAGE, Cast, Player
from tests.conftest import Queries
from tests.factories import make_listing

NAME = "办一个茶叶加工坊"
ActAs = Callable[..., AbstractContextManager[Act]]


class Village:
    """The officer's village with needs, and somebody to act."""

    def __init__(self, app: Flask, session: Session, act_as: ActAs) -> None:
        self.cast, self.session, self.act_as = Cast(app, session), session, act_as
        self.house = app.extensions["exchange"]

    def need(self, title: str, owner: Player | None = None, **values: object) -> Listing:
        return make_listing(
            self.house, owner or self.cast.officer, Side.NEED, title=title, **values
        )

    def make(self, *needs: Listing, who: Player | None = None, name: str = NAME) -> str:
        ids = [need.id for need in needs]
        with self.act_as((who or self.cast.officer).actor) as act:
            found = [act.session.get_one(Listing, key) for key in ids]
            return make_undertaking(act, name, "", found).public_id

    def inside(self, public_id: str) -> list[int]:
        self.session.rollback()
        query = (
            sa.select(UndertakingPart.listing_id)
            .join(Undertaking)
            .where(Undertaking.public_id == public_id)
            .order_by(UndertakingPart.listing_id)
        )
        return list(self.session.scalars(query))

    def events(self) -> list[str]:
        self.session.rollback()
        query = sa.select(AuditEntry.event).order_by(AuditEntry.id)
        ours = ("Undertaking", "NeedGrouped", "NeedUngrouped")
        return [one for one in self.session.scalars(query) if one.startswith(ours)]

    def page(self, client: FlaskClient, public_id: str, who: Player | None) -> str:
        if who is None:
            self.cast.sign_out(client)
        else:
            self.cast.sign_in(client, who)
        client.get("/locale/en")
        answer = client.get(f"/undertakings/{public_id}")
        return answer.text if answer.status_code == 200 else ""


@pytest.fixture
def village(app: Flask, session: Session, act_as: ActAs) -> Village:
    return Village(app, session, act_as)


@pytest.fixture
def cast(village: Village) -> Cast:
    return village.cast


@pytest.fixture
def two(village: Village) -> list[Listing]:
    return [village.need("要一台理条机"), village.need("请人教做茶", quantity_milli=None)]


@given(states=st.lists(st.sampled_from(PartState), max_size=MOST_PARTS))
def test_what_ended_unmet_is_not_counted(states: list[PartState]) -> None:
    met, counted = progress(states)
    assert 0 <= met <= counted == len(states) - states.count(PartState.ENDED)


def test_the_owner_puts_needs_together_from_the_page_of_one(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    first, second = two
    hers = village.need("别村的需求", village.cast.stranger)
    village.cast.sign_in(client, village.cast.officer)
    client.get("/locale/en")
    assert f"/undertakings/new?need={first.public_id}" in client.get(
        f"/listings/{first.public_id}"
    ).text
    form = client.get(f"/undertakings/new?need={first.public_id}").text
    assert second.title in form
    assert hers.title not in form
    sent = {"need": first.public_id, "name": "", "note": "两百亩茶"}
    refused = client.post("/undertakings/new", data=sent)
    assert refused.status_code == 422
    assert "Please fill this in." in refused.text
    assert "两百亩茶" in refused.text
    sent |= {"name": NAME, "needs": [first.public_id, second.public_id]}
    made = client.post("/undertakings/new", data=sent, follow_redirects=True)
    assert NAME in made.text
    assert "0 of 2 needs have a partner" in made.text
    again = client.post("/undertakings/new", data=sent)
    assert again.headers["Location"] in made.request.path
    assert NAME in client.get(f"/listings/{second.public_id}").text
    assert NAME in client.get("/my/undertakings").text
    assert village.events() == ["UndertakingMade", "NeedGrouped", "NeedGrouped"]


def test_put_in_take_out_rename_and_dissolve_through_the_pages(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    third = village.need("要五万元")
    public_id = village.make(*two)
    ids = [need.public_id for need in (*two, third)]
    village.cast.sign_in(client, village.cast.officer)
    path = f"/undertakings/{public_id}"
    client.post(f"{path}/needs", data={"needs": [ids[2]]})
    assert len(village.inside(public_id)) == 3
    client.post(f"{path}/needs", data={"needs": [ids[2]]})  # twice
    client.post(f"{path}/remove", data={"need": ids[0]})
    client.post(f"{path}/remove", data={"need": ids[0]})
    assert village.inside(public_id) == [two[1].id, third.id]
    stale = client.post(f"{path}/edit", data={"name": "新名字", "version": "1"})
    assert stale.status_code == 422
    assert "新名字" in stale.text
    assert client.post(f"{path}/edit", data={"name": "新名字", "version": "3"}).status_code == 302
    assert "新名字" in client.get(path).text
    client.post(f"{path}/dissolve", data={"version": "3"})
    assert client.get(path).status_code == 200
    client.post(f"{path}/dissolve", data={"version": "4"})
    assert client.get(path).status_code == 404
    assert village.events().count("NeedUngrouped") == 1
    assert village.events()[-1] == "UndertakingDissolved"
    village.session.expire_all()
    assert [village.session.get_one(Listing, one.id).state for one in (*two, third)] == [
        State.PUBLISHED
    ] * 3
    assert [village.session.get_one(Listing, one.id).version for one in two] == [1, 1]


def test_another_need_is_posted_for_it(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(*two)
    village.cast.sign_in(client, village.cast.officer)
    page = client.get(f"/post/help?undertaking={public_id}").text
    assert NAME in page
    assert VILLAGE in page
    sent = {
        "undertaking": public_id, "understood": "1", "text": "做茶的季节要十个人帮忙采茶",
        "category": "talent.jobs", "division": VILLAGE, "terms": "free", "not_duplicate": "1",
    }  # fmt: skip
    answer = client.post("/post/help", data=sent, follow_redirects=True)
    assert NAME in answer.text
    assert len(village.inside(public_id)) == 3
    village.cast.sign_in(client, village.cast.enterprise)
    assert f'name="undertaking" value="{public_id}"' not in client.get(
        f"/post/help?undertaking={public_id}"
    ).text


def test_a_need_is_posted_even_when_its_undertaking_is_gone(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(*two)
    with village.act_as(village.cast.officer.actor) as act:
        dissolve_undertaking(act, public_id)
    village.cast.sign_in(client, village.cast.officer)
    sent = {
        "undertaking": public_id, "understood": "1", "text": "做茶的季节要十个人帮忙采茶",
        "category": "talent.jobs", "division": VILLAGE, "terms": "free", "not_duplicate": "1",
    }  # fmt: skip
    answer = client.post("/post/help", data=sent, follow_redirects=True)
    assert "需求发出去了，但那件要办的事已经不在了" in answer.text


def test_only_open_needs_of_one_owner_and_each_in_one_only(
    village: Village, two: list[Listing]
) -> None:
    public_id = village.make(two[0])
    hers = village.need("别村的需求", village.cast.enterprise)
    offer = make_listing(village.house, village.cast.officer, Side.OFFER)
    ended = village.need("过期的", state=State.EXPIRED)
    officer = village.cast.officer.actor
    for one, code in (
        (two[0], "undertaking_need_taken"),
        (offer, "undertaking_only_needs"),
        (ended, "undertaking_need_closed"),
    ):
        with pytest.raises(Conflict) as refused, village.act_as(officer) as act:
            make_undertaking(act, "别的名字", "", [act.session.get_one(Listing, one.id)])
        assert refused.value.code == code
    with pytest.raises(Forbidden), village.act_as(officer) as act:
        add_needs(act, public_id, [act.session.get_one(Listing, hers.id)])
    both = village.cast.enterprise.actor
    with pytest.raises(NotFound), village.act_as(both) as act:
        add_needs(act, "nothing", [act.session.get_one(Listing, hers.id)])
    assert village.inside(public_id) == [two[0].id]


def test_needs_of_two_owners_are_not_put_together_by_a_broker_either(
    village: Village, two: list[Listing]
) -> None:
    committee = village.cast.make_organisation(OrganisationKind.COOPERATIVE, "合作社", VILLAGE)
    farmer = village.cast.make_player("农", VILLAGE, committee, Role.MANAGER)
    other = village.need("合作社的需求", farmer, division_code=VILLAGE)
    with pytest.raises(Conflict) as refused:
        village.make(two[0], other, who=village.cast.broker)
    assert refused.value.code == "undertaking_other_owner"


def test_not_more_than_twelve_and_words_without_contacts(
    village: Village, two: list[Listing]
) -> None:
    many = [village.need(f"需求{number}") for number in range(MOST_PARTS + 1)]
    with pytest.raises(Conflict) as refused:
        village.make(*many)
    assert refused.value.code == "undertaking_full"
    for name in ("", "  ", "名" * 61, "打电话13812345678", "给老王家筹医药费"):
        with pytest.raises(Invalid) as wrong:
            village.make(two[0], name=name)
        assert list(wrong.value.fields) == ["name"]
    public_id = village.make(*many[:MOST_PARTS])
    with (
        pytest.raises(Conflict) as refused,
        village.act_as(village.cast.officer.actor) as act,
    ):
        add_needs(act, public_id, [act.session.get_one(Listing, many[-1].id)])
    assert refused.value.code == "undertaking_full"


def test_a_broker_of_the_place_may_and_the_owner_hears_of_it(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(*two, who=village.cast.broker)
    entry = village.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "UndertakingMade")
    ).one()
    assert entry.person_id == village.cast.broker.person_id
    assert entry.details["owner_id"] == village.cast.officer.organisation_id
    told = village.session.scalars(sa.select(Notice).where(Notice.code == "undertaking_made")).all()
    assert [notice.person_id for notice in told] == [village.cast.officer.person_id]
    page = village.page(client, public_id, village.cast.broker)
    assert "Take a need out" in page
    assert "Post another need for this" not in page


def test_a_broker_who_serves_not_all_places_reads_but_changes_nothing(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    village.cast.make_place(ELSEWHERE)
    far = village.need("远处的需求", division_code=ELSEWHERE)
    public_id = village.make(two[0], far)
    page = village.page(client, public_id, village.cast.broker)
    assert NAME in page
    assert "Dissolve" not in page
    broker = village.cast.broker.actor
    with pytest.raises(Forbidden), village.act_as(broker) as act:
        change_undertaking(act, public_id, "改名", None)
    with pytest.raises(Forbidden), village.act_as(broker) as act:
        remove_need(act, public_id, act.session.get_one(Listing, two[0].id))
    with pytest.raises(Forbidden):
        village.make(two[1], far, who=village.cast.broker)


def test_strangers_change_nothing(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(two[0])
    path = f"/undertakings/{public_id}"
    village.cast.sign_in(client, village.cast.stranger)
    assert client.get(f"/undertakings/new?need={two[1].public_id}").status_code == 403
    for way, sent in (
        ("edit", {"name": "x", "version": "1"}), ("needs", {"needs": two[1].public_id}),
        ("remove", {"need": two[0].public_id}), ("dissolve", {"version": "1"}),
    ):  # fmt: skip
        assert client.post(f"{path}/{way}", data=sent).status_code == 403, way
    assert client.post(f"{path}/take-up", data={"pairs": "a:b"}).status_code == 403
    village.cast.sign_out(client)
    assert client.post(f"{path}/dissolve", data={"version": "1"}).status_code == 302
    assert village.inside(public_id) == [two[0].id]


def test_hidden_needs_do_not_show_by_name_or_number(
    village: Village, two: list[Listing], client: FlaskClient, program: MakeProgram
) -> None:
    hidden = village.need("只给社工看的", visibility=Visibility.BROKERS)
    verified = village.need("核验过才看的", visibility=Visibility.VERIFIED)
    coarse = village.need(
        "真标题", public_title="公开的标题", public_division_code="520422"
    )
    public_id = village.make(two[0], hidden, verified, coarse)
    shown = {
        None: {two[0].title},
        village.cast.stranger: {two[0].title},
        village.cast.enterprise: {two[0].title, "核验过才看的"},
        village.cast.broker: {two[0].title, "只给社工看的", "核验过才看的", "真标题"},
        village.cast.officer: {two[0].title, "只给社工看的", "核验过才看的", "真标题"},
    }
    every = {two[0].title, "只给社工看的", "核验过才看的", "真标题", "公开的标题"}
    for who, titles in shown.items():
        page = village.page(client, public_id, who)
        assert {title for title in every if title in page} == titles
        assert ("of 4 needs have a partner" in page) is (len(titles) == 4)
        told = program(who).get(f"/undertakings/{public_id}").get_json()
        assert {part["need"]["title"] for part in told["parts"]} == titles
        outside = len(titles) < 4
        assert (told["version"] is None) is outside
        assert (told["counted"] is None) is outside
        assert all((part["progress"] is None) is outside for part in told["parts"])
        page = client.get(f"/listings/{coarse.public_id}").text
        assert (NAME in page) is not outside
    assert "It has" not in client.get(f"/listings/{two[0].public_id}").text  # the owner's own count
    village.cast.sign_out(client)
    client.get("/locale/en")
    alone = client.get(f"/listings/{two[0].public_id}").text
    assert NAME in alone
    assert "further need" not in alone


def test_an_undertaking_of_hidden_needs_is_not_there_for_strangers(
    village: Village, two: list[Listing], client: FlaskClient, program: MakeProgram
) -> None:
    hidden = village.need("只给社工看的", visibility=Visibility.BROKERS)
    secret = village.make(hidden)
    sensitive = village.make(two[0], name="留守儿童之家")
    held = village.need("被举报的")
    parked = village.make(held, name="被举报的事")
    village.session.get_one(Listing, held.id).held_at = village.house.clock.now()
    village.session.commit()
    for public_id in (secret, sensitive, parked):
        for who in (None, village.cast.stranger, village.cast.enterprise):
            assert village.page(client, public_id, who) == ""
            assert program(who).get(f"/undertakings/{public_id}").status_code == 404
            with pytest.raises(NotFound):
                seen_undertaking(
                    village.session, who.actor if who else type(village.cast.broker.actor)(),
                    public_id,
                )  # fmt: skip
        assert village.page(client, public_id, village.cast.broker)
        assert village.page(client, public_id, village.cast.officer)
    village.cast.sign_out(client)
    assert "留守儿童之家" not in client.get(f"/listings/{two[0].public_id}").text


def test_a_draft_thrown_away_leaves_its_undertaking(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(*two)
    first = village.session.get_one(Listing, two[0].id)
    first.state, first.published_at = State.DRAFT, None
    village.session.commit()
    village.cast.sign_in(client, village.cast.officer)
    client.post(f"/listings/{two[0].public_id}/discard")
    assert village.inside(public_id) == [two[1].id]


def test_programs_do_the_same(
    village: Village, two: list[Listing], program: MakeProgram
) -> None:
    officer, ids = program(village.cast.officer), [need.public_id for need in two]
    bad = officer.post("/undertakings", {"name": NAME, "needs": ["nothing"]})
    assert bad.status_code == 422
    assert bad.get_json()["errors"]["needs"]
    made = officer.post("/undertakings", {"name": NAME, "needs": ids[:1]})
    assert made.status_code == 201
    key = made.get_json()["id"]
    assert made.headers["Location"].endswith(f"/undertakings/{key}")
    assert officer.post(f"/undertakings/{key}/needs", {"needs": ids}).status_code == 200
    told = officer.get(f"/undertakings/{key}").get_json()
    assert [(part["need"]["id"], part["progress"]) for part in told["parts"]] == [
        (one, "nothing") for one in ids
    ]
    assert (told["with_partner"], told["counted"], told["version"]) == (0, 2, 2)
    assert officer.patch(f"/undertakings/{key}", {"name": "别", "version": 1}).status_code == 409
    assert officer.patch(f"/undertakings/{key}", {"note": "两百亩"}).get_json()["version"] == 3
    assert officer.get("/undertakings").get_json()["items"][0]["id"] == key
    stranger = program(village.cast.stranger)
    assert stranger.patch(f"/undertakings/{key}", {"name": "x"}).status_code == 403
    assert stranger.get("/undertakings").get_json()["items"] == []
    assert stranger.get(f"/undertakings/{key}/combination").status_code == 403
    assert officer.call("DELETE", f"/undertakings/{key}/needs/{ids[0]}").status_code == 204
    assert village.inside(key) == [two[1].id]
    assert officer.call("DELETE", f"/undertakings/{key}").status_code == 204
    assert officer.get(f"/undertakings/{key}").status_code == 404
    with village.act_as(village.cast.officer.actor) as act:
        assert seen_listing(act.session, act.actor, ids[0]).state is State.PUBLISHED


def test_more_undertakings_take_the_same_number_of_queries(
    village: Village,
    client: FlaskClient,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    def count(path: str) -> int:
        village.cast.sign_in(client, village.cast.officer)
        with catch_queries() as queries:
            assert client.get(path).status_code == 200
        return queries.count

    first = village.make(*(village.need(f"一{n}") for n in range(2)))
    village.make(*(village.need(f"二{n}") for n in range(2)), name="二")
    paths = ("/my/undertakings", f"/undertakings/{first}")
    client.get("/healthz")
    before = [count(path) for path in paths]
    for number in range(3):
        village.make(*(village.need(f"三{number}{n}") for n in range(4)), name=f"三{number}")
    more = [village.need(f"又{number}").id for number in range(4)]
    with village.act_as(village.cast.officer.actor) as act:
        add_needs(act, first, [act.session.get_one(Listing, key) for key in more])
    assert [count(path) for path in paths] == before


def test_a_worker_of_another_county_is_a_stranger(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    away = village.cast.make_worker(
        "远", "七星关社工站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER
    )
    hidden = village.make(village.need("只给社工看的", visibility=Visibility.BROKERS))
    assert village.page(client, hidden, away) == ""
    page = village.page(client, village.make(*two), away)
    assert NAME in page
    assert "have a partner" not in page
