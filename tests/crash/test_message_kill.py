"""No message is lost to kill -9, and one that comes twice comes under the same id.

People are told things while the worker, now and then everything, is ended at random moments. The
providers are servers of this test that speak SMTP, the protocol of our gateway and WeChat's; they
take a message and answer a little later, so that many kills fall between the two. At the end every
message has arrived; the only ones that came twice are those whose process ended in between (at most
one for each kill), and both times with the same id, the same recipient and the same words (the
servers see to that). EXCHANGE_TEST_FULL=1 runs the full figure; EXCHANGE_TEST_SEED repeats the
draws.
"""

import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from exchange.accounts.models import Person
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.kernel.act import Act, open_act
from exchange.kernel.actor import SYSTEM
from exchange.notifications.kinds import Channel, DeliveryState, Kind, Rhythm
from exchange.notifications.models import Delivery, NoticeHours, NoticePreference
from exchange.notifications.service import notify
from exchange.notifications.wechat.service import bind_wechat
from tests.conftest import FIGURES, SEED_VARIABLE
from tests.crash.books import Books
from tests.crash.killing import KilledSite
from tests.notifications.servers import (
    Gateway,
    Provider,
    Wechat,
    mail_server,
    settings_for,
    sms_server,
    wechat_server,
)
from tests.running_site import eventually

pytestmark = pytest.mark.processes
IS_FULL = os.environ.get("EXCHANGE_TEST_FULL") == "1"
KILLS, NOTICES, PEOPLE = (24, 240, 8) if IS_FULL else (3, 24, 3)
WHOLE_EVERY = 5
LINK = re.compile(r"/answer/(\d+)")
LONGEST_ANSWER, LONGEST_WAIT, PATIENCE = 0.12, 1.2, 240.0


@dataclass
class Providers:
    """The three, and what they have."""

    mail: Provider
    sms: Gateway
    wechat: Wechat

    def all(self) -> dict[Channel, Provider]:
        return {Channel.EMAIL: self.mail, Channel.SMS: self.sms, Channel.WECHAT: self.wechat}


@pytest.fixture
def providers() -> Iterator[Providers]:
    chance = random.Random(int(os.environ[SEED_VARIABLE]))
    with ExitStack() as stack:
        servers = (mail_server, sms_server, wechat_server)
        made = Providers(*(stack.enter_context(server()) for server in servers))  # type: ignore[arg-type]
        for provider in made.all().values():
            provider.linger = lambda: chance.uniform(0, LONGEST_ANSWER)
        yield made


@pytest.fixture
def extra_settings(providers: Providers) -> dict[str, str]:
    wanted = settings_for(providers.mail, providers.sms, providers.wechat)
    return {f"EXCHANGE_{name.upper()}": value for name, value in wanted.items()}


@pytest.fixture
def people(books: Books) -> list[int]:
    """Reached by all three, at once, at any hour."""
    made = [books.cast.make_player(f"人{number}", "520422") for number in range(PEOPLE)]
    ids = [who.person_id for who in made]
    books.session.commit()
    for person_id in ids:
        with open_act(books.house, lambda: books.session, SYSTEM, origin="test") as act:
            _make_reachable(act, person_id)
    return ids


def _make_reachable(act: Act, person_id: int) -> None:
    person = act.session.get_one(Person, person_id)
    address = Address(AddressKind.EMAIL, f"p{person_id}@village.example")
    set_address(act.house.secrets, person, address, act.now)
    act.session.add(NoticeHours(person_id=person_id, quiet_from=0, quiet_until=0))
    for channel in Channel:
        chosen = {"kind": Kind.MATCHES, "channel": channel, "rhythm": Rhythm.AT_ONCE}
        act.session.add(NoticePreference(person_id=person_id, **chosen))
    act.session.flush()
    bind_wechat(act, person_id, f"openid-{person_id}")


def tell(books: Books, person_id: int, number: int) -> None:
    with open_act(books.house, lambda: books.session, SYSTEM, origin="test") as act:
        notify(
            act, {person_id}, "match_delivered", {"need": str(number), "offer": "x"},
            f"/matches/{number}", out_paths={person_id: f"/answer/{number}"},
        )  # fmt: skip


def unsettled(books: Books) -> int:
    books.session.rollback()
    query = sa.select(sa.func.count(Delivery.id)).where(Delivery.state == DeliveryState.WAITING)
    found = books.session.scalar(query) or 0
    books.session.rollback()
    return found


def test_no_message_is_lost_and_twice_means_the_same_id(
    site: KilledSite,
    books: Books,
    providers: Providers,
    people: list[int],
    record_property: Callable[[str, object], None],
) -> None:
    chance = random.Random(int(os.environ[SEED_VARIABLE]))
    started, told = time.monotonic(), 0
    for kill in range(KILLS):
        while told < NOTICES * (kill + 1) // KILLS:
            tell(books, people[told % PEOPLE], told)
            told += 1
        time.sleep(chance.uniform(0, LONGEST_WAIT))
        site.kill("everything" if kill % WHOLE_EVERY == WHOLE_EVERY - 1 else "worker", chance)
    eventually(lambda: not unsettled(books), "every message is settled", PATIENCE)
    arrived = {one.message_id for provider in providers.all().values() for one in provider.taken}
    again = {channel: provider.again.total() for channel, provider in providers.all().items()}
    record_property(
        FIGURES,
        f"{dict(site.kills)}, {told} notices, {len(arrived)} messages, twice: "
        f"{ {channel.value: count for channel, count in again.items()} }, "
        f"{time.monotonic() - started:.0f} s",
    )
    sent = books.session.scalars(sa.select(Delivery)).all()
    assert {one.state for one in sent} == {DeliveryState.SENT}
    assert len(sent) == len(Channel) * (NOTICES + PEOPLE)  # each is told of the binding, too
    assert arrived == {one.message_id for one in sent if one.joined_to_id is None}
    assert {one.path_sealed for one in sent} == {None}
    for provider in (providers.mail, providers.wechat):
        links = {link for one in provider.taken for link in LINK.findall(one.text)}
        assert links == {str(number) for number in range(NOTICES)}
    assert [one for provider in providers.all().values() for one in provider.changed] == []
    assert sum(again.values()) <= KILLS
