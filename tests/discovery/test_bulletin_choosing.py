"""What else of its days belongs in an issue can be put in; its numbers say as of when they hold."""

import json
import re

import pytest
from flask.testing import FlaskClient

from exchange.discovery.bulletins.choosing import put_in
from exchange.discovery.bulletins.listing_sections import MOST_NEW, MOST_OPEN
from exchange.discovery.bulletins.rules import MOST_IN_LIST
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.sharing.rules import short_code
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - the fixture
from tests.discovery.bulletin_scene import MONDAY, Desk, titles
from tests.discovery.test_bulletin_pages import count, send, text

OLD = "2026-11-02"
MORE = 25  # than stand in it


@pytest.fixture
def full(desk: Desk) -> Desk:
    """An issue whose list of needs holds fewer than there are."""
    desk.opened(editor=desk.cast.broker)
    for number in range(MOST_NEW + 3):
        desk.listing(f"新需求{number}号", "2026-11-18")
    for number in range(MOST_OPEN + MORE):
        desk.listing(f"老需求{number}号", OLD)
    desk.listing("烤房的老需求", OLD)
    desk.listing("只给社工看的", OLD, visibility=Visibility.BROKERS)
    desk.listing("今天才来的", MONDAY)
    desk.composed()
    return desk


def keys(page: str) -> dict[str, str]:
    """By title: the key of what may be put in."""
    found = re.findall(r'name="key" value="(\w+)"[^>]*><span><b>([^<]+)</b>', page)
    return {title: key for key, title in found}


def door(desk: Desk, code: str = "needs") -> str:
    return f"/bulletins/{desk.issue().public_id}/more/{code}"


def put(
    client: FlaskClient, desk: Desk, chosen: list[str], version: int | None = None
) -> tuple[int, str]:
    body = {"key": chosen, "version": str(version or desk.issue().version)}
    answer = client.post(door(desk), data=body, follow_redirects=True)
    return answer.status_code, answer.text


def test_an_editor_finds_by_words_what_is_left_and_puts_it_in(
    full: Desk, client: FlaskClient
) -> None:
    full.cast.sign_in(client, full.cast.broker)
    status, page = send(client, full, "more-needs")
    assert (status, full.issue().headline_zh) == (200, "春耕前还缺机器"), "what was typed is saved"
    assert "从其余的里选" in page
    first = keys(page)
    later = keys(text(client, door(full) + "?page=1"))
    assert (len(first), len(later)) == (20, 3 + MORE + 1 - 20)
    assert not {*first} & {*later}
    assert not {*first, *later} & set(titles(full.view()))
    assert {"只给社工看的", "今天才来的"}.isdisjoint({*first, *later})
    found = keys(text(client, door(full) + "?q=烤房"))
    assert [*found] == ["烤房的老需求"]
    assert "没有这些字词" in text(client, door(full) + "?q=月亮")
    send(client, full, "out-1")
    status, page = put(client, full, [found["烤房的老需求"]])
    assert status == 200
    assert "已放到清单最后" in page
    assert titles(full.view())[-1] == "烤房的老需求"
    assert keys(text(client, door(full) + "?q=烤房")) == {}
    number = max(item.number for item in full.view().sections[0].items)
    send(client, full, f"first-{number}")
    assert titles(full.view())[0] == "烤房的老需求"
    assert len(titles(full.view())) == MOST_IN_LIST


def test_what_was_left_out_can_be_taken_again_and_twice_is_once(
    full: Desk, client: FlaskClient
) -> None:
    full.cast.sign_in(client, full.cast.broker)
    title = titles(full.view())[0]
    send(client, full, "out-1")
    (key,) = keys(text(client, f"{door(full)}?q={title}")).values()
    put(client, full, [key, key])
    assert titles(full.view())[-1] == title
    version = full.issue().version
    assert put(client, full, [key])[0] == 200
    assert full.issue().version == version
    items = [one.title for one in full.view().sections[0].items]
    assert items.count(title) == 1


def test_a_list_stays_as_long_as_it_can_be_read(full: Desk, client: FlaskClient) -> None:
    full.cast.sign_in(client, full.cast.broker)
    one, other = [*keys(text(client, door(full))).values()][:2]
    status, page = put(client, full, [one])
    assert status == 422
    assert "最多列 30 条" in page
    assert f'value="{one}" checked' in page
    send(client, full, "out-1")
    put(client, full, [other])
    status, page = send(client, full, "in-1")
    assert status == 422
    assert "最多列 30 条" in page
    assert len(titles(full.view())) == MOST_IN_LIST


@pytest.mark.parametrize("chosen", [[], ["0"], ["x" * 99], ["zzzz"], ["hidden"], ["of today"]])
def test_what_does_not_belong_in_is_refused(
    full: Desk, client: FlaskClient, chosen: list[str]
) -> None:
    full.cast.sign_in(client, full.cast.broker)
    send(client, full, "out-1")
    for name, title in (("hidden", "只给社工看的"), ("of today", "今天才来的")):
        if chosen == [name]:
            row = full.session.query(Listing).filter_by(title=title).one()
            chosen = [short_code(row.id)]
    before = full.issue().version
    status, page = put(client, full, chosen)
    assert status == 422
    assert ("请勾选要放进去的" if not chosen else "其中一条已经不能放进来了") in page
    assert full.issue().version == before


def test_of_two_editors_the_second_does_not_undo_the_first(
    full: Desk, client: FlaskClient
) -> None:
    full.cast.sign_in(client, full.cast.broker)
    for number in (1, 2, 3):
        send(client, full, f"out-{number}")
    one, other = [*keys(text(client, door(full))).values()][:2]
    version = full.issue().version
    assert put(client, full, [one], version)[0] == 200
    status, page = put(client, full, [other], version)
    assert status == 422
    assert "刚才有别人改过" in page
    assert f'value="{other}" checked' in page
    assert put(client, full, [other], version + 1)[0] == 200
    assert len(titles(full.view())) == MOST_IN_LIST - 1


