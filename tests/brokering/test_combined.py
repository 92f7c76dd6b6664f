"""Combined answers on the page and for programs, and taking all of one up in one step."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.audit.models import AuditEntry
from exchange.brokering.centre.settings import CentreSettings, set_centre_settings
from exchange.brokering.combined.service import take_up_together
from exchange.brokering.life import claiming
from exchange.brokering.models import Match
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.models import Suggestion
from tests.accounts.test_points import point_at
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.brokering.plan_table import Table
from tests.brokering.plan_table import table as table  # noqa: PLC0414 - a fixture
from tests.cast import Player


@pytest.fixture
def three(table: Table) -> list[int]:
    """The scene's need of 40, and offers of 20, 15 and 5."""
    table.scene.listing(Side.NEED).quantity_milli = 40_000
    table.scene.listing(Side.OFFER).quantity_milli = 20_000
    table.session.commit()
    ids = [
        table.scene.offer_id,
        table.listing(Side.OFFER, "十五台的", quantity_milli=15_000),
        table.listing(Side.OFFER, "五台的", quantity_milli=5_000),
    ]
    need = table.scene.need_id
    table.suggest((need, ids[1], 0.8), (need, ids[2], 0.7))  # the first is the table's own
    return ids


def public(table: Table, *ids: int) -> list[str]:
    return [table.session.get_one(Listing, one, populate_existing=True).public_id for one in ids]


def matches(table: Table) -> list[tuple[int, int, int | None]]:
    table.session.rollback()
    query = sa.select(Match.need_id, Match.offer_id, Match.broker_id).order_by(Match.id)
    return [tuple(row) for row in table.session.execute(query)]


def take(table: Table, who: Player, one: int, *others: int) -> list[str]:
    with table.scene.act(who) as act:
        listing, *rest = (act.session.get_one(Listing, key) for key in (one, *others))
        return [match.public_id for match in take_up_together(act, listing, rest)]


def test_the_broker_sees_who_fills_it_together_and_takes_all_up(
    table: Table, three: list[int], client: FlaskClient
) -> None:
    [need] = public(table, table.scene.need_id)
    table.cast.sign_in(client, table.cast.broker)
    client.get("/locale/en")
    page = client.get(f"/listings/{need}").text
    assert "Together these 3 fill it: 20 units + 15 units + 5 units" in page
    sent = {"listing": need, "others": public(table, *three)}
    answer = client.post("/matches/together", data=sent, follow_redirects=True)
    assert "All 3 are taken up" in answer.text
    assert 'id="together"' not in answer.text
    found = matches(table)
    assert found == [(table.scene.need_id, one, table.cast.broker.person_id) for one in three]
    said = table.session.scalars(sa.select(AuditEntry.event)).all()
    assert said.count("MatchClaimed") == 3
    client.post("/matches/together", data=sent)  # the button twice
    assert matches(table) == found


def test_the_owner_sees_it_without_a_button_and_strangers_nothing(
    table: Table, three: list[int], client: FlaskClient, program: MakeProgram
) -> None:
    [need] = public(table, table.scene.need_id)
    table.cast.sign_in(client, table.cast.officer)
    page = client.get(f"/listings/{need}").text
    assert 'id="together"' in page
    assert "/matches/together" not in page
    table.cast.sign_in(client, table.cast.stranger)
    assert 'id="together"' not in client.get(f"/listings/{need}").text
    assert client.post("/matches/together", data={"listing": need}).status_code == 403
    path = f"/listings/{need}/combinations"
    assert program(table.cast.stranger).get(path).status_code == 403


def test_a_part_whose_weightiest_reason_counts_against_it_says_so(
    table: Table, three: list[int], client: FlaskClient
) -> None:
    told = [{"code": "words_shared", "params": {"words": ["老师"]}, "contribution": -0.8}]
    table.session.execute(
        sa.update(Suggestion).where(Suggestion.offer_id == three[1]).values(reasons=told)
    )
    table.session.commit()
    [need] = public(table, table.scene.need_id)
    table.cast.sign_in(client, table.cast.officer)
    together = client.get(f"/listings/{need}").text.split('id="together"')[1]
    assert '<span class="against">减分：</span> 两边写得一样的只有：老师' in together


