"""Binding a WeChat: from one's own page, by a link, once, and for one person at a time."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.kernel.settings import Settings
from exchange.notifications.channels import SENDERS, sender_for
from exchange.notifications.kinds import Channel
from exchange.notifications.models import Notice
from exchange.notifications.wechat.models import WechatBinding, WechatInvitation, WechatToken
from exchange.notifications.wechat.service import openid_of_person
from tests.cast import Player
from tests.conftest import SettableClock
from tests.notifications.conftest import Post
from tests.notifications.servers import Wechat, settings_for, wechat_server

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) MicroMessenger/8.0.49"}


@pytest.fixture
def account() -> Iterator[Wechat]:
    with wechat_server() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, account: Wechat) -> Settings:
    wanted = settings_for(account, account, account)
    of_wechat = {name: value for name, value in wanted.items() if name.startswith("wechat_")}
    return replace(settings, **of_wechat)


def way_out(page: str) -> dict[str, str]:
    """The query of the link to WeChat's sign-in that stands on a page."""
    found = re.search(r'href="(https://open\.weixin\.qq\.com[^"]+)"', page)
    assert found, page
    query = parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)
    return {name: values[0] for name, values in query.items()}


def come_back(client: FlaskClient, account: Wechat, page: str, openid: str):  # type: ignore[no-untyped-def]
    """As WeChat's browser does after its sign-in."""
    asked = way_out(page)
    account.codes["c0de"] = openid
    where = urlsplit(asked["redirect_uri"]).path
    return client.get(where, query_string={"code": "c0de", "state": asked["state"]})


def bound(session: Session) -> list[int]:
    session.rollback()
    found = list(session.scalars(sa.select(WechatBinding.person_id)))
    session.rollback()
    return found


def test_a_person_binds_their_wechat_and_lets_it_go(
    post: Post, client: FlaskClient, account: Wechat, session: Session
) -> None:
    who = post.cast.officer
    post.cast.sign_in(client, who)
    page = client.get("/me/wechat", headers=PHONE).text
    answer = come_back(client, account, page, "o-abc")
    assert answer.location == "/me/wechat"
    assert bound(session) == [who.person_id]
    row = session.scalars(sa.select(WechatBinding)).one()
    assert "o-abc" not in f"{row.openid_sealed} {row.openid_hash}"
    assert openid_of_person(session, post.cast.house.secrets, who.person_id) == "o-abc"
    session.rollback()
    assert "微信绑定好了" in client.get("/me/wechat", headers=PHONE).text
    assert client.post("/me/wechat/unbind").location == "/me/messages"
    assert bound(session) == []


def test_a_link_binds_the_wechat_that_opens_it_once(
    post: Post, client: FlaskClient, account: Wechat, session: Session
) -> None:
    who = post.cast.officer
    post.cast.sign_in(client, who)
    assert "open.weixin" not in client.get("/me/wechat").text
    made = re.search(r'value="(http[^"]+/wechat/bind/[^"]+)"', client.post("/me/wechat/link").text)
    assert made
    path = urlsplit(made[1]).path
    phone = post.cast.app.test_client()
    page = phone.get(path, headers=PHONE).text
    assert "罗小满" in page
    assert "open.weixin" not in phone.get(path).text  # outside WeChat there is nothing to tap
    page = phone.get(path, headers=PHONE).text
    assert "微信绑定好了" in come_back(phone, account, page, "o-abc").text
    assert bound(session) == [who.person_id]
    assert phone.get(path, headers=PHONE).status_code == 404
    told = session.scalars(sa.select(Notice.code).where(Notice.person_id == who.person_id)).all()
    assert told == ["wechat_bound"]


def test_a_link_ends_after_ten_minutes(
    post: Post, client: FlaskClient, session: Session, clock: SettableClock
) -> None:
    post.cast.sign_in(client, post.cast.officer)
    made = re.search(r'value="http[^"]+(/wechat/bind/[^"]+)"', client.post("/me/wechat/link").text)
    assert made
    assert made[1].rpartition("/")[2] not in str(
        session.scalars(sa.select(WechatInvitation.code_hash)).all()
    )
    session.rollback()
    clock.forward(minutes=10)
    assert client.get(made[1], headers=PHONE).status_code == 404


