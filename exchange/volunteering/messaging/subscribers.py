"""Who is told of messages and questions, and what an answer settles."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.closing.events import AccountClosed
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.volunteering.events import (
    ComingAsked,
    ComingConfirmed,
    PlaceGivenBack,
    SignupEvent,
    WaitingLeft,
)
from exchange.volunteering.messaging import events
from exchange.volunteering.messaging.answering_service import answered_elsewhere
from exchange.volunteering.messaging.kinds import Answer
from exchange.volunteering.messaging.models import ComingAsk, MessageRecipient, ShiftMessage
from exchange.volunteering.messaging.queries import notice_key
from exchange.volunteering.messaging.rules import SOON
from exchange.volunteering.messaging.silence_service import forget_ask
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.queries import coordinators_of
from exchange.volunteering.telling import when_words
from exchange.web.dates import day_text

MINE = "/my/volunteering"


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(events.ShiftMessageSent, _sent)
    bus.listen(events.ShiftMessageAnswered, _answered)
    bus.listen(events.ComingAskedAgain, _asked_again)
    bus.listen(events.PlaceReleased, _released)
    bus.listen(ComingConfirmed, _settled(Answer.COMING))
    bus.listen(PlaceGivenBack, _settled(Answer.NOT_COMING))
    bus.listen(WaitingLeft, _settled(Answer.NOT_COMING))
    bus.listen(ComingAsked, _asked_anew)
    bus.listen(AccountClosed, _closed)


def _words(act: Act, shift_id: int) -> tuple[Shift, dict[str, Any]]:
    query = sa.select(Shift).where(Shift.id == shift_id).options(joinedload(Shift.activity))
    shift = act.session.scalars(query).one()
    return shift, {"title": shift.activity.title, "when": when_words(act, shift)}


def _sent(act: Act, event: events.ShiftMessageSent) -> None:
    """Each is told for themself: nobody reads who else got it."""
    shift, words = _words(act, event.shift_id)
    message = act.session.get_one(ShiftMessage, event.message_id)
    query = sa.select(MessageRecipient.person_id).where(MessageRecipient.message_id == message.id)
    soon = act.now < shift.starts_at <= act.now + SOON
    notify(
        act, set(act.session.scalars(query)), "shift_message_soon" if soon else "shift_message",
        words, f"/shift-messages/{message.public_id}", dedupe_key=notice_key(message.id),
        also_actor=True,
    )  # fmt: skip


def _answered(act: Act, event: events.ShiftMessageAnswered) -> None:
    if event.answer != Answer.QUESTION.value:
        return
    shift, words = _words(act, event.shift_id)
    message = act.session.get_one(ShiftMessage, event.message_id)
    people = coordinators_of(act.session, shift.activity)
    people |= {message.author_id} if message.author_id else set()
    notify(
        act, people, "shift_question", words, f"/shifts/{shift.public_id}/messages",
        dedupe_key=f"shift_question:{message.id}:{event.person_id}:{act.today}",
    )  # fmt: skip


def _asked_again(act: Act, event: events.ComingAskedAgain) -> None:
    _shift, words = _words(act, event.shift_id)
    ask = _ask(act, event)
    if event.with_release and ask is not None and ask.release_at is not None:
        told = {**words, "until": _moment_words(act, ask.release_at), "reason": ask.reason}
        notify(act, {event.person_id}, "shift_release_asked", told, MINE)
    else:
        notify(act, {event.person_id}, "shift_asked_again", words, MINE)


def _released(act: Act, event: events.PlaceReleased) -> None:
    shift, words = _words(act, event.shift_id)
    ask = _ask(act, event)
    told = {**words, "reason": ask.reason if ask else ""}
    notify(act, {event.person_id}, "shift_released", told, _page(shift.activity))


def _page(activity: Activity) -> str:
    return f"/activities/{activity.public_id}"


def _settled(answer: Answer) -> Callable[[Act, SignupEvent], None]:
    def settle(act: Act, event: SignupEvent) -> None:
        forget_ask(act, event.shift_id, event.person_id)
        answered_elsewhere(act, event.shift_id, event.person_id, answer)

    return settle


def _asked_anew(act: Act, event: ComingAsked) -> None:
    """Another time or place: nobody loses a place for an answer about the earlier one."""
    forget_ask(act, event.shift_id, event.person_id)


def _closed(act: Act, event: AccountClosed) -> None:
    """Their words go, and what they have written is their organisation's."""
    person_id = event.person_id
    for gone in (
        sa.update(MessageRecipient).where(MessageRecipient.person_id == person_id).values(note=""),
        sa.update(ShiftMessage).where(ShiftMessage.author_id == person_id).values(author_id=None),
        sa.update(ComingAsk).where(ComingAsk.asked_by_id == person_id).values(asked_by_id=None),
    ):
        act.session.execute(gone.execution_options(synchronize_session=False))


def _ask(act: Act, event: SignupEvent) -> ComingAsk | None:
    query = (
        sa.select(ComingAsk)
        .join(Signup, Signup.id == ComingAsk.signup_id)
        .where(Signup.shift_id == event.shift_id, Signup.person_id == event.person_id)
    )
    return act.session.scalars(query).first()


def _moment_words(act: Act, moment: datetime) -> dict[str, str]:
    zone = act.house.settings.time_zone
    clock = moment.astimezone(ZoneInfo(zone))
    day = civil_date(moment, zone)
    return {
        language: f"{day_text(day, act.today, language)} {clock:%H:%M}"
        for language in ("zh", "en")
    }
