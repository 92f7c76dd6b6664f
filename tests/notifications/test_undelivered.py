"""Messages that were given up: who sees them, trying again, dropping, and what is counted."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.accounts.rules import AddressKind
from exchange.accounts.sealing import open_address
from exchange.admin.doctor import Grade, judge_messages
from exchange.kernel.actor import Duty
from exchange.notifications.kinds import Channel, DeliveryState, Then
from exchange.notifications.models import Delivery
from exchange.notifications.port import NotSent
from tests.cast import Player
from tests.conftest import Queries
from tests.notifications.conftest import Post

TITLE = "孩子的轮椅"
MAIL = Channel.EMAIL
STATE = DeliveryState


def lose(post: Post, who: Player, number: int = 1, out: str | None = None) -> str:
    """A message to the player that nobody takes; its id."""
    post.give(who, mail=True)
    post.boxes[MAIL].refusals = [NotSent("smtp_550", Then.GIVE_UP)]
    post.tell(who, title=TITLE, path=f"/listings/{number}", out=out)
    post.run_jobs()
    found = post.deliveries(state=STATE.DEAD)[-1].message_id
    post.session.rollback()
    return found


def test_the_page_says_why_and_since_when_and_no_address(post: Post, client: FlaskClient) -> None:
    who = post.cast.officer
    lose(post, who)
    address = open_address(post.cast.house.secrets, who.person, AddressKind.EMAIL)
    post.cast.sign_in(client, post.cast.operator)
    page = client.get("/undelivered").text
    assert "罗小满" in page
    assert "邮件服务器不收（550）" in page
    assert "11 月 22 日".replace(" ", "\N{NO-BREAK SPACE}") in page
    for private in (TITLE, who.phone, str(address)):
        assert private not in page
    client.get("/locale/en")
    assert "The mail server refuses it (550)." in client.get("/undelivered").text


def test_tried_again_it_goes_out_under_the_same_id(post: Post, client: FlaskClient) -> None:
    lost = lose(post, post.cast.officer, out="/answer/xyz")
    post.cast.sign_in(client, post.cast.supervisor)
    assert client.post(f"/undelivered/{lost}/retry").status_code == 302
    post.run_jobs()
    [message] = post.boxes[MAIL].sent
    assert message.message_id == lost
    assert "/answer/xyz" in message.text
    assert post.states(MAIL) == [STATE.SENT]
    assert "都送到了" in client.get("/undelivered").text


def test_dropped_it_never_goes_out_and_leaves_no_secret(post: Post, client: FlaskClient) -> None:
    lost = lose(post, post.cast.officer, out="/answer/xyz")
    post.cast.sign_in(client, post.cast.operator)
    assert client.post(f"/undelivered/{lost}/drop").status_code == 302
    post.run_jobs()
    [delivery] = post.deliveries(channel=MAIL)
    assert (delivery.state, delivery.path_sealed) == (STATE.DROPPED, None)
    answer = client.post(f"/undelivered/{lost}/retry", follow_redirects=True)
    assert "这条消息已经有人处理了" in answer.text
    assert post.texts(MAIL) == []


def test_all_are_tried_again_after_an_outage(post: Post, client: FlaskClient) -> None:
    for number in range(3):
        lose(post, post.cast.officer, number)
    post.cast.sign_in(client, post.cast.operator)
    assert "3 条消息会再发一次" in client.post("/undelivered/retry", follow_redirects=True).text
    post.run_jobs()
    assert post.states(MAIL) == [STATE.SENT] * 3
    assert len({message.message_id for message in post.boxes[MAIL].sent}) == 3


@pytest.mark.parametrize("who", ["officer", "broker", "stranger", "visitor"])
def test_others_see_nothing(post: Post, client: FlaskClient, who: str) -> None:
    lost = lose(post, post.cast.officer)
    if who != "visitor":
        post.cast.sign_in(client, getattr(post.cast, who))
    for answer in (client.get("/undelivered"), client.post(f"/undelivered/{lost}/drop")):
        assert answer.status_code in (302, 401, 403)
    assert post.states(MAIL) == [STATE.DEAD]


def test_a_supervisor_elsewhere_sees_and_changes_nothing(post: Post, client: FlaskClient) -> None:
    lost = lose(post, post.cast.officer)
    elsewhere = post.cast.make_worker(
        "远方", "毕节中心", PointLevel.CENTRE, ("5205",), Duty.SUPERVISOR
    )
    post.cast.sign_in(client, elsewhere)
    assert "罗小满" not in client.get("/undelivered").text
    assert client.post(f"/undelivered/{lost}/retry").status_code == 404
    assert client.post(f"/undelivered/{lost}/drop").status_code == 404
    client.post("/undelivered/retry")
    assert post.states(MAIL) == [STATE.DEAD]


def test_the_number_of_queries_does_not_grow(
    post: Post,
    client: FlaskClient,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    counts = []
    for rows in (2, 4):
        for number in range(rows):
            lose(post, post.cast.make_player(f"人{rows}{number}", "520422"))
        post.cast.sign_in(client, post.cast.operator)
        client.get("/undelivered")
        with catch_queries() as queries:
            client.get("/undelivered")
        counts.append(queries.count)
    assert counts[0] == counts[1]


def test_lost_messages_are_counted(post: Post, client: FlaskClient, session: Session) -> None:
    assert client.get("/readyz").get_json()["counts"] == {"undelivered_messages": 0}
    lose(post, post.cast.officer)
    assert client.get("/readyz").get_json()["counts"] == {"undelivered_messages": 1}
    assert client.get("/readyz").status_code == 200
    assert session.scalar(sa.select(sa.func.count(Delivery.id))) == 1


def test_the_doctor_says_how_it_stands_with_messages() -> None:
    assert judge_messages(0, 0).grade is Grade.OK
    assert judge_messages(3, 0).grade is Grade.ATTENTION
    assert judge_messages(0, 2).grade is Grade.ATTENTION
    assert "/undelivered" in judge_messages(3, 0).advice
