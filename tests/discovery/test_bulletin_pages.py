"""The centre edits and approves its bulletin; everybody reads what came out, nobody more."""

import json
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import PointLevel
from exchange.audit.models import AuditEntry
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.rules import LONGEST_HEADLINE
from exchange.kernel.actor import Duty
from exchange.listings.kinds import Side
from exchange.listings.sharing.rules import short_code
from exchange.notifications.models import Notice
from tests.discovery.bulletin_scene import Desk, titles

WORDS = {"headline_zh": "春耕前还缺机器", "introduction_zh": "这周来了两条新需求。"}


def text(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def send(
    client: FlaskClient, desk: Desk, do: str, version: int | None = None, **words: str | list[str]
) -> tuple[int, str]:
    """Press a button of the editor's page; status and page, after the redirect."""
    issue = desk.issue()
    body = {**WORDS, **words, "do": do, "version": str(version or issue.version)}
    answer = client.post(
        f"/bulletins/{issue.public_id}/edit", data=body, follow_redirects=True
    )
    return answer.status_code, answer.get_data(as_text=True)


def count(desk: Desk, event: str) -> int:
    desk.session.rollback()
    query = sa.select(sa.func.count()).where(AuditEntry.event == event)
    return desk.session.scalar(query) or 0


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """An issue with three needs and an offer, edited at the station."""
    desk.opened(editor=desk.cast.broker)
    for number in range(1, 4):
        desk.listing(f"需求{number}", f"2026-11-1{9 - number}")
    desk.listing("资源一", "2026-11-18", Side.OFFER)
    desk.composed()
    return desk


def test_the_station_edits_hands_in_and_the_supervisor_approves(
    waiting: Desk, client: FlaskClient
) -> None:
    desk, cast = waiting, waiting.cast
    public_id = desk.issue().public_id
    cast.sign_in(client, cast.broker)
    assert "需求1" in text(client, f"/bulletins/{public_id}/edit")
    assert send(client, desk, "save")[0] == 200
    status, page = send(client, desk, "submit")
    assert (status, desk.issue().state) == (200, State.SUBMITTED)
    assert "等批准" in page
    cast.sign_in(client, cast.supervisor)
    status, page = send(client, desk, "approve")
    assert status == 200
    issue = desk.issue()
    assert (issue.state, issue.approved_by_id) == (State.PUBLISHED, cast.supervisor.person_id)
    assert issue.submitted_by_id == cast.broker.person_id
    assert "发布了" in page
    cast.sign_out(client)
    said = text(client, f"/bulletins/{public_id}")
    assert all(word in said for word in (*WORDS.values(), "普定县", "需求1"))
    query = sa.select(Notice.code, Notice.person_id).order_by(Notice.id)
    told = [tuple(row) for row in desk.session.execute(query) if row[0].startswith("bulletin")]
    assert told == [
        ("bulletin_composed", cast.broker.person_id),
        ("bulletin_submitted", cast.supervisor.person_id),
    ]


def test_nobody_else_knows_of_an_issue_before_it_comes_out(
    waiting: Desk, client: FlaskClient
) -> None:
    cast, issue = waiting.cast, waiting.issue()
    pages = [f"/bulletins/{issue.public_id}{end}" for end in ("", "/print", "/text")]
    pages += [f"/b/{short_code(issue.id)}", f"/api/v1/bulletins/{issue.public_id}"]
    for who in (None, cast.stranger, cast.officer):
        if who:
            cast.sign_in(client, who)
        for page in pages:
            text(client, page, 404)
        archive = text(client, f"/bulletins/at/{waiting.place}")
        assert issue.public_id not in archive
    text(client, f"/bulletins/{issue.public_id}/edit", 403)
    cast.sign_in(client, cast.broker)
    for page in pages[:3]:
        text(client, page)


def test_a_worker_of_another_place_edits_nothing(waiting: Desk, client: FlaskClient) -> None:
    township = waiting.cast.make_worker(
        "罗云", "化处社工室", PointLevel.ROOM, ("520422102",), Duty.SUPERVISOR
    )
    waiting.cast.sign_in(client, township)
    public_id = waiting.issue().public_id
    text(client, f"/bulletins/{public_id}/edit", 404)
    body = {"version": "1", "do": "approve"}
    assert client.post(f"/bulletins/{public_id}/edit", data=body).status_code == 404
    assert client.post(f"/bulletins/{public_id}/approve", data=body).status_code == 404
    assert client.get(f"/bulletins/places/{waiting.place}").status_code == 404
    assert client.post(f"/bulletins/places/{waiting.place}/compose").status_code == 404
    assert "还没有哪个地方出简报" in text(client, "/bulletins/desk")
    assert waiting.issue().version == 1


def test_the_station_does_not_approve(waiting: Desk, client: FlaskClient) -> None:
    waiting.cast.sign_in(client, waiting.cast.broker)
    public_id = waiting.issue().public_id
    assert "批准发布" not in text(client, f"/bulletins/{public_id}/edit")
    assert send(client, waiting, "approve")[0] == 403
    for way in ("approve", "drop"):
        answer = client.post(f"/bulletins/{public_id}/{way}", data={"version": "1"})
        assert answer.status_code == 403
    assert waiting.issue().state is State.COMPOSED


def test_one_tap_leaves_out_and_moves_and_saves_what_was_typed(
    waiting: Desk, client: FlaskClient
) -> None:
    waiting.cast.sign_in(client, waiting.cast.broker)
    assert titles(waiting.view()) == ["需求1", "需求2", "需求3"]
    send(client, waiting, "out-2")
    assert titles(waiting.view()) == ["需求1", "需求3"]
    assert waiting.issue().headline_zh == "春耕前还缺机器"
    send(client, waiting, "up-3")
    send(client, waiting, "up-3")
    send(client, waiting, "in-2")
    assert titles(waiting.view()) == ["需求3", "需求1", "需求2"]
    assert titles(waiting.view(), "offers") == ["资源一"]
    assert send(client, waiting, "out-99")[0] == 404
    assert send(client, waiting, "sideways-1")[0] == 200


def test_several_are_left_out_at_once_and_no_button_loses_a_tick(
    waiting: Desk, client: FlaskClient
) -> None:
    waiting.cast.sign_in(client, waiting.cast.broker)
    public_id = waiting.issue().public_id
    page = text(client, f"/bulletins/{public_id}/edit")
    assert re.findall(r'name="kept" value="(\d)" checked', page) == ["1", "2", "3", "4"]
    shown = re.findall(r'name="shown" value="(\d)"', page)
    old = send(client, waiting, "keep", 7, shown=shown, kept=["2"])
    assert old[0] == 422
    assert re.findall(r'name="kept" value="(\d)" checked', old[1]) == ["2"]
    assert titles(waiting.view()) == ["需求1", "需求2", "需求3"]
    page = send(client, waiting, "keep", shown=shown, kept=["2"])[1]
    assert titles(waiting.view()) == ["需求2"]
    assert titles(waiting.view(), "offers") == []
    assert waiting.issue().headline_zh == "春耕前还缺机器"
    assert re.findall(r'name="kept" value="(\d)" checked', page) == ["2"]
    send(client, waiting, "up-3", shown=shown, kept=["2", "3"])
    assert titles(waiting.view()) == ["需求3", "需求2"]
    send(client, waiting, "save", shown=["4"], kept=["4", "99", "x"])
    assert titles(waiting.view(), "offers") == ["资源一"]
    assert titles(waiting.view()) == ["需求3", "需求2"]


def test_words_and_papers_say_how_many_of_those_counted_are_listed(
    waiting: Desk, client: FlaskClient
) -> None:
    waiting.cast.sign_in(client, waiting.cast.supervisor)
    public_id = waiting.issue().public_id
    assert "这里列" not in text(client, f"/bulletins/{public_id}")
    send(client, waiting, "approve", shown=["1", "2"], kept=["2"])
    waiting.cast.sign_out(client)
    page = text(client, f"/bulletins/{public_id}")
    assert "<b>新来 3 条</b><b>这里列 2 条</b>" in page
    assert "<b>新来 1 条</b></p>" in page
    assert 'href="/needs?division=520422">看全部' in page
    assert 'href="/offers?division=520422">看全部' in page
    paper = text(client, f"/bulletins/{public_id}/print")
    assert "新来 3 条 · 这里列 2 条" in paper
    assert re.search(r"看全部：https?://[^<]+/needs\?division=520422<", paper)
    assert "/offers?" not in paper
    assert "【需求清单】新来 3 条，这里列 2 条" in text(client, f"/bulletins/{public_id}/text")
    feed = json.loads(client.get(f"/bulletins/at/{waiting.place}/feed.json").data)
    assert "新来 3 条 · 这里列 2 条" in feed["items"][0]["content_text"]


def test_composing_again_what_has_come_out_says_so(waiting: Desk, client: FlaskClient) -> None:
    waiting.cast.sign_in(client, waiting.cast.supervisor)
    address = f"/bulletins/places/{waiting.place}/compose"
    said = "这期简报已经发布了"
    waiting.at("2026-11-24", 9)
    assert said not in client.post(address, follow_redirects=True).text
    waiting.approved()
    again = client.post(address, follow_redirects=True)
    assert again.request.path == f"/bulletins/{waiting.issue().public_id}"
    assert said in again.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"introduction_zh": "请打 13912345678"}, "请不要写电话"),
        ({"headline_zh": "加微信 wxid_abc12345"}, "请不要写电话"),
        ({"introduction_en": "Bank card 6222021234567890128"}, "不要写账号"),
        ({"headline_zh": "长" * (LONGEST_HEADLINE + 1)}, "太长"),
    ],
)
def test_contact_and_payment_data_are_refused_and_nothing_typed_is_lost(
    waiting: Desk, client: FlaskClient, words: dict[str, str], sentence: str
) -> None:
    waiting.cast.sign_in(client, waiting.cast.broker)
    status, page = send(client, waiting, "save", **words)
    assert status == 422
    assert sentence in page
    assert next(iter(words.values()))[:LONGEST_HEADLINE] in page
    assert "春耕前还缺机器" in page or "headline_zh" in words
    assert waiting.issue().version == 1


