"""The acts of sending: taking what is due, noting that it was taken or why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.models import Person
from exchange.accounts.rules import AddressKind
from exchange.accounts.sealing import open_address
from exchange.jobs.registry import Job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.notifications.events import DeliveryGivenUp, DeliveryUnreachable
from exchange.notifications.kinds import Channel, DeliveryState, Kind, Then
from exchange.notifications.letters import Line, mail_letter, moment_text, sms_letter
from exchange.notifications.models import Delivery, Notice
from exchange.notifications.out_paths import path_out
from exchange.notifications.port import Message, NotSent
from exchange.notifications.preferences.queries import reach_of
from exchange.notifications.rules import after_quiet, pause_after
from exchange.notifications.short_links.making import make_short_link
from exchange.notifications.wechat.service import openid_of_person, unbind_wechat
from exchange.notifications.words import outward_of

MOST_LINES = 20
ALL_NOTICES = "/notices"


@dataclass(frozen=True)
class Letter:
    """A message, and the channel it goes by."""

    channel: Channel
    message: Message


def take(act: Act, delivery_id: int) -> Letter | None:
    """Count a try and say what to send; None when there is nothing to send (now).

    At the first try whatever else of the person is due by the channel is joined to it. One that
    was given up and is tried again has been with the provider under its id: it stays as it was.
    """
    delivery = _locked(act, delivery_id)
    if delivery is None or delivery.send_after > act.now:
        return None
    notice, person = delivery.notice, delivery.notice.person
    to = _address(act, person, delivery.channel)
    if to is None:
        _let_go(act, delivery)
        return None
    if not delivery.tries and delivery.trouble is None:
        if _is_read_already(delivery):
            settle(act, delivery, DeliveryState.NEEDLESS)
            return None
        _join_what_is_due(act, delivery)
    delivery.tries += 1
    lines = lines_of(act, delivery)
    return Letter(delivery.channel, _message(act, lines, to, _kind(notice)))


def note_sent(act: Act, delivery_id: int) -> None:
    """The provider has it."""
    delivery = _locked(act, delivery_id)
    if delivery is not None:
        settle(act, delivery, DeliveryState.SENT)


def note_trouble(act: Act, delivery_id: int, error: NotSent, job: Job) -> None:
    """Try again later, or give it up; an address that is no good for anything is let go."""
    delivery = _locked(act, delivery_id)
    if delivery is None:
        return
    person_id = delivery.notice.person_id
    delivery.trouble = error.code
    if error.then is Then.UNBIND:
        if delivery.channel is Channel.WECHAT:
            unbind_wechat(act, person_id, error.code)
        _let_go(act, delivery)
        return
    pause = pause_after(delivery.tries, delivery.message_id)
    if error.then is Then.GIVE_UP or pause is None:
        delivery.state, delivery.given_up_at = DeliveryState.DEAD, act.now
        act.emit(DeliveryGivenUp(person_id, delivery.id, error.code))
        return
    later(act, delivery, max(pause, error.after), job)


def later(act: Act, delivery: Delivery, pause: timedelta, job: Job) -> None:
    """Let it be sent after a pause, outside quiet hours unless it is urgent."""
    moment = act.now + pause
    if not delivery.is_urgent:
        settings, person = act.house.settings, delivery.notice.person
        quiet = reach_of(act.session, settings, (), [person])[person.id].quiet
        moment = after_quiet(moment, quiet, settings.time_zone)
    delivery.send_after = moment
    enqueue(act, job, {"delivery_id": delivery.id}, delay=moment - act.now)


def _locked(act: Act, delivery_id: int) -> Delivery | None:
    """A delivery that waits and is a message of its own."""
    return act.session.scalars(
        sa.select(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state == DeliveryState.WAITING,
            Delivery.joined_to_id.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def lines_of(act: Act, delivery: Delivery) -> list[Delivery]:
    """What is in a message: itself and what is joined to it."""
    return [delivery, *_joined(act, delivery)]


def _joined(act: Act, delivery: Delivery) -> Sequence[Delivery]:
    return act.session.scalars(
        sa.select(Delivery)
        .where(Delivery.joined_to_id == delivery.id)
        .options(joinedload(Delivery.notice))
        .order_by(Delivery.id)
    ).all()


def settle(act: Act, delivery: Delivery, state: DeliveryState) -> None:
    """The end of a delivery and of what is joined to it; no secret stays behind."""
    for each in lines_of(act, delivery):
        each.state, each.path_sealed = state, None
        if state is DeliveryState.SENT:
            each.sent_at, each.trouble = act.now, None


def _let_go(act: Act, delivery: Delivery) -> None:
    """The channel has ended for the person: another may take what is in the message."""
    if delivery.notice.person.closed_at is None:
        act.emit(DeliveryUnreachable(delivery.notice.person_id, delivery.id))
    settle(act, delivery, DeliveryState.UNREACHABLE)


def _kind(notice: Notice) -> Kind:
    return outward_of(notice.code).kind


def _address(act: Act, person: Person, channel: Channel) -> str | None:
    """Where it goes: only to what counts at this moment."""
    if person.closed_at is not None:
        return None
    if channel is Channel.WECHAT:
        return openid_of_person(act.session, act.house.secrets, person.id)
    if channel is Channel.SMS:
        usable = person.phone_ok
        return open_address(act.house.secrets, person, AddressKind.PHONE) if usable else None
    usable = person.email_confirmed_at is not None
    return open_address(act.house.secrets, person, AddressKind.EMAIL) if usable else None


def _is_read_already(delivery: Delivery) -> bool:
    """Whether it was held back, and the person has read it in the app meanwhile."""
    was_held = delivery.send_after > delivery.created_at and not delivery.is_urgent
    return was_held and delivery.notice.read_at is not None and delivery.path_sealed is None


def _stands_alone(delivery: Delivery) -> bool:
    """An urgent one, and one with a link of its own where a message has room for one link only."""
    has_link = delivery.path_sealed is not None and delivery.channel is not Channel.EMAIL
    return delivery.is_urgent or has_link


def _join_what_is_due(act: Act, delivery: Delivery) -> None:
    if _stands_alone(delivery):
        return
    others = act.session.scalars(
        sa.select(Delivery)
        .join(Delivery.notice)
        .where(
            Notice.person_id == delivery.notice.person_id,
            Delivery.channel == delivery.channel,
            Delivery.state == DeliveryState.WAITING,
            Delivery.joined_to_id.is_(None),
            Delivery.tries == 0,
            Delivery.trouble.is_(None),
            Delivery.send_after <= act.now,
            Delivery.id != delivery.id,
        )
        .order_by(Delivery.id)
        .limit(MOST_LINES - 1)
        .with_for_update(of=Delivery, skip_locked=True)
    ).all()
    for other in others:
        if _is_read_already(other):
            settle(act, other, DeliveryState.NEEDLESS)
        elif not _stands_alone(other):
            other.joined_to_id = delivery.id
    act.session.flush()


def _message(act: Act, lines: Sequence[Delivery], to: str, kind: Kind) -> Message:
    """What goes out; the same at every try."""
    head, house = lines[0], act.house
    locale, base = head.notice.person.locale, house.settings.base_url.rstrip("/")
    paths = [path_out(house.secrets, line) for line in lines]
    said = [
        Line(line.notice.code, base + path) for line, path in zip(lines, paths, strict=True)
    ]
    goal = paths[0] if len(lines) == 1 else ALL_NOTICES
    if head.channel is Channel.EMAIL:
        written = mail_letter(said, locale)
        return Message(to, written.subject, written.text, head.message_id, kind)
    if head.channel is Channel.SMS:
        goal = make_short_link(act, head.message_id, goal)
    written = sms_letter(said, base + goal, locale, house.settings.sms_sign_name)
    fields = {
        "text": written.sentence,
        "link": base + goal,
        "time": moment_text(head.created_at, house.settings.time_zone),
    }
    return Message(to, written.subject, written.text, head.message_id, kind, fields)
