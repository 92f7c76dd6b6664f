"""Short links lead to one path of this site, until they end, and nothing keeps their code."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import issue_link
from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM
from exchange.notifications import limits
from exchange.notifications.jobs import UPKEEP
from exchange.notifications.kinds import Channel
from exchange.notifications.short_links.models import ShortLink
from exchange.web.throttle import Limit
from tests.conftest import SettableClock
from tests.notifications.conftest import Post

ActAs = Callable[..., AbstractContextManager[Act]]


def told(post: Post, out: str = "/answer/xyz") -> str:
    """The short path of a message."""
    who = post.give(post.cast.officer)
    post.tell(who, "match_introduced", need="a", offer="b", path="/matches/m", out=out)
    post.run_jobs()
    [text] = post.texts(Channel.SMS)
    return "/s/" + text.rpartition("/s/")[2]


def test_a_short_link_leads_on_and_is_kept_by_nobody(
    post: Post, client: FlaskClient, session: Session
) -> None:
    path = told(post)
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, "/answer/xyz")
    assert answer.headers["Cache-Control"] == "no-store"
    [link] = session.scalars(sa.select(ShortLink))
    code = path.rpartition("/")[2]
    assert code not in f"{link.code_hash} {link.path_sealed}"
    assert "answer" not in link.path_sealed


def test_a_short_link_ends_and_is_forgotten(
    post: Post, client: FlaskClient, session: Session, clock: SettableClock
) -> None:
    path = told(post)
    clock.forward(days=7)
    answer = client.get(path)
    assert answer.status_code == 410
    assert "这个链接过期了" in answer.text
    clock.forward(days=1, minutes=1)
    with post.cast.app.app_context():
        UPKEEP.handler(post.cast.app.extensions["exchange.jobs"], [{}])
    assert session.scalars(sa.select(ShortLink)).all() == []
    assert client.get(path).status_code == 404


def test_a_short_link_to_a_question_lives_as_long_as_it_can_be_answered(
    post: Post, client: FlaskClient, clock: SettableClock, act_as: ActAs
) -> None:
    who = post.cast.officer
    with act_as(SYSTEM) as act:
        until = act.now + timedelta(days=14)
        token = issue_link(
            act, LinkPurpose.ANSWER, "m:need", who.person_id, who.organisation_id, until
        )
    path = told(post, f"/a/{token}")
    clock.forward(days=13, hours=23)
    assert client.get(path).location == f"/a/{token}"
    clock.forward(hours=2)
    over = client.get(path)
    assert over.status_code == 410
    assert "请您答复的" in over.text


@pytest.mark.parametrize("code", ["abcdefghjkm", "x", "三" * 300, "%0d%0aSet-Cookie:a"])
def test_an_unknown_code_says_so(post: Post, client: FlaskClient, code: str) -> None:
    assert client.get(f"/s/{code}").status_code == 404


def test_codes_cannot_be_tried_out(
    post: Post, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("short_link.network", 3, timedelta(hours=1))
    monkeypatch.setattr(limits, "SHORT_LINK_NETWORK", few)
    statuses = [client.get(f"/s/guess{number}").status_code for number in range(4)]
    assert statuses == [404, 404, 404, 429]
