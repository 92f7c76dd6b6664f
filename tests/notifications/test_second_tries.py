"""Messages that are tried again, also after they were given up, stay as they were."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from exchange.accounts.codes.service import issue_code
from exchange.accounts.kinds import CodePurpose
from exchange.accounts.people_service import me
from exchange.accounts.rules import Address, AddressKind
from exchange.jobs.models import OutboxJob
from exchange.notifications.codes import SEND_CODE
from exchange.notifications.jobs import SECRETS_KEPT, UPKEEP
from exchange.notifications.kinds import Channel, DeliveryState, Kind, Rhythm, Then
from exchange.notifications.port import NotSent
from exchange.notifications.short_links.models import ShortLink
from exchange.notifications.undelivered.service import revive, revive_all
from exchange.notifications.wechat.service import unbind_wechat
from tests.cast import Player
from tests.conftest import SettableClock
from tests.notifications.conftest import Post

MAIL, SMS, WECHAT = Channel.EMAIL, Channel.SMS, Channel.WECHAT
STATE = DeliveryState
NIGHT = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


def lose_digest(post: Post, clock: SettableClock, first: int, out: str | None = None) -> None:
    """Two pieces of news that go as one message, which nobody takes."""
    for number in (first, first + 1):
        path = f"{out}{number}" if out else None
        post.tell(post.cast.officer, title="a", path=f"/listings/{number}", out=path)
    post.boxes[MAIL].refusals = [NotSent("smtp_550", Then.GIVE_UP)]
    clock.forward(hours=24)
    post.run_jobs()
    assert not post.boxes[MAIL].refusals


@pytest.fixture
def reader(post: Post) -> Player:
    """Gets news of their listings once a day by e-mail."""
    who = post.give(post.cast.officer, mail=True)
    post.choose(who, {(Kind.LISTINGS, MAIL): Rhythm.DAILY})
    return who


def test_messages_given_up_go_out_each_as_it_was(
    post: Post, reader: Player, clock: SettableClock
) -> None:
    """One would be taken for a line of the other otherwise, and its own lines be lost."""
    for first in (10, 20):
        lose_digest(post, clock, first)
    dead = [one.message_id for one in post.deliveries(state=STATE.DEAD)]
    operator = post.cast.operator.actor
    post.session.commit()
    with post.open_act(operator) as act:
        assert revive_all(act) == 2
    post.run_jobs()
    sent = post.boxes[MAIL].sent
    assert [message.message_id for message in sent] == dead
    for message, first in zip(sent, (10, 20), strict=True):
        assert f"/listings/{first}" in message.text
        assert f"/listings/{first + 1}" in message.text
    assert post.states(MAIL) == [STATE.SENT] * 4
    assert reader.person.email_confirmed_at is not None


def test_no_signed_link_stays_with_a_message_given_up_long_ago(
    post: Post, reader: Player, clock: SettableClock
) -> None:
    lose_digest(post, clock, 10, out="/answer/")
    run = post.cast.app.extensions["exchange.jobs"]
    for days, kept in ((SECRETS_KEPT.days - 1, 2), (2, 0)):
        clock.forward(days=days)
        post.session.rollback()
        with post.cast.app.app_context():
            UPKEEP.handler(run, [{}])
        assert sum(one.path_sealed is not None for one in post.deliveries()) == kept
    assert reader.person_id


def test_a_message_that_waits_when_wechat_is_unbound_goes_by_phone(
    post: Post, clock: SettableClock
) -> None:
    who = post.give(post.cast.officer, wechat=True)
    clock.set(NIGHT)
    post.tell(who, "match_proposed_to_need", need="a", path="/matches/m", out="/answer/good")
    person_id = who.person_id
    post.session.commit()
    with post.open_act() as act:
        unbind_wechat(act, person_id)
    clock.forward(hours=9)
    post.run_jobs()
    assert post.states(WECHAT)[-1] is STATE.UNREACHABLE
    assert [text for text in post.texts(SMS) if "可能有人能帮您" in text]


def test_a_newer_link_leaves_a_message_alone_that_was_tried(
    post: Post, reader: Player, clock: SettableClock
) -> None:
    """Its lines must be the same at every try: the provider may have it."""
    post.choose(reader, {(Kind.ANSWERS, MAIL): Rhythm.DAILY})
    clock.set(NIGHT)
    for number in range(2):
        post.tell(
            reader, "match_proposed_to_need", need="a", path=f"/matches/{number}",
            out=f"/answer/old{number}",
        )  # fmt: skip
    post.boxes[MAIL].refusals = [NotSent("timeout")]
    clock.set(post.deliveries(channel=MAIL)[0].send_after)
    post.run_jobs()
    post.choose(reader, {(Kind.ANSWERS, MAIL): Rhythm.AT_ONCE})
    for number in range(2):
        post.tell(
            reader, "match_proposed_to_need", need="a", path=f"/matches/{number}",
            out=f"/answer/new{number}",
        )  # fmt: skip
    clock.forward(minutes=2)
    post.run_jobs()
    old = [text for text in post.texts(MAIL) if "/answer/old0" in text]
    assert len(old) == 1
    assert "/answer/old1" in old[0]


def test_a_code_that_no_provider_takes_is_not_sent_again_and_again(
    post: Post, session: Session
) -> None:
    who = post.give(post.cast.officer)
    never = NotSent("bad_number", Then.GIVE_UP)
    post.boxes[SMS].refusals = [never, never]
    actor, address = who.actor, Address(AddressKind.PHONE, who.phone)
    session.commit()
    with post.open_act(actor) as act:
        issue_code(act, me(act), address, CodePurpose.CONFIRM_PHONE)
    post.run_jobs()
    assert post.boxes[SMS].refusals == [never]
    session.rollback()
    assert session.query(OutboxJob).filter_by(name=SEND_CODE.name).all() == []


def test_the_link_of_a_repeated_message_lasts_as_long_as_a_new_one(
    post: Post, session: Session, clock: SettableClock
) -> None:
    who = post.give(post.cast.officer)
    post.boxes[SMS].refusals = [NotSent("bad_text", Then.GIVE_UP)]
    post.tell(who, "match_introduced", need="a", offer="b", path="/matches/m")
    post.run_jobs()
    lost = post.deliveries(channel=SMS)[0].message_id
    clock.forward(days=7, hours=12)
    operator = post.cast.operator.actor
    session.commit()
    with post.open_act(operator) as act:
        revive(act, lost)
    post.run_jobs()
    [link] = session.query(ShortLink).all()
    assert link.expires_at == clock.now() + timedelta(days=7)
    assert len(post.texts(SMS)) == 1
