"""What goes out, when, by which way, and what happens when nobody takes it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.notifications.deliveries import DELIVER
from exchange.notifications.kinds import Channel, DeliveryState, Kind, Rhythm, Then
from exchange.notifications.models import Delivery, Notice
from exchange.notifications.port import NotSent
from exchange.notifications.rules import MOST_TRIES, Quiet
from exchange.notifications.service import notify
from exchange.notifications.wechat.models import WechatBinding
from tests.conftest import Queries, SettableClock
from tests.notifications.conftest import Post

MAIL, SMS, WECHAT = Channel.EMAIL, Channel.SMS, Channel.WECHAT
STATE = DeliveryState


def test_somebody_who_chose_nothing_gets_mail_and_answers_by_phone(post: Post) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.tell(who, "listing_published", title="求微耕机")
    post.tell(who, "match_proposed_to_need", need="求微耕机", path="/matches/m")
    post.run_jobs()
    assert len(post.boxes[MAIL].sent) == 1  # both are due: one message
    assert post.texts(SMS)[0].startswith("可能有人能帮您，请看看回个话。点开看：http://127.0.0.1")
    assert len(post.texts(SMS)) == 1
    assert post.boxes[SMS].sent[0].to == who.phone


def test_wechat_takes_the_place_of_short_messages(post: Post) -> None:
    who = post.give(post.cast.officer, wechat=True)
    post.tell(who, "match_proposed_to_need", need="求微耕机", path="/matches/m")
    post.run_jobs()
    assert post.texts(SMS) == []
    [message] = post.boxes[WECHAT].sent
    assert message.fields["link"].endswith("/matches/m")
    assert message.kind == Kind.ANSWERS
    assert message.to == f"openid-{who.person_id}"


def test_what_is_switched_off_does_not_go_out_and_security_does(post: Post) -> None:
    who = post.give(post.cast.officer, mail=True)
    off = {(kind, channel): Rhythm.OFF for kind in Kind for channel in Channel}
    post.choose(who, off)
    for code in ("listing_published", "match_introduced", "search_found", "password_changed"):
        post.tell(who, code, title="a", need="b", offer="c", name="d", titles="e", count=2)
    post.run_jobs()
    assert [message.kind for message in post.boxes[MAIL].sent] == [Kind.SECURITY]
    assert len(post.texts(SMS)) == 1
    assert post.session.scalar(sa.select(sa.func.count(Notice.id))) == 4


def test_quiet_hours_hold_messages_back_and_one_comes_in_the_morning(
    post: Post, clock: SettableClock
) -> None:
    who = post.give(post.cast.officer, mail=True)
    clock.set(datetime(2026, 11, 22, 14, 30, tzinfo=UTC))  # half past ten at night
    for number in range(3):
        post.tell(who, title=f"信息{number}", path=f"/listings/{number}")
    post.tell(who, "password_changed")
    post.run_jobs()
    assert [message.kind for message in post.boxes[MAIL].sent] == [Kind.SECURITY]
    clock.set(datetime(2026, 11, 22, 22, 59, tzinfo=UTC))
    post.run_jobs()
    assert len(post.boxes[MAIL].sent) == 1
    clock.set(datetime(2026, 11, 22, 23, 0, tzinfo=UTC))
    post.run_jobs()
    morning = post.boxes[MAIL].sent[1:]
    assert [message.subject for message in morning] == ["您有 3 条新消息。"]
    assert re.findall(r"/listings/(\d)", morning[0].text) == ["0", "1", "2"]
    assert post.states(MAIL) == [STATE.SENT] * 4


def test_own_quiet_hours_count_before_the_sites(post: Post, clock: SettableClock) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.choose(who, {}, Quiet(15 * 60, 17 * 60))
    post.tell(who, title="a")
    post.run_jobs()
    assert post.texts(MAIL) == []
    clock.forward(hours=1)
    post.run_jobs()
    assert len(post.texts(MAIL)) == 1


def test_a_digest_has_what_came_up_and_not_what_was_read(
    post: Post, session: Session, clock: SettableClock
) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.choose(who, {(Kind.LISTINGS, MAIL): Rhythm.DAILY})
    for number in range(3):
        post.tell(who, title=f"信息{number}", path=f"/listings/{number}")
    session.execute(
        sa.update(Notice).where(Notice.path == "/listings/1").values(read_at=clock.now())
    )
    session.commit()
    post.run_jobs()
    assert post.texts(MAIL) == []
    clock.forward(hours=16)
    post.run_jobs()
    [text] = post.texts(MAIL)
    assert "/listings/0" in text
    assert "/listings/1" not in text
    assert sorted(post.states(MAIL)) == [STATE.NEEDLESS, STATE.SENT, STATE.SENT]


def test_the_same_news_within_an_hour_is_one_message(post: Post, clock: SettableClock) -> None:
    who = post.give(post.cast.officer, mail=True)
    for minutes in (0, 30, 40):
        clock.forward(minutes=minutes)
        post.tell(who, title="求微耕机")
        post.run_jobs()
    assert len(post.texts(MAIL)) == 2
    post.tell(who, title="另一条")
    post.run_jobs()
    assert len(post.texts(MAIL)) == 3


def test_a_newer_signed_link_takes_the_place_of_one_that_waits(
    post: Post, clock: SettableClock
) -> None:
    who = post.give(post.cast.officer, mail=True)
    clock.set(datetime(2026, 11, 22, 14, 30, tzinfo=UTC))
    for link in ("/answer/old", "/answer/new"):
        post.tell(who, "match_proposed_to_need", need="a", path="/matches/m", out=link)
    clock.forward(hours=9)
    post.run_jobs()
    [text] = post.texts(MAIL)
    assert "/answer/new" in text
    assert "/answer/old" not in text
    assert {one.path_sealed for one in post.deliveries()} == {None}
    post.tell(who, "match_proposed_to_need", need="a", path="/matches/m", out="/answer/third")
    post.run_jobs()
    assert "/answer/third" in post.texts(MAIL)[1]


def test_messages_with_links_of_their_own_are_not_put_together_on_a_phone(post: Post) -> None:
    who = post.give(post.cast.officer)
    for number in range(2):
        post.tell(
            who, "match_proposed_to_need", need="a", path=f"/matches/{number}",
            out=f"/answer/{number}",
        )  # fmt: skip
    post.run_jobs()
    assert len(post.texts(SMS)) == 2
    assert len({text.rpartition("/s/")[2] for text in post.texts(SMS)}) == 2


def test_a_refused_message_is_tried_again_under_the_same_id_then_given_up(
    post: Post, clock: SettableClock
) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.tell(who, title="a")
    promised = post.deliveries(channel=MAIL)[0].message_id
    post.boxes[MAIL].refusals = [NotSent("unreachable") for _ in range(MOST_TRIES)]
    for tries in range(1, MOST_TRIES):
        post.run_jobs()
        [delivery] = post.deliveries(channel=MAIL)
        assert (delivery.tries, delivery.state) == (tries, STATE.WAITING)
        assert delivery.send_after > clock.now()
        clock.set(delivery.send_after)
    post.run_jobs()
    [delivery] = post.deliveries(channel=MAIL)
    assert (delivery.state, delivery.trouble) == (STATE.DEAD, "unreachable")
    assert (delivery.message_id, delivery.given_up_at) == (promised, clock.now())
    clock.forward(days=2)
    post.run_jobs()
    assert post.texts(MAIL) == []


def test_a_try_at_night_waits_for_the_morning(post: Post, clock: SettableClock) -> None:
    who = post.give(post.cast.officer, mail=True)
    clock.set(datetime(2026, 11, 22, 12, 59, 30, tzinfo=UTC))  # just before nine at night
    post.boxes[MAIL].refusals = [NotSent("timeout")]
    post.tell(who, title="a")
    post.run_jobs()
    assert post.deliveries()[0].send_after == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def test_a_provider_that_wants_to_be_left_alone_is(post: Post, clock: SettableClock) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.boxes[MAIL].refusals = [NotSent("http_429", after=timedelta(hours=2))]
    post.tell(who, title="a")
    post.run_jobs()
    assert post.deliveries()[0].send_after == clock.now() + timedelta(hours=2)


def test_a_number_that_does_not_exist_is_given_up_at_once(post: Post) -> None:
    who = post.give(post.cast.officer)
    post.boxes[SMS].refusals = [NotSent("bad_number", Then.GIVE_UP)]
    post.tell(who, "match_introduced", need="a", offer="b")
    post.run_jobs()
    [delivery] = post.deliveries(channel=SMS)
    assert (delivery.state, delivery.tries) == (STATE.DEAD, 1)


def test_somebody_who_left_wechat_is_unbound_and_reached_by_phone(
    post: Post, session: Session
) -> None:
    who = post.give(post.cast.officer, wechat=True)
    post.boxes[WECHAT].refusals = [NotSent("wechat_43004", Then.UNBIND)]
    post.tell(
        who, "match_proposed_to_need", need="a", path="/matches/m", out="/answer/still-good"
    )
    post.run_jobs()
    assert session.scalars(sa.select(WechatBinding)).all() == []
    texts = post.texts(SMS)
    assert len(texts) == 2  # the message, and that WeChat takes none any more
    assert any("可能有人能帮您" in text for text in texts)
    assert any("微信收不到" in text for text in texts)
    assert post.states(WECHAT)[-1] is STATE.UNREACHABLE


def test_an_address_that_counts_no_more_gets_nothing(post: Post, session: Session) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.tell(who, title="a")
    who.person.email_confirmed_at = None
    session.commit()
    post.run_jobs()
    assert post.texts(MAIL) == []
    assert post.states(MAIL) == [STATE.UNREACHABLE]


def test_a_job_that_runs_twice_sends_once(post: Post) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.tell(who, title="a")
    run = post.cast.app.extensions["exchange.jobs"]
    payload = {"delivery_id": post.deliveries(channel=MAIL)[0].id}
    post.session.rollback()
    with post.cast.app.app_context():
        for _ in range(2):
            DELIVER.handler(run, [payload])
    assert len(post.texts(MAIL)) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_ends_in_between_leaves_the_same_message(
    post: Post, session: Session, moment: str
) -> None:
    """Ended after the try was counted, before or after the provider took it."""
    who = post.give(post.cast.officer, mail=True)
    post.tell(who, title="a", path="/listings/1")
    box = post.boxes[MAIL]
    send = box.send

    def ends(message: object) -> None:
        if moment == "after":
            send(message)  # type: ignore[arg-type]
        raise SystemExit

    box.send = ends  # type: ignore[method-assign,assignment]
    with pytest.raises(SystemExit):
        post.run_jobs()
    box.send = send  # type: ignore[method-assign]
    post.tell(who, title="b", path="/listings/2")  # what comes later joins no message already tried
    run = post.cast.app.extensions["exchange.jobs"]
    ids = [one.id for one in post.deliveries(channel=MAIL)]
    session.rollback()
    with post.cast.app.app_context():
        for delivery_id in ids:
            DELIVER.handler(run, [{"delivery_id": delivery_id}])
    first = [message for message in box.sent if "/listings/1" in message.text]
    assert len(first) == (2 if moment == "after" else 1)
    assert len({(message.message_id, message.text) for message in first}) == 1
    assert session.scalars(sa.select(Delivery.state)).all() == [STATE.SENT] * 2


def test_telling_many_takes_the_same_queries(
    post: Post, session: Session, catch_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    counts = []
    for count in (2, 8):
        people = {
            post.cast.make_player(f"人{count}{number}", "520422").person_id
            for number in range(count)
        }
        session.commit()
        with catch_queries() as queries, post.open_act() as act:
            notify(act, people, "match_introduced", {"need": "a", "offer": "b"}, f"/m/{count}")
        counts.append(sum(line.startswith("SELECT") for line in queries.statements))
    assert counts[0] == counts[1]
