"""How far an undertaking is, who could answer it together, and taking them up in one step."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.audit.models import AuditEntry
from exchange.brokering.life import claiming
from exchange.brokering.models import Match
from exchange.brokering.undertakings.queries import answer_for, tell_parts
from exchange.brokering.undertakings.service import take_up_undertaking
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.undertakings.rules import PartState
from exchange.listings.undertakings.service import make_undertaking, remove_need
from exchange.listings.undertakings.states import part_states
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.brokering.plan_table import Table
from tests.brokering.plan_table import table as table  # noqa: PLC0414 - a fixture
from tests.cast import Player
from tests.conftest import Queries
from tests.factories import make_listing


class Desk:
    """The village's undertaking of three needs: machines, a teacher, hands."""

    def __init__(self, table: Table) -> None:
        self.table, self.scene, self.cast = table, table.scene, table.cast
        self.machine = table.scene.need_id
        self.teacher = table.listing(Side.NEED, "请人教做茶", quantity_milli=None, unit=None)
        self.hands = table.listing(
            Side.NEED, "采茶要十个人", quantity_milli=10_000, unit="人"
        )
        with self.scene.act(self.cast.officer) as act:
            needs = [act.session.get_one(Listing, key) for key in self.needs]
            self.key = make_undertaking(act, "办茶叶加工坊", "", needs).public_id

    @property
    def needs(self) -> list[int]:
        return [self.machine, self.teacher, self.hands]

    def offer(self, title: str, need_id: int, score: float, **values: object) -> int:
        """An offer of the firm that is suggested for a need."""
        made = self.table.listing(Side.OFFER, title, **values)
        self.table.suggest((need_id, made, score))
        return made

    def public(self, *ids: int) -> list[str]:
        return [self.table.session.get_one(Listing, one).public_id for one in ids]

    def page(self, client: FlaskClient, who: Player) -> str:
        self.cast.sign_in(client, who)
        client.get("/locale/en")
        return client.get(f"/undertakings/{self.key}").text

    def take(self, who: Player, *pairs: tuple[int, int]) -> list[str]:
        with self.scene.act(who) as act:
            listed = [
                (act.session.get_one(Listing, need), act.session.get_one(Listing, offer))
                for need, offer in pairs
            ]
            return [match.public_id for match in take_up_undertaking(act, self.key, listed)]

    def matches(self) -> list[tuple[int, int]]:
        self.table.session.rollback()
        query = sa.select(Match.need_id, Match.offer_id).order_by(Match.id)
        return [tuple(row) for row in self.table.session.execute(query)]


@pytest.fixture
def desk(table: Table) -> Desk:
    return Desk(table)


@pytest.fixture
def full(desk: Desk) -> list[tuple[int, int]]:
    """The firm has machines and teaches; hands come from two who must be combined."""
    lessons = desk.offer("上门教做茶", desk.teacher, 0.7, quantity_milli=None, unit=None)
    six = desk.offer("六个人", desk.hands, 0.6, quantity_milli=6_000, unit="人")
    four = desk.offer("四个人", desk.hands, 0.55, quantity_milli=4_000, unit="人")
    return [
        (desk.machine, desk.scene.offer_id), (desk.teacher, lessons),
        (desk.hands, six), (desk.hands, four),
    ]  # fmt: skip


def test_the_broker_sees_who_could_do_it_together_and_takes_all_up(
    desk: Desk, full: list[tuple[int, int]], client: FlaskClient
) -> None:
    page = desk.page(client, desk.cast.broker)
    assert "1 partner could do all that is still open" in page
    assert "3 of 3 open needs in full" in page
    assert "6 people" in page
    pairs = [":".join(desk.public(*pair)) for pair in full]
    assert all(f'value="{pair}"' in page for pair in pairs)
    path = f"/undertakings/{desk.key}/take-up"
    answer = client.post(path, data={"pairs": pairs}, follow_redirects=True)
    assert "All 4 are taken up" in answer.text
    assert 'id="answer"' not in answer.text
    assert answer.text.count("In talks") == 3
    assert desk.matches() == full
    events = desk.table.session.scalars(sa.select(AuditEntry.event)).all()
    assert events.count("MatchClaimed") == 4
    client.post(path, data={"pairs": pairs})
    assert desk.matches() == full


