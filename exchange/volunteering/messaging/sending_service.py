"""Writing to people of a shift, once, to those whom it concerns, on record."""

from dataclasses import dataclass

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.values import clean_text
from exchange.listings.wording import PAYMENT, words_problem
from exchange.volunteering.kinds import LIVE_STATES, SignupState
from exchange.volunteering.locking import lock_shift
from exchange.volunteering.messaging.events import ShiftMessageSent
from exchange.volunteering.messaging.kinds import Addressed
from exchange.volunteering.messaging.models import ComingAsk, MessageRecipient, ShiftMessage
from exchange.volunteering.messaging.queries import ask_of, sent_lately
from exchange.volunteering.messaging.rules import (
    LONGEST_MESSAGE,
    SENT_TWICE,
    Standing,
    addressed,
    may_send,
    may_write,
)
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.permissions import may_manage


@dataclass(frozen=True)
class Letter:
    """What is written to whom. ``chosen`` are public ids of answers to the shift; ``token`` is the
    name that the form gave to this message.
    """

    text: str
    to: Addressed
    token: str
    chosen: tuple[str, ...] = ()
    wants_answer: bool = False


def send_message(act: Act, shift: Shift, letter: Letter) -> ShiftMessage:
    """Write to people of a shift; they are told in the app and by the channels they chose.

    ``wants_answer`` asks those who have a place whether they come. Sent twice it is one message.
    Raises NotFound, Forbidden, Invalid, or Conflict: too many within a day, or nobody to write to.
    """
    locked = lock_shift(act, shift.id)
    if not may_manage(act.actor, locked.activity):
        raise Forbidden("activity_not_yours")
    text = _checked(letter)
    present = _sent_already(act, locked, letter, text)
    if present is not None:
        return present
    _require_allowed(act, locked)
    signups = {one.public_id: one for one in _live(act, locked.id)}
    people = [
        Standing(key, one.person_id, one.state, is_confirmed(one)) for key, one in signups.items()
    ]
    chosen = addressed(letter.to, people, letter.chosen)
    if not chosen:
        raise Conflict("message_nobody")
    made = ShiftMessage(
        shift_id=locked.id,
        author_id=act.actor.person_id,
        addressed=letter.to,
        text=text,
        wants_answer=letter.wants_answer and locked.starts_at > act.now,
        sent_token=letter.token,
        sent_at=act.now,
        recipients=[MessageRecipient(person_id=one.person_id) for one in chosen],
    )
    act.session.add(made)
    if made.wants_answer:
        for one in chosen:
            if one.state is SignupState.SIGNED_UP:
                note_ask(act, signups[one.key])
    act.session.flush()
    activity = locked.activity
    act.emit(
        ShiftMessageSent(activity.id, activity.organisation_id, locked.id, made.id, len(chosen))
    )
    return made


def note_ask(act: Act, signup: Signup) -> ComingAsk:
    """A coordinator asks somebody with a place now; since when they are silent stays as it was."""
    signup.asked_at = signup.asked_at or act.now
    signup.updated_at = act.now
    kept = ask_of(act.session, signup.id)
    if kept is None:
        kept = ComingAsk(signup_id=signup.id, reason="")
        act.session.add(kept)
    kept.asked_at, kept.asked_by_id = act.now, act.actor.person_id
    return kept


def is_confirmed(signup: Signup) -> bool:
    """Whether somebody has said that they come, and was not asked since."""
    return signup.confirmed_at is not None and signup.asked_at is None


def _checked(letter: Letter) -> str:
    text = clean_text(letter.text)
    problem = ""
    if not text:
        problem = "message_empty"
    elif len(text) > LONGEST_MESSAGE:
        problem = "too_long"
    elif words_problem(text) == PAYMENT:
        problem = "activity_payment_in_text"
    if problem:
        raise Invalid(fields={"text": [problem]})
    if not 0 < len(letter.token) <= 40:
        raise Invalid(fields={"token": ["message_token"]})
    if letter.to is Addressed.CHOSEN and not letter.chosen:
        raise Invalid(fields={"people": ["message_choose"]})
    return text


def _sent_already(act: Act, shift: Shift, letter: Letter, text: str) -> ShiftMessage | None:
    """The same message: of the same form, or the same words to the same people a moment ago."""
    same_words = sa.and_(
        ShiftMessage.author_id == act.actor.person_id,
        ShiftMessage.addressed == letter.to,
        ShiftMessage.text == text,
        ShiftMessage.sent_at > act.now - SENT_TWICE,
        sa.literal(letter.to is not Addressed.CHOSEN),
    )
    query = sa.select(ShiftMessage).where(
        ShiftMessage.shift_id == shift.id,
        sa.or_(ShiftMessage.sent_token == letter.token, same_words),
    )
    return act.session.scalars(query.order_by(ShiftMessage.id).limit(1)).first()


def _require_allowed(act: Act, shift: Shift) -> None:
    decision = may_write(shift.activity.state, shift.state, shift.ends_at, act.now)
    if decision:
        decision = may_send(*sent_lately(act.session, shift.id, act.actor.person_id, act.now))
    if not decision:
        raise Conflict(decision.code, **decision.params)


def _live(act: Act, shift_id: int) -> list[Signup]:
    query = sa.select(Signup).where(Signup.shift_id == shift_id, Signup.state.in_(LIVE_STATES))
    fresh = query.order_by(Signup.id).execution_options(populate_existing=True)
    return list(act.session.scalars(fresh))
