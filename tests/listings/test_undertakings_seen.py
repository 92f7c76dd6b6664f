"""Who sees undertakings, and what programs and large numbers of them do."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from exchange.accounts.kinds import PointLevel
from exchange.kernel.actor import Duty
from exchange.kernel.errors import NotFound
from exchange.listings.kinds import State, Visibility
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.undertakings.queries import seen_undertaking
from exchange.listings.undertakings.service import (
    add_needs,
)
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.cast import ELSEWHERE
from tests.conftest import Queries
from tests.listings.undertaking_village import NAME, Village
from tests.listings.undertaking_village import cast as cast  # noqa: PLC0414 - a fixture
from tests.listings.undertaking_village import two as two  # noqa: PLC0414 - a fixture
from tests.listings.undertaking_village import village as village  # noqa: PLC0414 - a fixture


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
