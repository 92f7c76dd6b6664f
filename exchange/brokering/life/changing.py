"""Changes of what is agreed: one side or the broker proposes, the others accept or refuse.

Only when all have agreed is anything held or given back; the former values stay on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.brokering.deeds.agreeing import insist_on_cover, insist_on_day
from exchange.brokering.deeds.delivering import held_commitment
from exchange.brokering.deeds.events import (
    ChangeAnswered,
    ChangeProposed,
    ChangeTakenBack,
    CommitmentChanged,
)
from exchange.brokering.deeds.holding import give_back_of
from exchange.brokering.deeds.kinds import ChangeState, Deed
from exchange.brokering.deeds.lots import insist_on_lots
from exchange.brokering.deeds.models import CommitmentChange
from exchange.brokering.deeds.rules import may_change, may_do, speaks_alone
from exchange.brokering.kinds import Answer
from exchange.brokering.matches import insist, locked_match, locked_pair, note_step
from exchange.brokering.models import Commitment, Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxy.proxies import by_own_word
from exchange.brokering.proxy.speaking import OWN_WORD, Consent, insist_speaks
from exchange.brokering.queries import is_proposer
from exchange.brokering.rules import Party, may_commit
from exchange.brokering.words import refuse_words
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.commitments import commit_quantity, release_quantity
from exchange.listings.kinds import Side


@dataclass(frozen=True)
class Terms:
    """What is to be agreed instead: amounts in thousandths and the last day.

    ``drops_rest``: what has not come is let go, whatever the amounts say.
    """

    taken_milli: int = 0
    covers_milli: int = 0
    due_on: date | None = None
    drops_rest: bool = False


def propose_change(
    act: Act, public_id: str, commitment_id: str, terms: Terms, note: str = ""
) -> CommitmentChange:
    """Ask for another amount or another day. A side's own word counts as its yes.

    Raises Conflict while another change waits or where nothing would change, Invalid by field.
    """
    match, parties = _match_for(act, public_id, Deed.PROPOSE_CHANGE)
    refuse_words(match, note=note)
    item = held_commitment(act, match, commitment_id)
    if _open_change(act, item) is not None:
        raise Conflict("change_waits")
    wanted = _wanted(item, terms)
    if not terms.drops_rest:
        insist_on_day(act, wanted.due_on, item.due_on)
        _insist_possible(match, item, wanted)
    assert act.actor.person_id is not None  # noqa: S101 - the table has seen a person
    change = CommitmentChange(
        match_id=match.id,
        commitment_id=item.id,
        state=ChangeState.OPEN,
        drops_rest=terms.drops_rest,
        taken_milli=wanted.taken_milli,
        covers_milli=wanted.covers_milli,
        due_on=wanted.due_on,
        former_taken_milli=item.taken_milli,
        former_covers_milli=item.covers_milli,
        former_due_on=item.due_on,
        note=note.strip()[:2000],
        proposed_by_id=act.actor.person_id,
        proposed_at=act.now,
        need_answer=Answer.PENDING,
        offer_answer=Answer.PENDING,
    )
    own = speaks_alone(
        by_own_word(match, parties),
        is_proposer=is_proposer(act.session, match, act.actor.person_id),
    )
    if own is not None:
        change.take_answer(Side(own.value), Answer.ACCEPTED, act.actor.person_id)
    act.session.add(change)
    act.session.flush()
    note_step(act, match, "change_proposed", note, **_on_record(change))
    side = own.value if own else ""
    act.emit(ChangeProposed(match_id=match.id, change_id=change.id, side=side))
    return change


def _wanted(item: Commitment, terms: Terms) -> Terms:
    """The whole of what would be agreed. Raises Conflict where that is what is agreed already."""
    if terms.drops_rest:
        if item.delivered_milli >= item.taken_milli:
            raise Conflict("change_nothing")
        return Terms(item.taken_milli, item.covers_milli, item.due_on, drops_rest=True)
    former = (item.taken_milli, item.covers_milli, item.due_on)
    if (terms.taken_milli, terms.covers_milli, terms.due_on) == former:
        raise Conflict("change_nothing")
    return terms


def _insist_possible(match: Match, item: Commitment, terms: Terms) -> None:
    """Raises Invalid or Conflict as when an amount is agreed for the first time."""
    decision = may_change(terms.taken_milli, terms.covers_milli, item.delivered_milli)
    if not decision:
        raise Invalid(fields={"taken": [decision.code]}, **decision.params)
    offer_left, need_left = match.offer.remaining_milli, match.need.remaining_milli
    enough = may_commit(
        terms.taken_milli,
        terms.covers_milli,
        None if offer_left is None else offer_left + item.taken_milli,
        None if need_left is None else need_left + item.covers_milli,
    )
    if not enough:
        raise Conflict(enough.code, **enough.params)
    if (terms.taken_milli, terms.covers_milli) != (item.taken_milli, item.covers_milli):
        insist_on_cover(match.need, match.offer, terms.taken_milli, terms.covers_milli)
    parts = []
    if terms.taken_milli not in (item.taken_milli, item.delivered_milli):
        parts.append(("taken", match.offer, terms.taken_milli, item.taken_milli))
    if terms.covers_milli != item.covers_milli and terms.taken_milli != item.delivered_milli:
        parts.append(("covers", match.need, terms.covers_milli, item.covers_milli))
    insist_on_lots(*parts)


def answer_change(
    act: Act,
    public_id: str,
    change_id: str,
    side: Side,
    *,
    accept: bool,
    consent: Consent = OWN_WORD,
) -> CommitmentChange:
    """A side, or a broker as its recorded proxy, says yes or no; the last yes puts it in force.

    Raises Conflict when it is answered already, or where it cannot be had any more: then nothing
    has changed and the proposal still waits.
    """
    match, parties = _match_for(act, public_id, Deed.ANSWER_CHANGE)
    change = _change(act, match, change_id)
    said_other = change.said_by(side.other)
    by_proxy = insist_speaks(act, match, side, parties, consent, said_other=said_other)
    if change.state is not ChangeState.OPEN or change.answer_of(side) is not Answer.PENDING:
        raise Conflict("match_already_answered")
    answer = Answer.ACCEPTED if accept else Answer.DECLINED
    change.take_answer(side, answer, act.actor.person_id)
    if by_proxy:
        change.proxy_consent, change.proxy_note = consent.kind, consent.note.strip()[:2000]
    code = f"{side.value}_{'accepted' if accept else 'refused'}_change"
    note_step(act, match, code, by_proxy=by_proxy)
    act.emit(
        ChangeAnswered(
            match_id=match.id,
            change_id=change.id,
            side=side.value,
            accepted=accept,
            by_proxy=by_proxy,
        )
    )
    if not accept:
        change.state, change.closed_at = ChangeState.REFUSED, act.now
    elif all(change.answer_of(one) is Answer.ACCEPTED for one in Side):
        _put_in_force(act, match, change)
    return change


def take_back_change(act: Act, public_id: str, change_id: str) -> CommitmentChange:
    """Whoever proposed it, or the broker, takes it back. Raises Forbidden, Conflict."""
    match, parties = _match_for(act, public_id, Deed.PROPOSE_CHANGE)
    change = _change(act, match, change_id)
    if change.proposed_by_id != act.actor.person_id and Party.BROKER not in parties:
        raise Forbidden("match_not_your_step")
    if change.state is not ChangeState.OPEN:
        raise Conflict("match_already_answered")
    change.state, change.closed_at = ChangeState.TAKEN_BACK, act.now
    note_step(act, match, "change_taken_back")
    act.emit(ChangeTakenBack(match_id=match.id, change_id=change.id))
    return change


def _put_in_force(act: Act, match: Match, change: CommitmentChange) -> None:
    item = act.session.get_one(Commitment, change.commitment_id, populate_existing=True)
    if item.released_at is not None:
        raise Conflict("change_nothing")
    if change.drops_rest:
        give_back_of(act, match, [item])
    else:
        terms = Terms(change.taken_milli, change.covers_milli, change.due_on)
        need, offer = locked_pair(act, match.need_id, match.offer_id)
        _insist_possible(match, item, terms)
        more = ((need, terms.covers_milli - item.covers_milli),
                (offer, terms.taken_milli - item.taken_milli))  # fmt: skip
        for listing, milli in sorted(more, key=lambda pair: pair[0].id):
            if milli > 0:
                commit_quantity(act, listing, milli, expired=True)
            elif milli < 0:
                release_quantity(act, listing, -milli)
        item.taken_milli, item.covers_milli = terms.taken_milli, terms.covers_milli
        item.due_on = terms.due_on
    change.state, change.closed_at = ChangeState.ACCEPTED, act.now
    note_step(act, match, "changed", alone=True, **_on_record(change))
    act.emit(
        CommitmentChanged(
            match_id=match.id,
            commitment_id=item.id,
            taken_milli=item.taken_milli,
            covers_milli=item.covers_milli,
        )
    )


def _on_record(change: CommitmentChange) -> dict[str, Any]:
    """Former and new values, as the timeline keeps them."""
    days = (change.former_due_on, change.due_on)
    former_day, day = (one.isoformat() if one else None for one in days)
    return {
        "former_taken": change.former_taken_milli,
        "former_covers": change.former_covers_milli,
        "former_day": former_day,
        "taken": change.taken_milli,
        "covers": change.covers_milli,
        "day": day,
        "drops_rest": change.drops_rest,
    }


def _match_for(act: Act, public_id: str, deed: Deed) -> tuple[Match, frozenset[Party]]:
    match = locked_match(act, public_id)
    parties = parties_of(act.actor, match)
    insist(may_do(deed, match.state, parties))
    return match, parties


def _change(act: Act, match: Match, change_id: str) -> CommitmentChange:
    found = act.session.scalar(
        sa.select(CommitmentChange)
        .where(CommitmentChange.public_id == change_id, CommitmentChange.match_id == match.id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _open_change(act: Act, item: Commitment) -> CommitmentChange | None:
    query = sa.select(CommitmentChange).where(
        CommitmentChange.commitment_id == item.id, CommitmentChange.state == ChangeState.OPEN
    )
    return act.session.scalar(query)


def open_changes(session: Session, match_id: int) -> Sequence[CommitmentChange]:
    """What waits for an answer in a match, the first first."""
    query = sa.select(CommitmentChange).where(
        CommitmentChange.match_id == match_id, CommitmentChange.state == ChangeState.OPEN
    )
    query = query.options(
        joinedload(CommitmentChange.commitment, innerjoin=True),
        joinedload(CommitmentChange.proposed_by, innerjoin=True),
    )
    return session.scalars(query.order_by(CommitmentChange.id)).all()
