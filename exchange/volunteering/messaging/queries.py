"""Reading messages to a shift, and who is silent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.notifications.models import Notice
from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState
from exchange.volunteering.messaging.kinds import AskedBy
from exchange.volunteering.messaging.models import ComingAsk, MessageRecipient, ShiftMessage
from exchange.volunteering.messaging.rules import WINDOW, asked_by
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.permissions import manageable_by

MOST_SILENT = 12


@dataclass(frozen=True)
class Silent:
    """Somebody who was asked and has not answered. ``release_at``: when their place goes."""

    signup: Signup
    by: AskedBy
    since: datetime
    last_asked_at: datetime
    release_at: datetime | None


@dataclass(frozen=True)
class SilentShift:
    """A shift of one's activities in which people are silent, and since when at the earliest."""

    activity_key: str
    title: str
    shift: Shift
    count: int
    since: datetime


@dataclass(frozen=True)
class Reached:
    """How many were told of a message, and how many have opened it."""

    told: int = 0
    read: int = 0


def notice_key(message_id: int) -> str:
    """What the notices of a message carry."""
    return f"shift_message:{message_id}"


def silent_of(session: Session, shifts: Iterable[Shift]) -> dict[int, list[Silent]]:
    """By shift: those with a place who were asked and have not answered, the longest first."""
    known = {shift.id: shift for shift in shifts}
    query = (
        sa.select(Signup, ComingAsk)
        .outerjoin(ComingAsk, ComingAsk.signup_id == Signup.id)
        .where(
            Signup.shift_id.in_(sorted(known)),
            Signup.state == SignupState.SIGNED_UP,
            Signup.asked_at.is_not(None),
        )
        .options(joinedload(Signup.person, innerjoin=True))
        .order_by(Signup.asked_at, Signup.id)
    )
    found: dict[int, list[Silent]] = defaultdict(list)
    for signup, ask in session.execute(query):
        found[signup.shift_id].append(silent(signup, ask, known[signup.shift_id]))
    return found


def silent(signup: Signup, ask: ComingAsk | None, shift: Shift) -> Silent:
    """What is known of somebody who was asked."""
    since = signup.asked_at or signup.updated_at
    return Silent(
        signup=signup,
        by=asked_by(since, shift.moved_at, signup.day_told_at),
        since=since,
        last_asked_at=max(since, ask.asked_at) if ask else since,
        release_at=ask.release_at if ask else None,
    )


def ask_of(session: Session, signup_id: int) -> ComingAsk | None:
    """That a coordinator has asked, read afresh."""
    return session.get(ComingAsk, signup_id, populate_existing=True)


def silent_shifts(session: Session, actor: Actor, now: datetime) -> list[SilentShift]:
    """The next shifts of the actor's activities in which somebody is silent; two queries."""
    query = (
        sa.select(Shift, sa.func.count(Signup.id), sa.func.min(Signup.asked_at))
        .join(Signup, Signup.shift_id == Shift.id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            manageable_by(actor),
            Activity.state == ActivityState.PUBLISHED,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > now,
            Signup.state == SignupState.SIGNED_UP,
            Signup.asked_at.is_not(None),
        )
        .group_by(Shift.id)
        .order_by(Shift.starts_at, Shift.id)
        .limit(MOST_SILENT)
    )
    rows = session.execute(query).all()
    ids = {row[0].activity_id for row in rows}
    named = sa.select(Activity.id, Activity.public_id, Activity.title).where(Activity.id.in_(ids))
    names = {key: (public_id, title) for key, public_id, title in session.execute(named)}
    return [
        SilentShift(*names[shift.activity_id], shift, count, since)
        for shift, count, since in rows
        if since is not None
    ]


def messages_of(session: Session, shift_id: int) -> Sequence[ShiftMessage]:
    """The messages to a shift with who got them, the newest first."""
    query = (
        sa.select(ShiftMessage)
        .where(ShiftMessage.shift_id == shift_id)
        .options(
            joinedload(ShiftMessage.author),
            selectinload(ShiftMessage.recipients).joinedload(MessageRecipient.person),
        )
        .order_by(ShiftMessage.id.desc())
        .limit(100)
    )
    return session.scalars(query).all()


def reached_by(session: Session, message_ids: Iterable[int]) -> dict[int, Reached]:
    """By message: how many were told, and how many have read it; one query."""
    keys = {notice_key(one): one for one in message_ids}
    if not keys:
        return {}
    query = (
        sa.select(Notice.dedupe_key, sa.func.count(), sa.func.count(Notice.read_at))
        .where(Notice.dedupe_key.in_(sorted(keys)))
        .group_by(Notice.dedupe_key)
    )
    return {
        keys[key]: Reached(told, read)
        for key, told, read in session.execute(query)
        if key is not None
    }


def own_message(
    session: Session, person_id: int | None, public_id: str
) -> tuple[ShiftMessage, MessageRecipient]:
    """A message that the person has got. Raises NotFound for anybody else."""
    if person_id is None or not public_id.isalnum():
        raise NotFound
    query = (
        sa.select(ShiftMessage, MessageRecipient)
        .join(MessageRecipient, MessageRecipient.message_id == ShiftMessage.id)
        .where(ShiftMessage.public_id == public_id, MessageRecipient.person_id == person_id)
        .options(
            joinedload(ShiftMessage.shift)
            .joinedload(Shift.activity)
            .joinedload(Activity.organisation)
        )
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def sent_lately(
    session: Session, shift_id: int, author_id: int | None, now: datetime
) -> tuple[int, int]:
    """How many messages the shift got, and the author sent, within a day."""
    query = sa.select(
        sa.func.count(sa.case((ShiftMessage.shift_id == shift_id, 1))),
        sa.func.count(sa.case((ShiftMessage.author_id == author_id, 1))),
    ).where(
        ShiftMessage.sent_at > now - WINDOW,
        sa.or_(ShiftMessage.shift_id == shift_id, ShiftMessage.author_id == author_id),
    )
    of_shift, of_person = session.execute(query).one()
    return of_shift, of_person


def unanswered(session: Session, shift_id: int, person_id: int) -> Sequence[MessageRecipient]:
    """What somebody has got about a shift and has not answered for good: a question may be open."""
    query = (
        sa.select(MessageRecipient)
        .join(ShiftMessage, ShiftMessage.id == MessageRecipient.message_id)
        .where(
            ShiftMessage.shift_id == shift_id,
            ShiftMessage.wants_answer.is_(True),
            MessageRecipient.person_id == person_id,
            MessageRecipient.answer.is_(None),
        )
    )
    return session.scalars(query).all()