def test_programs_read_and_take_up(
    table: Table, three: list[int], program: MakeProgram
) -> None:
    need, *offers = public(table, table.scene.need_id, *three)
    broker = program(table.cast.broker)
    [best] = broker.get(f"/listings/{need}/combinations").get_json()["items"]
    assert best["percent"] == 100
    told = [(part["listing"]["id"], part["taken"], part["covers"]) for part in best["parts"]]
    assert told == list(zip(offers, (20, 15, 5), (20, 15, 5), strict=True))
    body = {"listing": need, "others": offers}
    assert broker.post("/matches/together", {**body, "others": offers[:1]}).status_code == 422
    assert broker.post("/matches/together", {**body, "others": ["x", "y"]}).status_code == 422
    made = broker.post("/matches/together", body)
    assert made.status_code == 201
    assert [one["offer"]["id"] for one in made.get_json()["items"]] == offers
    again = broker.post("/matches/together", body).get_json()["items"]
    assert [one["id"] for one in again] == [one["id"] for one in made.get_json()["items"]]


def test_somebody_elses_pair_keeps_all_from_being_taken_up_and_is_named(
    table: Table, three: list[int], client: FlaskClient
) -> None:
    need, *offers = public(table, table.scene.need_id, *three)
    with table.scene.act(table.cast.supervisor) as act:
        claiming.claim(act, table.scene.need_id, three[1])
    table.cast.sign_in(client, table.cast.broker)
    sent = {"listing": need, "others": offers}
    answer = client.post("/matches/together", data=sent, follow_redirects=True)
    assert "一个也没有接下" in answer.text
    assert "十五台的" in answer.text
    assert len(matches(table)) == 1
    with pytest.raises(Conflict) as refused:
        take(table, table.cast.broker, table.scene.need_id, *three)
    assert refused.value.params["ids"] == [offers[1]]


def test_what_is_in_hand_takes_its_part_first(
    table: Table, three: list[int], client: FlaskClient
) -> None:
    with table.scene.act(table.cast.broker) as act:
        claiming.claim(act, table.scene.need_id, three[0])
    table.cast.sign_in(client, table.cast.broker)
    client.get("/locale/en")
    page = client.get(f"/listings/{public(table, table.scene.need_id)[0]}").text
    assert "Together these 2 fill it: 15 units + 5 units" in page


def test_an_offer_is_shared_out_over_needs(table: Table, client: FlaskClient) -> None:
    table.scene.listing(Side.NEED).quantity_milli = 60_000
    table.session.commit()
    poor = table.listing(
        Side.NEED, "困难户要的", quantity_milli=70_000, beneficiaries=["low_income_households"]
    )
    offer = table.scene.offer_id
    table.suggest((poor, offer, 0.8))
    table.cast.sign_in(client, table.cast.broker)
    client.get("/locale/en")
    page = client.get(f"/listings/{public(table, offer)[0]}").text
    assert "These 2 can share it: 70 units + 30 units" in page
    take(table, table.cast.broker, offer, poor, table.scene.need_id)
    assert [need for need, _, _ in matches(table)] == [poor, table.scene.need_id]


def test_only_two_or_three_and_only_by_who_serves_the_place(
    table: Table, three: list[int]
) -> None:
    fourth = table.listing(Side.OFFER, "再一个")
    for others in ([], three[:1], [three[0]] * 2, [*three, fourth]):
        with pytest.raises(Invalid):
            take(table, table.cast.broker, table.scene.need_id, *others)
    with pytest.raises(Forbidden):
        take(table, table.cast.officer, table.scene.need_id, *three)
    assert matches(table) == []


def test_who_carries_as_much_as_the_centre_allows_reads_that(
    table: Table, three: list[int], client: FlaskClient
) -> None:
    cast = table.cast
    centre = point_at(cast, cast.supervisor).public_id
    with table.scene.act(cast.supervisor) as act:
        most = CentreSettings(caseload_limit=2, caseload_blocks=True)
        set_centre_settings(act, centre, most, 0)
    with pytest.raises(Conflict, match="caseload_full"):
        take(table, cast.broker, table.scene.need_id, *three)
    assert matches(table) == []
    need, *offers = public(table, table.scene.need_id, *three)
    cast.sign_in(client, cast.broker)
    sent = {"listing": need, "others": offers}
    answer = client.post("/matches/together", data=sent, follow_redirects=True)
    assert "手上已有 2 件" in answer.text
    assert matches(table) == []