def test_the_owner_sees_it_without_a_button_and_strangers_nothing(
    desk: Desk, full: list[tuple[int, int]], client: FlaskClient, program: MakeProgram
) -> None:
    page = desk.page(client, desk.cast.officer)
    assert "上门教做茶" in page
    assert "/take-up" not in page
    assert page.count("Has suggestions") == 3
    for who in (desk.cast.stranger, desk.cast.enterprise):
        page = desk.page(client, who)
        assert "办茶叶加工坊" in page
        assert 'id="answer"' not in page
        assert "have a partner" not in page
        assert program(who).get(f"/undertakings/{desk.key}/combination").status_code == 403
        with pytest.raises(Forbidden):
            desk.take(who, full[0])


def test_what_the_reader_may_not_see_is_in_no_answer(
    desk: Desk, full: list[tuple[int, int]], client: FlaskClient
) -> None:
    secret = desk.table.session.get_one(Listing, full[1][1])
    secret.visibility = Visibility.BROKERS
    desk.table.session.commit()
    assert "上门教做茶" in desk.page(client, desk.cast.broker)
    page = desk.page(client, desk.cast.officer)
    assert "上门教做茶" not in page
    assert "2 of 3 open needs in full" in page


def test_states_follow_the_matches_that_the_reader_may_see(desk: Desk) -> None:
    def told(who: Player) -> list[str]:
        desk.table.session.rollback()
        needs = [desk.table.session.get_one(Listing, key) for key in desk.needs]
        found = tell_parts(desk.table.session, desk.table.house, who.actor, needs, True)
        return [found[need.id].value for need in needs if need.id in found]

    officer, broker = desk.cast.officer, desk.cast.broker
    assert told(officer) == ["suggested", "nothing", "nothing"]
    desk.scene.claimed()
    assert told(broker)[0] == "talks"
    assert told(officer)[0] == "nothing"  # a claim is the brokers' own
    assert told(desk.cast.stranger) == []
    secret = desk.table.session.get_one(Listing, desk.teacher)
    secret.state = State.SUBMITTED
    desk.table.session.commit()
    needs = [desk.table.session.get_one(Listing, key) for key in desk.needs]
    found = part_states(desk.table.session, desk.table.house, officer.actor, needs)
    assert found[desk.teacher] is PartState.REVIEW


def test_introduced_is_a_partner_and_counts(
    desk: Desk, full: list[tuple[int, int]], client: FlaskClient
) -> None:
    desk.scene.introduced()
    page = desk.page(client, desk.cast.officer)
    assert "1 of 3 needs have a partner" in page
    assert "Partner found" in page
    assert "2 of 2 open needs in full" in page
    listing = client.get(f"/listings/{desk.public(desk.hands)[0]}").text
    assert "1 of 3 needs have a partner" in listing
    need = desk.table.session.get_one(Listing, desk.teacher)
    need.state = State.WITHDRAWN
    desk.table.session.commit()
    assert "1 of 2 needs have a partner" in desk.page(client, desk.cast.officer)


def test_what_is_in_hand_takes_its_part_first(desk: Desk, full: list[tuple[int, int]]) -> None:
    desk.take(desk.cast.broker, full[1], full[2])
    session = desk.table.session
    session.rollback()
    needs = [session.get_one(Listing, key) for key in desk.needs]
    found = answer_for(session, desk.table.house, desk.cast.broker.actor, needs)
    assert [need.id for need in found.lacking] == [desk.machine, desk.hands]
    [rest] = found.cover.of_part(desk.hands)
    assert (rest.pair.offer, rest.covers_milli, rest.share) == (full[3][1], 4_000, 1)


