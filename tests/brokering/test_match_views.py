"""Views of matches that a worker keeps: their own, one that opens first, some shared."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.closing.events import AccountClosed
from exchange.brokering.board.rules import AskedMatches
from exchange.brokering.board.view_models import MatchView
from exchange.brokering.board.view_queries import default_view, shared_views, views_of
from exchange.brokering.board.view_service import (
    MOST_VIEWS,
    change_view,
    delete_view,
    save_view,
)
from exchange.brokering.handover import leaving_subscribers
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.cast import Player

DUE = AskedMatches(due="week", sort="due")


def keep(scene: Scene, who: Player, name: str, asked: AskedMatches = DUE, **more: Any) -> str:
    with scene.act(who) as act:
        return save_view(act, name, asked, **more).public_id


def names(scene: Scene, who: Player) -> list[str]:
    scene.cast.session.rollback()
    return [one.name for one in views_of(scene.cast.session, who.person_id)]


def test_a_view_is_kept_opened_first_renamed_and_deleted(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    cast.sign_in(client, cast.broker)
    sent = {"name": " 本周\n到期 ", "question": "due=week&sort=due&nonsense=1", "opens_first": "y"}
    answer = client.post("/match-views", data=sent)
    assert answer.location == "/matches?who=mine&due=week&sort=due"
    assert client.get("/matches").location == "/matches?who=mine&due=week&sort=due"
    page = client.get(answer.location).get_data(as_text=True)
    assert "本周 到期" in page
    view = cast.session.scalars(sa.select(MatchView)).one()
    address = f"/match-views/{view.public_id}"
    assert view.question == "due=week&sort=due"
    assert client.post(address, data={"name": "到期的"}).status_code == 302
    assert names(scene, cast.broker) == ["到期的"]
    assert client.get("/matches").status_code == 200
    assert client.post(address, data={"name": ""}).status_code == 422
    assert client.post(f"{address}/delete").status_code == 302
    assert names(scene, cast.broker) == []


def test_one_of_the_same_name_gets_the_new_question_and_one_opens_first(scene: Scene) -> None:
    broker, session = scene.cast.broker, scene.cast.session
    first = keep(scene, broker, "甲", opens_first=True)
    second = keep(scene, broker, "乙", opens_first=True)
    assert keep(scene, broker, "甲", AskedMatches(state="claimed")) == first
    session.rollback()
    found = default_view(session, broker.person_id)
    assert found
    assert found.public_id == second
    assert [one.question for one in views_of(session, broker.person_id)] == [
        "due=week&sort=due", "state=claimed",
    ] or [one.question for one in views_of(session, broker.person_id)] == [
        "state=claimed", "due=week&sort=due",
    ]  # fmt: skip
    with pytest.raises(Invalid), scene.act(broker) as act:
        change_view(act, second, "甲", opens_first=False, is_shared=False)
    with pytest.raises(Invalid), scene.act(broker) as act:
        save_view(act, "长" * 31, DUE)


def test_so_many_and_no_more(scene: Scene) -> None:
    broker = scene.cast.broker
    with scene.act(broker) as act:
        for number in range(MOST_VIEWS):
            save_view(act, f"视图{number}", DUE)
    with pytest.raises(Conflict, match="too_many_views"):
        keep(scene, broker, "再一个")
    keep(scene, broker, "视图3", AskedMatches())
    assert len(names(scene, broker)) == MOST_VIEWS


def test_they_are_ones_own(scene: Scene, client: FlaskClient) -> None:
    cast = scene.cast
    other = colleague(cast, cast.broker, "小吴")
    public_id = keep(scene, cast.broker, "我的")
    for who in (other, cast.supervisor):
        with pytest.raises(NotFound), scene.act(who) as act:
            change_view(act, public_id, "你的", opens_first=False, is_shared=False)
        with pytest.raises(NotFound), scene.act(who) as act:
            delete_view(act, public_id)
        cast.sign_in(client, who)
        assert client.post(f"/match-views/{public_id}", data={"name": "x"}).status_code == 404
        assert public_id not in client.get("/match-views").get_data(as_text=True)
    with pytest.raises(Forbidden):
        keep(scene, cast.officer, "村里的")
    assert names(scene, cast.broker) == ["我的"]


def test_a_supervisor_shares_with_who_works_in_the_centre(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    mine = keep(scene, cast.broker, "我的")
    with pytest.raises(Forbidden), scene.act(cast.broker) as act:
        change_view(act, mine, "我的", opens_first=False, is_shared=True)
    public_id = keep(scene, cast.supervisor, "全中心搁置的", AskedMatches(rest="stalled"))

    def seen(who: Player) -> list[str]:
        cast.session.rollback()
        return [one.name for one in shared_views(cast.session, who.actor)]

    assert seen(cast.broker) == []
    with scene.act(cast.supervisor) as act:
        change_view(act, public_id, "全中心搁置的", opens_first=False, is_shared=True)
    assert seen(cast.broker) == ["全中心搁置的"]
    assert seen(cast.supervisor) == []
    assert seen(cast.stranger) == []
    cast.sign_in(client, cast.broker)
    assert "全中心搁置的" in client.get("/matches?who=mine").get_data(as_text=True)
    assert "陆远" in client.get("/match-views").get_data(as_text=True)
    with scene.act(cast.supervisor) as act:
        change_view(act, public_id, "全中心搁置的", opens_first=False, is_shared=False)
    assert seen(cast.broker) == []


def test_they_go_with_the_account(scene: Scene) -> None:
    cast = scene.cast
    other = colleague(cast, cast.broker, "小吴")
    for who in (cast.broker, other):
        keep(scene, who, "我的")
    with scene.open() as act:
        leaving_subscribers._closed(act, AccountClosed(other.person_id, ()))
    assert (names(scene, other), names(scene, cast.broker)) == ([], ["我的"])
