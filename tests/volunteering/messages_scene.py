"""Messages to a shift, answers, and those who say nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM
from exchange.volunteering.messaging.answering_service import answer_message
from exchange.volunteering.messaging.kinds import Addressed, Answer
from exchange.volunteering.messaging.models import MessageRecipient, ShiftMessage
from exchange.volunteering.messaging.queries import silent_of
from exchange.volunteering.messaging.sending_service import Letter, send_message
from exchange.volunteering.messaging.silence_service import (
    ask_again,
    release_unless,
)
from exchange.volunteering.models import Shift
from exchange.volunteering.queries import seen_shift
from tests.cast import Player
from tests.conftest import Queries
from tests.volunteering.conftest import Group

SignIn = Callable[[Player], FlaskClient]
Catch = Callable[[], AbstractContextManager[Queries]]
TEXT = "明早八点在村口集合，带水。"


def letter(to: Addressed = Addressed.PLACED, form: str = "one", **values: object) -> Letter:
    chosen: dict[str, object] = {"text": TEXT, "to": to, "token": form} | values
    return Letter(**chosen)  # type: ignore[arg-type]  # values of a test


def send(group: Group, shift: Shift, what: Letter, who: Player | None = None) -> ShiftMessage:
    with group.act_as((who or group.leader).actor) as act:
        return send_message(act, seen_shift(act.session, act.actor, shift.public_id), what)


def answer(group: Group, who: Player, message: ShiftMessage, said: Answer, note: str = "") -> None:
    key = message.public_id
    with group.act_as(who.actor) as act:
        answer_message(act, key, said, note)


def ask(group: Group, shift: Shift, *chosen: Player) -> int:
    keys = [key(group, one, shift) for one in chosen]
    with group.act_as(group.leader.actor) as act:
        return len(ask_again(act, act.session.get_one(Shift, shift.id), keys or None))


def release(group: Group, shift: Shift, who: Player, hours: int = 3) -> None:
    found = key(group, who, shift)
    with group.act_as(group.leader.actor) as act:
        release_unless(act, act.session.get_one(Shift, shift.id), found, hours, "还有人在等")


def key(group: Group, who: Player, shift: Shift) -> str:
    found = group.answer(who, shift)
    assert found is not None
    return found.public_id


def system(group: Group) -> AbstractContextManager[Act]:
    return group.act_as(SYSTEM)


def recipients(group: Group) -> dict[int, Answer | None]:
    group.session.rollback()
    rows = group.session.scalars(sa.select(MessageRecipient))
    return {one.person_id: one.answer for one in rows}


def silent_people(group: Group, shift: Shift) -> list[int]:
    fresh = group.fresh(shift)
    return [one.signup.person_id for one in silent_of(group.session, [fresh])[fresh.id]]
