"""Notices: told once, read by their owner alone, sent by e-mail where an address is confirmed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.kernel.act import Act, House
from exchange.notifications.channels import SENDERS
from exchange.notifications.kinds import Channel
from exchange.notifications.models import Delivery, Notice
from exchange.notifications.port import Message, NotSent
from exchange.notifications.queries import notices_of
from exchange.notifications.service import notify
from tests.cast import Cast
from tests.conftest import Queries, SettableClock

OpenAct = Callable[..., AbstractContextManager[Act]]


@dataclass
class Outbox:
    """Takes messages; refuses as often as told."""

    refusals: int = 0
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        if self.refusals:
            self.refusals -= 1
            raise NotSent("unreachable")
        self.sent.append(message)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def tell(open_act: OpenAct, cast: Cast, count: int = 1, key: str | None = None) -> None:
    person_id = cast.officer.person_id
    with open_act() as act:
        for _ in range(count):
            notify(
                act, {person_id}, "listing_published", {"title": "求微耕机"}, "/", dedupe_key=key
            )


def test_notice_is_read_in_the_readers_language(
    cast: Cast, act_as: OpenAct, client: FlaskClient
) -> None:
    tell(act_as, cast)
    cast.sign_in(client, cast.officer)
    assert "“求微耕机”发布了。" in client.get("/notices").text
    client.get("/locale/en")
    assert "“求微耕机” is published." in client.get("/notices").text


def test_nobody_opens_the_notice_of_another(
    cast: Cast, act_as: OpenAct, client: FlaskClient, session: Session
) -> None:
    tell(act_as, cast)
    public_id = session.scalars(sa.select(Notice.public_id)).one()
    session.rollback()
    cast.sign_in(client, cast.stranger)
    assert client.post(f"/notices/{public_id}").status_code == 404
    assert "求微耕机" not in client.get("/notices").text
    cast.sign_in(client, cast.officer)
    assert client.post(f"/notices/{public_id}").status_code == 302
    assert session.scalars(sa.select(Notice.read_at)).one() is not None


def test_notices_stand_by_their_moment_also_over_pages(
    cast: Cast, act_as: OpenAct, session: Session
) -> None:
    tell(act_as, cast, count=4)
    notices = session.scalars(sa.select(Notice).order_by(Notice.id)).all()
    days = (3, 1, 2, 2)
    for notice, ago in zip(notices, days, strict=True):
        notice.created_at = cast.now - timedelta(days=ago)
    ids = [notice.id for notice in notices]
    session.commit()
    wanted = [ids[1], ids[3], ids[2], ids[0]]
    person_id = cast.officer.person_id
    assert [one.id for one in notices_of(session, person_id)] == wanted
    for place, before in enumerate(wanted, 1):
        older = notices_of(session, person_id, before_id=before)
        assert [one.id for one in older] == wanted[place:]


def test_same_news_is_told_once(cast: Cast, act_as: OpenAct, session: Session) -> None:
    tell(act_as, cast, key="once")
    tell(act_as, cast, key="once")
    assert session.scalar(sa.select(sa.func.count(Notice.id))) == 1


@pytest.mark.parametrize("refusals", [0, 1])
def test_mail_counts_as_sent_only_when_it_was_taken(
    cast: Cast,
    act_as: OpenAct,
    session: Session,
    house: House,
    run_jobs: Callable[[], int],
    clock: SettableClock,
    refusals: int,
) -> None:
    outbox = Outbox(refusals)
    house.resources[SENDERS] = {"email": outbox}
    person = cast.officer.person
    set_address(house.secrets, person, Address(AddressKind.EMAIL, "luo@village.example"), None)
    person.email_confirmed_at = cast.now
    session.commit()
    tell(act_as, cast)
    promised = session.scalars(sa.select(Delivery.message_id)).one()
    session.rollback()
    run_jobs()
    taken = [(message.to, message.message_id) for message in outbox.sent]
    assert taken == ([] if refusals else [("luo@village.example", promised)])
    sent = sa.select(Delivery.sent_at).where(Delivery.channel == Channel.EMAIL)
    assert (session.scalars(sent).one() is None) is bool(refusals)
    session.rollback()
    clock.forward(minutes=2)
    run_jobs()
    assert [message.message_id for message in outbox.sent] == [promised]
    assert session.scalars(sent).one() is not None


def test_number_of_queries_does_not_grow_with_notices(
    cast: Cast,
    act_as: OpenAct,
    client: FlaskClient,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    counts = []
    for _ in range(2):
        tell(act_as, cast, count=4)
        cast.sign_in(client, cast.officer)
        client.get("/notices")
        with catch_queries() as queries:
            assert client.get("/notices").text.count("求微耕机") >= 4
        counts.append(queries.count)
    assert counts[0] == counts[1]
