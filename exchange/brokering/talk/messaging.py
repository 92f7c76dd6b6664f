"""Messages that the exchange passes on, so that nobody has to know a number, and brokers' notes."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.brokering.deeds.events import MessageWritten
from exchange.brokering.deeds.kinds import Deed, Thread
from exchange.brokering.deeds.models import MatchMessage
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.matches import insist, locked_match
from exchange.brokering.models import Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.rules import SIDES, Party
from exchange.brokering.talk.discretion import brokers_it
from exchange.brokering.words import refuse_payments, refuse_words
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Forbidden, Invalid
from exchange.listings.kinds import Side

LONGEST = 1000
SHOWN = 50
DEEDS = {
    Thread.NEED: Deed.WRITE,
    Thread.OFFER: Deed.WRITE,
    Thread.BOTH: Deed.WRITE_BOTH,
    Thread.NOTES: Deed.NOTE,
}


def threads_of(actor: Actor, match: Match) -> tuple[Thread, ...]:
    """The threads that the actor reads: their own side's and the common one; brokers read all."""
    if brokers_it(actor, match):
        return tuple(Thread)
    parties = parties_of(actor, match)
    own = tuple(Thread(side.value) for side in Side if Party(side.value) in parties)
    return (*own, Thread.BOTH) if own else ()


def may_write(actor: Actor, match: Match, thread: Thread) -> bool:
    """Whether the actor may write into a thread now."""
    return thread in threads_of(actor, match) and bool(
        may_do(DEEDS[thread], match.state, parties_of(actor, match))
    )


def write_message(act: Act, public_id: str, thread: Thread, text: str) -> MatchMessage:
    """Write into a thread. Payment data is refused always; telephone numbers and the like in what
    a side reads until both have met and while one has withdrawn its contact.

    Raises Forbidden where the thread is not theirs, Conflict before its time, Invalid.
    """
    match = locked_match(act, public_id)
    parties = parties_of(act.actor, match)
    insist(may_do(DEEDS[thread], match.state, parties))
    if thread not in threads_of(act.actor, match):
        raise Forbidden("match_not_your_side")
    words = text.strip()
    if not words:
        raise Invalid(fields={"text": ["required"]})
    if len(words) > LONGEST:
        raise Invalid(fields={"text": ["text_too_long"]})
    if thread is Thread.NOTES:
        refuse_payments(text=words)
    else:
        refuse_words(match, text=words)
    assert act.actor.person_id is not None  # noqa: S101 - the table has seen a person
    made = MatchMessage(
        match_id=match.id,
        thread=thread,
        side=_side(parties, thread),
        author_id=act.actor.person_id,
        text=words,
        at=act.now,
    )
    match.updated_at = act.now
    act.session.add(made)
    act.session.flush()
    act.emit(MessageWritten(match_id=match.id, message_id=made.id, thread=thread.value))
    return made


def _side(parties: frozenset[Party], thread: Thread) -> Side | None:
    """For which side somebody writes: brokers for none, people of both for that of the thread."""
    mine = parties & SIDES
    if Party.BROKER in parties or not mine or thread is Thread.NOTES:
        return None
    if len(mine) == 1:
        return Side(next(iter(mine)).value)
    return Side(thread.value) if thread in (Thread.NEED, Thread.OFFER) else None


def messages_of(
    session: Session, match_id: int, threads: Sequence[Thread], limit: int = SHOWN
) -> Mapping[Thread, Sequence[MatchMessage]]:
    """The newest messages of these threads, each with the oldest first. One query."""
    if not threads:
        return {}
    place = sa.func.row_number().over(
        partition_by=MatchMessage.thread, order_by=MatchMessage.id.desc()
    )
    newest = (
        sa.select(MatchMessage.id, place.label("place"))
        .where(MatchMessage.match_id == match_id, MatchMessage.thread.in_(threads))
        .subquery()
    )
    query = (
        sa.select(MatchMessage)
        .join(newest, newest.c.id == MatchMessage.id)
        .where(newest.c.place <= limit)
        .options(joinedload(MatchMessage.author))
        .order_by(MatchMessage.id)
    )
    found = session.scalars(query).all()
    return {thread: [one for one in found if one.thread is thread] for thread in threads}