def test_of_two_who_edit_at_once_the_second_keeps_what_they_typed(
    waiting: Desk, client: FlaskClient
) -> None:
    waiting.cast.sign_in(client, waiting.cast.broker)
    send(client, waiting, "save", version=1)
    mine = {"introduction_zh": "我写的另一段。"}
    status, page = send(client, waiting, "save", version=1, **mine)
    assert status == 422
    assert "刚才有别人改过" in page
    assert "我写的另一段。" in page
    assert 'name="version" type="hidden" value="2"' in page
    assert waiting.issue().introduction_zh == "这周来了两条新需求。"
    assert send(client, waiting, "save", version=2, **mine)[0] == 200
    assert waiting.issue().introduction_zh == "我写的另一段。"


def test_approved_twice_it_comes_out_once(waiting: Desk, client: FlaskClient) -> None:
    waiting.cast.sign_in(client, waiting.cast.supervisor)
    public_id = waiting.issue().public_id
    for _time in range(2):
        answer = client.post(f"/bulletins/{public_id}/approve", data={"version": "1"})
        assert answer.status_code == 302
    assert count(waiting, "BulletinPublished") == 1


def test_what_changed_since_it_was_read_is_not_approved(
    waiting: Desk, client: FlaskClient
) -> None:
    waiting.cast.sign_in(client, waiting.cast.broker)
    send(client, waiting, "save")
    waiting.cast.sign_in(client, waiting.cast.supervisor)
    public_id = waiting.issue().public_id
    answer = client.post(
        f"/bulletins/{public_id}/approve", data={"version": "1"}, follow_redirects=True
    )
    assert "刚才有别人改过" in answer.get_data(as_text=True)
    assert waiting.issue().state is State.COMPOSED


def test_it_goes_back_with_a_note_and_what_came_out_is_taken_down(
    waiting: Desk, client: FlaskClient
) -> None:
    cast, public_id = waiting.cast, waiting.issue().public_id
    cast.sign_in(client, cast.supervisor)
    address = f"/bulletins/{public_id}/send-back"
    assert client.post(address, data={"note": " ", "version": "1"}).status_code == 422
    send(client, waiting, "approve")
    assert text(client, address).count("马上撤下来")
    version = str(waiting.issue().version)
    client.post(address, data={"note": "第二条去掉", "version": version})
    assert waiting.issue().state is State.SENT_BACK
    cast.sign_in(client, cast.broker)
    assert "第二条去掉" in text(client, f"/bulletins/{public_id}/edit")
    assert "第二条去掉" in text(client, "/notices")
    cast.sign_out(client)
    text(client, f"/bulletins/{public_id}", 404)
    cast.sign_in(client, cast.supervisor)
    send(client, waiting, "approve")
    cast.sign_out(client)
    text(client, f"/bulletins/{public_id}")
    waiting.jobs()
    assert count(waiting, "BulletinPublished") == 2