@pytest.mark.parametrize("change", ["state", "code", "nothing", "late", "other browser"])
def test_what_did_not_start_here_binds_nobody(
    post: Post, client: FlaskClient, account: Wechat, session: Session, clock: SettableClock,
    change: str,
) -> None:  # fmt: skip
    post.cast.sign_in(client, post.cast.officer)
    asked = way_out(client.get("/me/wechat", headers=PHONE).text)
    account.codes["c0de"] = "o-abc"
    query = {"code": "c0de", "state": asked["state"]}
    if change == "late":
        clock.forward(minutes=10, seconds=1)
    if change == "other browser":
        client = post.cast.app.test_client()
        post.cast.sign_in(client, post.cast.enterprise)
    if change in query:
        query[change] = "ünknown"
    answer = client.get("/wechat/back", query_string={} if change == "nothing" else query)
    assert answer.status_code == 400
    assert "没有成功" in answer.text
    assert bound(session) == []


def test_a_way_back_is_good_once(
    post: Post, client: FlaskClient, account: Wechat, session: Session
) -> None:
    post.cast.sign_in(client, post.cast.officer)
    page = client.get("/me/wechat", headers=PHONE).text
    assert come_back(client, account, page, "o-abc").status_code == 302
    assert come_back(client, account, page, "o-other").status_code == 400


def test_one_wechat_serves_one_person_and_the_other_hears_of_it(
    post: Post, client: FlaskClient, account: Wechat, session: Session
) -> None:
    for who in (post.cast.officer, post.cast.enterprise):
        post.cast.sign_in(client, who)
        page = client.get("/me/wechat", headers=PHONE).text
        come_back(client, account, page, "o-shared")
    assert bound(session) == [post.cast.enterprise.person_id]
    told = session.execute(sa.select(Notice.person_id, Notice.code)).all()
    assert [tuple(row) for row in told] == [(post.cast.officer.person_id, "wechat_moved")]


def test_a_person_has_one_wechat(
    post: Post, client: FlaskClient, account: Wechat, session: Session
) -> None:
    who: Player = post.cast.officer
    for openid in ("o-old", "o-new"):
        post.cast.sign_in(client, who)
        come_back(client, account, client.get("/me/wechat", headers=PHONE).text, openid)
    assert bound(session) == [who.person_id]
    assert openid_of_person(session, post.cast.house.secrets, who.person_id) == "o-new"


def test_the_token_is_kept_for_all_processes_and_fetched_before_it_ends(
    post: Post, account: Wechat, session: Session, clock: SettableClock
) -> None:
    who = post.give(post.cast.officer, wechat=True)
    run = post.cast.app.extensions["exchange.jobs"]
    senders = post.cast.house.resources[SENDERS]

    def sent(number: int) -> None:
        del senders[Channel.WECHAT]  # as another process, which has kept nothing
        with post.cast.app.app_context():
            sender_for(run, Channel.WECHAT)
        post.tell(who, "match_introduced", need="a", offer="b", path=f"/matches/{number}")
        post.run_jobs()
        assert len(account.taken) == number

    sent(1)
    sent(2)
    assert account.fetched == 1
    kept = session.scalars(sa.select(WechatToken)).one()
    assert "token-0" not in kept.token_sealed
    session.rollback()
    clock.forward(minutes=114)
    sent(3)
    assert account.fetched == 1
    clock.forward(minutes=2)  # four minutes before its end
    sent(4)
    assert account.fetched == 2


def test_a_site_without_an_account_has_no_such_pages(post: Post, client: FlaskClient) -> None:
    object.__setattr__(post.cast.house, "settings", replace(post.cast.house.settings,
                                                            wechat_app_id=""))  # fmt: skip
    post.cast.sign_in(client, post.cast.officer)
    assert client.get("/me/wechat").status_code == 404
    assert client.post("/me/wechat/link").status_code == 404
    assert client.get("/wechat/back?code=a&state=b").status_code == 404
    assert "/me/wechat" not in client.get("/me/messages").text