def test_somebody_elses_pair_keeps_all_from_being_taken_up_and_is_named(
    desk: Desk, full: list[tuple[int, int]], client: FlaskClient
) -> None:
    with desk.scene.act(desk.cast.supervisor) as act:
        claiming.claim(act, *full[2])
    with pytest.raises(Conflict) as refused:
        desk.take(desk.cast.broker, *full)
    assert refused.value.code == "combination_changed"
    assert refused.value.params["ids"] == desk.public(full[2][1])
    assert desk.matches() == [full[2]]
    desk.cast.sign_in(client, desk.cast.broker)
    pairs = [":".join(desk.public(*pair)) for pair in full]
    path = f"/undertakings/{desk.key}/take-up"
    answer = client.post(path, data={"pairs": pairs}, follow_redirects=True)
    assert "六个人" in answer.text
    assert "一个也没有接下" in answer.text


def test_only_needs_of_the_undertaking_are_taken_up(
    desk: Desk, full: list[tuple[int, int]]
) -> None:
    with pytest.raises(Invalid):
        desk.take(desk.cast.broker)
    with desk.scene.act(desk.cast.officer) as act:
        remove_need(act, desk.key, act.session.get_one(Listing, desk.hands))
    with pytest.raises(Conflict) as refused:
        desk.take(desk.cast.broker, *full)
    assert refused.value.code == "undertaking_need_gone"
    assert desk.matches() == []


def test_who_answers_several_needs_comes_before_a_better_single_one(
    desk: Desk, client: FlaskClient
) -> None:
    desk.offer("公司教做茶", desk.teacher, 0.5, quantity_milli=None, unit=None)
    single = make_listing(
        desk.table.house, desk.cast.stranger, Side.OFFER, title="老师傅教做茶",
        quantity_milli=None, unit=None,
    ).id  # fmt: skip
    desk.table.suggest((desk.teacher, single, 0.9))
    page = desk.page(client, desk.cast.officer)
    head, _, rest = page.partition("What else fits each need")
    assert "1 partner could do a part" in head
    assert "公司教做茶" in head
    assert "老师傅教做茶" in rest


def test_programs_read_and_take_up(
    desk: Desk, full: list[tuple[int, int]], program: MakeProgram
) -> None:
    broker = program(desk.cast.broker)
    path = f"/undertakings/{desk.key}"
    told = broker.get(f"{path}/combination").get_json()
    assert (told["covered"], len(told["lacking"])) == (3.0, 3)
    [giver] = told["givers"]
    got = {(one["need"]["id"], one["offer"]["id"]): one for one in giver["pairs"]}
    assert set(got) == {tuple(desk.public(*pair)) for pair in full}
    six = got[tuple(desk.public(*full[2]))]
    assert (six["taken"], six["covers"], six["share"]) == (6, 6, 0.6)
    assert got[tuple(desk.public(*full[1]))]["covers"] is None
    pairs = [{"need": need, "offer": offer} for need, offer in got]
    assert broker.post(f"{path}/take-up", {"pairs": []}).status_code == 422
    wrong = {"pairs": [{"need": "x", "offer": "y"}]}
    assert broker.post(f"{path}/take-up", wrong).status_code == 422
    made = broker.post(f"{path}/take-up", {"pairs": pairs})
    assert made.status_code == 201
    assert len(made.get_json()["items"]) == 4
    again = broker.post(f"{path}/take-up", {"pairs": pairs}).get_json()
    assert [one["id"] for one in again["items"]] == [one["id"] for one in made.get_json()["items"]]
    told = broker.get(path).get_json()
    assert [part["progress"] for part in told["parts"]] == ["talks"] * 3


def test_more_suggestions_take_the_same_number_of_queries(
    desk: Desk,
    full: list[tuple[int, int]],
    client: FlaskClient,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    def count() -> int:
        desk.cast.sign_in(client, desk.cast.broker)
        with catch_queries() as queries:
            assert client.get(f"/undertakings/{desk.key}").status_code == 200
        return queries.count

    count()
    before = count()
    for number in range(4):
        desk.offer(f"又一个{number}", desk.needs[number % 3], 0.5)
    assert count() == before


def test_what_fits_but_is_promised_elsewhere_is_said_to_be(
    desk: Desk, client: FlaskClient
) -> None:
    other = desk.table.listing(Side.NEED, "别的机器")
    with desk.scene.act(desk.cast.broker) as act:
        claiming.claim(act, other, desk.scene.offer_id)
    page = desk.page(client, desk.cast.broker)
    assert "What fits is promised elsewhere for now." in page
    assert "/take-up" not in page