def test_the_door_is_for_those_who_edit_the_issue(full: Desk, client: FlaskClient) -> None:
    for who, status in ((full.cast.officer, 403), (full.cast.stranger, 403)):
        full.cast.sign_in(client, who)
        text(client, door(full), status)
        assert client.post(door(full), data={"key": "2", "version": "1"}).status_code == status
    full.cast.sign_in(client, full.cast.supervisor)
    text(client, door(full))
    text(client, door(full, "nothing"), 404)
    full.approved()
    assert client.get(door(full)).status_code == 302
    assert put(client, full, [])[0] == 422


def test_numbers_are_those_of_the_moment_it_came_out_and_say_so(
    desk: Desk, client: FlaskClient
) -> None:
    desk.opened()
    met = desk.listing("补上了的", "2026-11-18")
    kept = desk.listing("还缺的", "2026-11-18", quantity_milli=5_000, unit="台")
    desk.composed()
    desk.listing("晚来的老需求", "2026-11-19")
    desk.change(met, state=State.FULFILLED)
    desk.change(kept, committed_milli=3_000)
    assert desk.view().sections[0].figures == ("2 new",)
    assert desk.view().counted.replace("\xa0", " ") == "Counted on 23 Nov 08:00"
    desk.at("2026-11-24", 9, 30)
    public_id = desk.approved()
    said = "数字截至 11 月 24 日 09:30"
    desk.change(kept, committed_milli=4_000)
    desk.listing("更晚的", "2026-11-20")
    for end in ("", "/print", "/text"):
        page = text(client, f"/bulletins/{public_id}{end}").replace("\xa0", " ")
        assert said in page, end
    page = text(client, f"/bulletins/{public_id}")
    assert "<b>新来 2 条</b><b>这里列 1 条</b>" in page
    assert "2 台" in page
    assert "补上了的" not in page
    feed = json.loads(client.get(f"/bulletins/at/{desk.place}/feed.json").data)
    assert said in feed["items"][0]["content_text"].replace("\xa0", " ")
    assert desk.issue().figures["needs"] == {"new": 2, "open": 0}


def test_an_editor_has_it_counted_again(full: Desk, client: FlaskClient) -> None:
    full.cast.sign_in(client, full.cast.broker)
    full.listing("补录的", "2026-11-19")
    full.at(MONDAY, 15)
    edited = count(full, "BulletinEdited")
    status, page = send(client, full, "count")
    assert status == 200
    assert "数字已更新到现在" in page
    assert "15:00" in page
    assert full.issue().figures["needs"]["new"] == MOST_NEW + 4
    assert full.issue().headline_zh == "春耕前还缺机器"
    assert count(full, "BulletinEdited") == edited + 2


def test_counted_later_its_days_stay_the_same(desk: Desk) -> None:
    desk.opened()
    desk.composed()
    desk.listing("以后的", "2026-11-25")
    desk.at("2026-11-26", 9)
    desk.approved()
    assert desk.issue().figures["needs"] == {"new": 0, "open": 0}


def test_programs_do_the_same(full: Desk, program: MakeProgram) -> None:
    worker, stranger = program(full.cast.broker), program(full.cast.stranger)
    address = f"/bulletins/{full.issue().public_id}"
    page = worker.get(f"{address}/more/needs", limit=2).get_json()
    assert len(page["items"]) == 2
    following = worker.get(f"{address}/more/needs", limit=2, cursor=page["next_cursor"])
    assert {one["key"] for one in following.get_json()["items"]}.isdisjoint(
        one["key"] for one in page["items"]
    )
    (found,) = worker.get(f"{address}/more/needs", q="烤房").get_json()["items"]
    assert (found["title"], found["is_new"]) == ("烤房的老需求", False)
    assert worker.get(f"{address}/more/needs", cursor="x").status_code == 422
    assert worker.get(f"{address}/more/nothing").status_code == 404
    assert stranger.get(f"{address}/more/needs").status_code == 403
    body = {"section": "needs", "keys": [found["key"]], "version": 1}
    refused = worker.post(f"{address}/items", body)
    assert refused.status_code == 422
    assert refused.get_json()["errors"]["keys"][0]["code"] == "bulletin_list_full"
    worker.patch(address, {"left_out": [1], "version": 1})
    assert worker.post(f"{address}/items", body).status_code == 409
    done = worker.post(f"{address}/items", {**body, "version": 2})
    assert done.status_code == 200
    assert done.get_json()["sections"][0]["items"][-1]["title"] == "烤房的老需求"
    counted = worker.post(f"{address}/count", {"version": 3})
    assert counted.get_json()["counted_at"].startswith("2026-11-23T00:00")
    assert stranger.post(f"{address}/count", {"version": 3}).status_code == 403


def test_other_lists_are_chosen_from_too(desk: Desk, client: FlaskClient) -> None:
    desk.opened(editor=desk.cast.broker)
    for number in range(MOST_NEW + 2):
        desk.listing(f"资源{number}号", "2026-11-18", Side.OFFER)
    desk.composed()
    desk.cast.sign_in(client, desk.cast.broker)
    assert len(keys(text(client, door(desk, "offers")))) == 2
    for code in ("news", "wishes", "delivered"):
        assert "都已经列进去了" in text(client, door(desk, code))
        assert "没有这些字词" in text(client, door(desk, code) + "?q=果苗")
    with pytest.raises(Invalid), desk.open(desk.cast.broker.actor) as act:
        put_in(act, desk.issue().public_id, "delivered", ["2"], 1)
