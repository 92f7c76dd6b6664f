"""People with addresses, and a post office that takes what goes out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.kernel.act import Act, House
from exchange.kernel.settings import Settings
from exchange.notifications.channels import SENDERS
from exchange.notifications.kinds import Channel, DeliveryState, Kind, Rhythm
from exchange.notifications.models import Delivery
from exchange.notifications.port import Message, NotSent
from exchange.notifications.preferences.service import choose_messages
from exchange.notifications.rules import Quiet
from exchange.notifications.service import notify
from exchange.notifications.wechat.service import bind_wechat
from tests.cast import Cast, Player
from tests.notifications.servers import APP_ID, APP_SECRET

OpenAct = Callable[..., AbstractContextManager[Act]]


@dataclass
class Box:
    """Takes messages by one channel; refuses as told, one after the other."""

    refusals: list[NotSent] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(message)


@dataclass
class Post:
    """Tells people, runs the jobs, and looks at what went out."""

    cast: Cast
    session: Session
    open_act: OpenAct
    run_jobs: Callable[[], int]
    boxes: dict[Channel, Box]

    def give(
        self, who: Player, *, mail: bool = False, wechat: bool = False, phone: bool = True
    ) -> Player:
        """Give a player addresses; without a phone theirs is no longer confirmed."""
        person = who.person
        if mail:
            address = Address(AddressKind.EMAIL, f"p{who.person_id}@village.example")
            set_address(self.cast.house.secrets, person, address, self.cast.now)
        if not phone:
            person.phone_confirmed_at = person.phone_vouched_at = None
        self.session.commit()
        if wechat:
            with self.open_act() as act:
                bind_wechat(act, who.person_id, f"openid-{who.person_id}")
            self.run_jobs()
            for box in self.boxes.values():
                box.sent.clear()
        return who

    def tell(self, who: Player, code: str = "listing_published", **values: Any) -> None:
        """One notice."""
        person_id = who.person_id
        self.session.commit()
        path = values.pop("path", "/listings/abc")
        out = values.pop("out", None)
        key = values.pop("key", None)
        with self.open_act() as act:
            out_paths = {person_id: out} if out else None
            notify(act, {person_id}, code, values, path, dedupe_key=key, out_paths=out_paths)

    def choose(
        self,
        who: Player,
        choices: dict[tuple[Kind, Channel], Rhythm],
        quiet: Quiet | None = None,
    ) -> None:
        """As the player chooses on their page."""
        actor = who.actor
        self.session.commit()
        with self.open_act(actor) as act:
            choose_messages(act, choices, quiet)

    def deliveries(self, **wanted: Any) -> list[Delivery]:
        """The deliveries with these values, read anew."""
        self.session.rollback()
        query = sa.select(Delivery).order_by(Delivery.id)
        return list(self.session.scalars(query.filter_by(**wanted)))

    def states(self, channel: Channel) -> list[DeliveryState]:
        return [one.state for one in self.deliveries(channel=channel)]

    def texts(self, channel: Channel) -> list[str]:
        return [message.text for message in self.boxes[channel].sent]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A site that has an official account."""
    return replace(settings, wechat_app_id=APP_ID, wechat_secret=APP_SECRET)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def post(
    cast: Cast, session: Session, act_as: OpenAct, run_jobs: Callable[[], int], house: House
) -> Post:
    """A post office with a box for each channel; what a channel is told to refuse it refuses."""
    boxes = {channel: Box() for channel in Channel}
    house.resources[SENDERS] = dict(boxes)
    return Post(cast, session, act_as, run_jobs, boxes)
