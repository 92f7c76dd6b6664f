"""Several matches at once: said before, done one by one, said after, and safe to send twice."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.brokering.board.bulk import MOST, read_chosen
from exchange.brokering.jobs import REMIND
from exchange.brokering.life import proposing
from exchange.brokering.models import TimelineEntry
from exchange.listings.kinds import Side
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.brokering.test_deed_api import call as call  # noqa: PLC0414 - the fixture of the API
from tests.brokering.test_handover import another_match
from tests.brokering.test_lapsing import codes, run, told
from tests.cast import Player
from tests.conftest import SettableClock
from tests.test_odd_forms import ODD

Call = Callable[..., Any]
DAY = "2026-11-30"


def key(scene: Scene, public_id: str) -> str:
    match = scene.match(public_id)
    return f"{public_id}.{match.version}.{match.broker.public_id}"


def send(
    scene: Scene, client: FlaskClient, who: Player, path: str, chosen: list[str], **more: Any
) -> str:
    scene.cast.sign_in(client, who)
    answer = client.post(path, data={"chosen": chosen, **more})
    assert answer.status_code in (200, 422), answer.status_code
    return str(answer.get_data(as_text=True))


def figures(page: str) -> tuple[int, int]:
    """How many were done, and how many left out."""
    done = re.search(r"办好 (\d+) 个", page)
    left = re.search(r"(\d+) 个没办", page)
    assert done
    return int(done[1]), int(left[1]) if left else 0


def asked(scene: Scene, public_id: str) -> str:
    with scene.act(scene.cast.broker) as act:
        proposing.propose(act, public_id, "请看看")
    return public_id


@pytest.fixture
def three(scene: Scene) -> list[str]:
    return [another_match(scene, number) for number in range(3)]


def test_the_page_before_says_what_will_happen_and_does_nothing(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    keys = [key(scene, one) for one in three]
    asked(scene, three[0])
    keys.append("0nowhere0.1.x")
    page = send(scene, client, scene.cast.broker, "/matches/bulk", keys, act="postpone")
    assert "会办的有 2 个" in page
    assert "不办的有 2 个" in page
    assert "它有新变化" in page or "有了新变化" in page
    assert "找不到" in page
    assert {scene.match(one).postponed_until for one in three} == {None}


def test_all_shown_means_what_the_page_showed(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    keys = [key(scene, one) for one in three]
    page = send(
        scene, client, scene.cast.broker, "/matches/bulk", keys[:1], act="postpone", all="yes",
        shown=keys,
    )  # fmt: skip
    assert "会办的有 3 个" in page


def test_setting_aside_twice_does_it_once(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    broker, keys = scene.cast.broker, [key(scene, one) for one in three]
    path, values = "/matches/bulk/postpone", {"day": DAY, "reason": "waits", "note": ""}
    assert figures(send(scene, client, broker, path, keys, **values)) == (3, 0)
    again = send(scene, client, broker, path, keys, **values)
    assert figures(again) == (0, 0)
    assert "3 个本来就是这样" in again
    for one in three:
        assert codes(scene, one).count("postponed") == 1
    back = send(scene, client, broker, "/matches/bulk/resume", [f"{one}.." for one in three])
    assert figures(back) == (3, 0)


def test_a_day_that_leaves_some_out_is_said_before_it_is_done(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    broker = scene.cast.broker
    asked(scene, three[0])  # it lapses on 6 December
    keys = [key(scene, one) for one in three]
    path, values = "/matches/bulk/postpone", {"day": "2026-12-07", "reason": "season"}
    page = send(scene, client, broker, path, keys, **values)
    assert "还什么都没做" in page
    assert "作废，比那天早" in page.replace("就作废了，", "作废，")
    assert {scene.match(one).postponed_until for one in three} == {None}
    page = send(scene, client, broker, path, keys, left=[three[0]], **values)
    assert figures(page) == (2, 1)


def test_a_day_that_leaves_all_out_keeps_the_form_for_an_earlier_one(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    asked(scene, three[0])  # it lapses on 6 December
    only, path = [key(scene, three[0])], "/matches/bulk/postpone"
    values = {"day": "2026-12-07", "reason": "season", "note": "等雨停"}
    scene.cast.sign_in(client, scene.cast.broker)
    for left in ([], [three[0]]):
        refused = client.post(path, data={"chosen": only, "left": left, **values})
        assert refused.status_code == 422
        assert "这样选，一个都办不了" in refused.text
        assert 'value="2026-12-07"' in refused.text
        assert 'selected value="season"' in refused.text
        assert "等雨停" in refused.text
        assert 'form="main-form"' in refused.text
    sent = {"chosen": only, "left": [three[0]], **values, "day": DAY}
    assert figures(client.post(path, data=sent).text) == (1, 0)
    assert scene.match(three[0]).postponed_until is not None


def test_a_bad_day_stands_beside_its_field(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    keys = [key(scene, one) for one in three]
    scene.cast.sign_in(client, scene.cast.broker)
    answer = client.post(
        "/matches/bulk/postpone", data={"chosen": keys, "day": "x", "reason": "", "note": "写好的"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="day-error"' in page
    assert 'id="reason-error"' in page
    assert "写好的" in page


def test_reminding_is_once_a_day_and_the_last_reminder_still_comes(
    scene: Scene, client: FlaskClient, clock: SettableClock, run_jobs: Callable[[], int],
    three: list[str],
) -> None:  # fmt: skip
    cast = scene.cast
    for one in three[:2]:
        asked(scene, one)
    with scene.act(cast.officer) as act:
        proposing.answer(act, three[1], Side.NEED, accept=True)
    path = "/matches/bulk/remind"
    early = send(scene, client, cast.broker, path, [f"{three[0]}.."])
    assert "还不到一天" in early
    clock.forward(days=1)
    keys = [key(scene, one) for one in three]
    before = send(scene, client, cast.broker, "/matches/bulk", keys, act="remind")
    assert "双方都会提醒" in before
    assert "会提醒资源方" in before
    page = send(scene, client, cast.broker, path, keys, left=[three[2]])
    assert figures(page) == (2, 1)
    assert told(scene, "match_reminded_need") == [cast.officer.person_id]
    assert told(scene, "match_reminded_offer") == [cast.enterprise.person_id] * 2
    again = send(scene, client, cast.broker, path, keys, left=three)
    assert figures(again) == (0, 3)
    assert codes(scene, three[0]).count("reminded_need") == 1
    clock.forward(days=10, hours=1)
    run(scene, run_jobs, REMIND)
    assert codes(scene, three[0]).count("need_reminded") == 1
    assert codes(scene, three[1]).count("offer_reminded") == 1


def test_giving_is_for_supervisors_and_says_who_cannot_be_given(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    cast, keys = scene.cast, [key(scene, one) for one in three]
    other = colleague(cast, cast.broker, "小吴")
    receiver = f"worker:{other.person.public_id}"
    refused = send(scene, client, cast.broker, "/matches/bulk", keys, act="assign")
    assert "只有当地的督导" in refused
    page = send(scene, client, cast.supervisor, "/matches/bulk", keys, act="assign")
    assert receiver in page
    asked(scene, three[0])
    path = "/matches/bulk/assign"
    missing = send(scene, client, cast.supervisor, path, keys, receiver="")
    assert "请选交给谁" in missing
    first = send(scene, client, cast.supervisor, path, keys, receiver=receiver)
    assert "还什么都没做" in first
    done = send(scene, client, cast.supervisor, path, keys, receiver=receiver, left=three[:1])
    assert figures(done) == (2, 1)
    again = send(scene, client, cast.supervisor, path, keys, receiver=receiver, left=three[:1])
    assert figures(again) == (0, 1)
    owners = [scene.match(one).broker_id for one in three]
    assert owners == [cast.broker.person_id, other.person_id, other.person_id]


def test_strangers_and_sides_have_no_such_door(
    scene: Scene, client: FlaskClient, three: list[str]
) -> None:
    for who in (scene.cast.officer, scene.cast.stranger):
        scene.cast.sign_in(client, who)
        for path in ("/matches/bulk", "/matches/bulk/remind", "/match-views"):
            assert client.post(path, data={"chosen": three}).status_code == 403
    scene.cast.sign_in(client, scene.cast.broker)
    assert client.post("/matches/bulk/dance", data={"chosen": three}).status_code == 404
    assert client.post("/matches/bulk", data={"act": "postpone"}).status_code == 302


def test_programs_read_what_became_of_each(
    scene: Scene, call: Call, three: list[str], clock: SettableClock
) -> None:
    cast = scene.cast
    asked(scene, three[2])
    clock.forward(days=2)
    stale = {"id": three[0], "version": scene.version(three[0]) + 1}
    sent = {"matches": [stale, {"id": three[1]}, {"id": "nowhere"}], "day": DAY, "reason": "road"}
    status, found = call(cast.broker, "/matches/bulk/postpone", sent)
    assert status == 200
    assert [(one["result"], one["code"]) for one in found["items"]] == [
        ("left_out", "match_changed"), ("done", None), ("left_out", "case_gone"),
    ]  # fmt: skip
    assert (found["done"], found["already"], found["left_out"]) == (1, 0, 2)
    assert call(cast.broker, "/matches/bulk/postpone", sent)[1]["already"] == 1
    assert call(cast.broker, "/matches/bulk/resume", {"matches": [{"id": three[1]}]})[1][
        "done"
    ] == 1
    late = {"matches": [{"id": three[2]}], "day": "2026-12-30", "reason": "road"}
    (item,) = call(cast.broker, "/matches/bulk/postpone", late)[1]["items"]
    assert item["code"] == "postpone_past_lapse"
    assert "2026-12-06" in item["message"]
    assert call(cast.broker, "/matches/bulk/remind", {"matches": [{"id": three[2]}]})[1][
        "done"
    ] == 1
    assert call(cast.officer, "/matches/bulk/remind", {"matches": [{"id": three[2]}]})[0] == 403
    other = colleague(cast, cast.broker, "小吴").person.public_id
    given = {"matches": [{"id": one} for one in three], "worker": other}
    assert call(cast.broker, "/matches/bulk/assign", given)[0] == 403
    assert call(cast.supervisor, "/matches/bulk/assign", given)[1]["done"] == 3
    assert call(cast.supervisor, "/matches/bulk/assign", given)[1]["already"] == 3
    many = {"matches": [{"id": "x"}] * (MOST + 1)}
    assert call(cast.broker, "/matches/bulk/resume", many)[0] == 422
    kept = cast.session.scalars(
        sa.select(TimelineEntry.code).where(TimelineEntry.code == "assigned")
    ).all()
    assert len(kept) == 3


@pytest.mark.parametrize("what", ["assign", "postpone", "resume", "remind"])
def test_no_value_breaks_an_act(
    scene: Scene, client: FlaskClient, three: list[str], what: str
) -> None:
    keys = [key(scene, three[0]), f"{three[1]}..", f"{three[2]}.9999999999."]
    for odd in ODD:
        scene.cast.sign_in(client, scene.cast.supervisor)
        body = dict.fromkeys(("day", "reason", "note", "receiver", "question", "left", "act"), odd)
        for chosen in (keys, [odd], [f"{three[0]}.{odd!r}.{odd!r}"]):
            answer = client.post(f"/matches/bulk/{what}", data=body | {"chosen": chosen})
            assert answer.status_code < 500
            answer = client.post("/matches/bulk", data=body | {"chosen": chosen, "act": what})
            assert answer.status_code < 500


def test_keys_are_read_strictly() -> None:
    found = read_chosen(["abc.3.own", "abc.4.own", "x.y.z", "../../etc", "", "ü.1.", "d.٣."])
    assert [(one.public_id, one.version, one.owner) for one in found] == [
        ("abc", 3, "own"), ("x", None, "z"), ("d", None, ""),
    ]  # fmt: skip
    assert len(read_chosen([f"k{number}.1." for number in range(200)])) == MOST
