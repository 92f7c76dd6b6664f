"""Following a search through the doors: saving, changing, resting, deleting, and whose it is."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Never

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.alerts import weighing
from exchange.alerts.models import SavedSearch, SavedSearchItem
from exchange.alerts.rules import MOST_SEARCHES
from exchange.audit.models import AuditEntry
from exchange.search.port import IndexUnavailable
from tests.alerts.conftest import Follower
from tests.conftest import Queries

QUESTION = re.compile(r'name="question" value="([^"]+)"')


def no_index(_house: object) -> Never:
    """The index of a site whose disk is gone."""
    raise IndexUnavailable(reason="missing")


def test_the_question_of_a_page_is_saved_with_one_tap(follower: Follower) -> None:
    firm, client = follower.cast.enterprise, follower.client
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.cast.sign_in(client, firm)
    page = client.get("/needs?q=冷藏车&division=5204&terms=free").text
    question = unescape(QUESTION.findall(page)[0])
    answer = client.post(
        "/me/searches", data={"question": question, "rhythm": "weekly"}, follow_redirects=True
    )
    assert answer.request.path == "/needs"
    assert "已关注这个搜索：每周一。" in answer.text
    assert QUESTION.findall(answer.text) == []
    listed = client.get("/me/searches").text
    assert "冷藏车 · 需求 · 安顺市 · 免费" in listed
    client.post("/me/searches", data={"question": question, "rhythm": "daily"})
    assert len(follower.rows(firm)) == 1


def test_it_is_offered_where_nothing_was_found(follower: Follower) -> None:
    follower.cast.sign_in(follower.client, follower.cast.enterprise)
    page = follower.client.get("/search?q=孔雀").text
    assert "有了就告诉您" in page
    assert QUESTION.findall(page) == ["q=%E5%AD%94%E9%9B%80"]


def test_a_place_in_the_words_is_kept_as_a_filter(follower: Follower) -> None:
    """Also when nothing was found there, and the page shows what is elsewhere."""
    firm, client = follower.cast.enterprise, follower.client
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.cast.sign_in(client, firm)
    for words, code in (("安顺 冷藏车", "5204"), ("毕节 冷藏车", "5205")):
        question = unescape(QUESTION.findall(client.get(f"/search?q={words}").text)[0])
        assert question == f"division={code}&q=%E5%86%B7%E8%97%8F%E8%BD%A6"
        follower.save(firm, question)
        assert QUESTION.findall(client.get(f"/search?q={words}").text) == []
    follower.stage.publish(follower.cast.officer, "又要冷藏车")
    follower.wait()
    assert follower.told(firm) == ["“又要冷藏车”"]


@pytest.mark.parametrize("path", ["/search", "/needs", "/offers?sort=newest&state=all"])
def test_a_question_without_words_and_filters_is_not_offered(follower: Follower, path: str) -> None:
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.cast.sign_in(follower.client, follower.cast.enterprise)
    assert QUESTION.findall(follower.client.get(path).text) == []


def test_a_visitor_is_led_through_sign_in_and_back(follower: Follower) -> None:
    client, firm = follower.client, follower.cast.enterprise
    page = client.get("/needs?q=孔雀&terms=free").text
    way = unescape(re.findall(r'href="(/sign-in\?next=[^"]+)"', page)[0])
    body = {"address": firm.phone, "password": firm.password}
    back = client.post(way, data=body, follow_redirects=True)
    assert back.request.full_path == "/needs?q=%E5%AD%94%E9%9B%80&terms=free"
    assert len(QUESTION.findall(back.text)) == 1


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "请先写个词"),
        ("side=need&state=all", "请先写个词"),
        ("q=%20", "请先写个词"),
        ("category=nothing", "没看懂这个搜索"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(
    follower: Follower, question: str, words: str
) -> None:
    follower.cast.sign_in(follower.client, follower.cast.enterprise)
    body = {"question": question, "rhythm": "daily"}
    answer = follower.client.post("/me/searches", data=body)
    assert answer.status_code == 422
    assert words in answer.text
    assert follower.rows(follower.cast.enterprise) == []


def test_nobody_follows_more_than_fifty(follower: Follower) -> None:
    firm = follower.cast.enterprise
    for number in range(MOST_SEARCHES):
        follower.save(firm, f"q=第{number}种")
    body = {"question": "q=再来一种", "rhythm": "daily"}
    answer = follower.client.post("/me/searches", data=body)
    assert answer.status_code == 409
    assert "已经关注了 50 个搜索" in answer.text
    assert len(follower.rows(firm)) == MOST_SEARCHES


def test_name_and_rhythm_change(follower: Follower) -> None:
    firm, client = follower.cast.enterprise, follower.client
    saved = follower.save(firm, "q=冷藏车")
    page = client.get(f"/me/searches/{saved}").text
    assert 'value="冷藏车"' in page
    body = {"name": "  冬天的\n车 ", "rhythm": "weekly"}
    assert client.post(f"/me/searches/{saved}", data=body).status_code == 302
    row = follower.rows(firm)[0]
    assert (row.name, row.rhythm) == ("冬天的 车", "weekly")
    for name in ("", "长" * 61):
        answer = client.post(f"/me/searches/{saved}", data={"name": name, "rhythm": "daily"})
        assert answer.status_code == 422
        assert 'class="field-error"' in answer.text
        assert f'value="{name}"' in answer.text
    odd = client.post(f"/me/searches/{saved}", data={"name": "车", "rhythm": "?"})
    assert odd.status_code == 422
    assert follower.rows(firm)[0].rhythm == "weekly"


def test_deleting_takes_everything_along(follower: Follower) -> None:
    firm = follower.cast.enterprise
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    saved = follower.save(firm, "q=冷藏车")
    count = sa.select(sa.func.count()).select_from(SavedSearchItem)
    assert follower.session.scalar(count) == 1
    assert follower.client.post(f"/me/searches/{saved}/delete").status_code == 302
    assert follower.rows(firm) == []
    assert follower.session.scalar(count) == 0
    assert "还没有关注的搜索" in follower.client.get("/me/searches").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("POST", ""), ("GET", "/results"), ("POST", "/pause"), ("POST", "/resume"),
        ("POST", "/address"), ("POST", "/delete"),
    ],
)  # fmt: skip
def test_anothers_saved_search_does_not_exist(follower: Follower, method: str, path: str) -> None:
    saved = follower.save(follower.cast.enterprise, "q=冷藏车")
    before = vars(follower.rows(follower.cast.enterprise)[0]).copy()
    follower.cast.sign_in(follower.client, follower.cast.stranger)
    body = {"name": "别人的", "rhythm": "weekly"} if method == "POST" else None
    answer = follower.client.open(f"/me/searches/{saved}{path}", method=method, data=body)
    assert answer.status_code == 404
    after = vars(follower.rows(follower.cast.enterprise)[0])
    assert {**after, "_sa_instance_state": 0} == {**before, "_sa_instance_state": 0}
    assert "冷藏车" not in follower.client.get("/me/searches").text


def test_what_is_done_stands_in_the_audit_without_words(follower: Follower) -> None:
    saved = follower.save(follower.cast.enterprise, "q=冷藏车")
    for step in ("pause", "resume", "address", "delete"):
        follower.client.post(f"/me/searches/{saved}/{step}")
    follower.session.rollback()
    entries = follower.session.execute(
        sa.select(AuditEntry.event, AuditEntry.details).order_by(AuditEntry.id)
    )
    ours = [(event, details) for event, details in entries if "search_id" in details]
    assert [event for event, _ in ours] == [
        "SearchSaved", "SavedSearchChanged", "SavedSearchChanged", "FeedAddressRenewed",
        "SavedSearchDeleted",
    ]  # fmt: skip
    assert {tuple(sorted(details)) for _, details in ours} == {("person_id", "search_id")}


def test_twice_the_saved_searches_take_the_same_number_of_queries(
    follower: Follower,
    client: FlaskClient,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    firm, counts = follower.cast.enterprise, []
    for start in (0, 3):
        for number in range(start, start + 3):
            follower.save(firm, f"q=第{number}种&division=5204")
        client.get("/me/searches")
        with catch_queries() as queries:
            assert client.get("/me/searches").text.count("看结果") == start + 3
        counts.append(queries.count)
    assert counts[0] == counts[1]


def test_the_same_question_saved_at_once_twice_is_one(follower: Follower) -> None:
    """The database refuses what two acts would both write."""
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车")
    columns = [one for one in SavedSearch.__table__.columns if one.name != "id"]
    row = follower.session.execute(sa.select(*columns)).one()._asdict()
    row |= {"public_id": "another", "feed_hash": "another"}
    with pytest.raises(sa.exc.IntegrityError):
        follower.session.execute(sa.insert(SavedSearch).values(row))
    follower.session.rollback()


def test_a_search_is_followed_while_the_index_is_away(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it finds already is known by the database, so that nobody is told of it."""
    firm = follower.cast.enterprise
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.clock.forward(days=2)
    with monkeypatch.context() as patched:
        patched.setattr(weighing, "search_index", no_index)
        follower.save(firm, "q=冷藏车")
    follower.stage.publish(follower.cast.officer, "又要冷藏车")
    follower.wait()
    assert follower.told(firm) == ["“又要冷藏车”"]
    (saved,) = follower.rows(firm)
    known = sa.select(sa.func.count()).where(SavedSearchItem.search_id == saved.id)
    assert follower.session.scalar(known) == 2
