"""Deliveries: each is a note of its own, confirmed by who received it, or disputed and settled."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.brokering.deeds.attaching import keep_files, refuse_too_many
from exchange.brokering.deeds.events import (
    DeliveryConfirmed,
    DeliveryDisputed,
    DeliverySettled,
    DeliveryUnconfirmed,
)
from exchange.brokering.deeds.kinds import Deed, DeliveryState
from exchange.brokering.deeds.models import Delivery, MatchFile
from exchange.brokering.deeds.rules import (
    CONFIRM_WITHIN,
    TELL_AFTER,
    covered,
    may_arrive,
    may_deliver,
    may_do,
    speaks_alone,
)
from exchange.brokering.deeds.sending import UNNAMED, Sent, recorded_already
from exchange.brokering.events import DeliveryRecorded
from exchange.brokering.kinds import MatchState, Step
from exchange.brokering.matches import (
    insist,
    locked_match,
    locked_pair,
    match_for_step,
    move,
    note_step,
)
from exchange.brokering.models import Commitment, Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxy.proxies import by_own_word
from exchange.brokering.proxy.speaking import OWN_WORD, Consent, insist_speaks, receiving_side
from exchange.brokering.queries import is_proposer
from exchange.brokering.rules import Party
from exchange.brokering.words import refuse_words
from exchange.files.pictures import Picture
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.commitments import release_quantity
from exchange.listings.kinds import Side


def record_delivery(
    act: Act,
    public_id: str,
    commitment_id: str,
    milli: int,
    note: str = "",
    *,
    arrived_on: date | None = None,
    pictures: Sequence[Picture] = (),
    sent: Sent = UNNAMED,
) -> Match:
    """Put a delivery on record, in thousandths of the offer's unit, with up to four pictures.

    ``arrived_on`` is today where nothing is said. Whoever is of the receiving side confirms it by
    that; otherwise that side is asked. Sent twice it is recorded once: see ``sending``.
    Raises NotFound, Conflict, Invalid beside a field.
    """
    match, parties = match_for_step(act, public_id, Step.DELIVER)
    refuse_words(match, note=note)
    refuse_too_many(pictures)
    commitment = held_commitment(act, match, commitment_id)
    words = note.strip()[:2000]
    if recorded_already(act, commitment, sent, (milli, arrived_on, words), len(pictures)):
        return match
    fits = may_deliver(milli, commitment.delivered_milli, commitment.taken_milli)
    if not fits:
        raise Invalid(fields={"amount": [fits.code]}, **fits.params)
    day = arrived_on or act.today
    possible = may_arrive(day, _introduced_on(act, match), act.today)
    if not possible:
        raise Invalid(fields={"arrived_on": [possible.code]}, **possible.params)
    commitment.delivered_milli += milli
    delivery = _new_delivery(act, match, commitment, (milli, day, words), sent)
    keep_files(act, match, pictures, internal=False, delivery_id=delivery.id)
    if match.state is MatchState.AGREED:
        move(act, match, MatchState.DELIVERING)
    note_step(act, match, "delivered", note, amount=milli, day=day.isoformat())
    own = speaks_alone(
        by_own_word(match, parties),
        is_proposer=is_proposer(act.session, match, act.actor.person_id),
    )
    if own is not None:
        _say_so(act, match, delivery, Side(own.value))
    act.emit(
        DeliveryRecorded(
            match_id=match.id,
            commitment_id=commitment.id,
            delivered_milli=milli,
            delivery_id=delivery.id,
        )
    )
    return match


def _introduced_on(act: Act, match: Match) -> date:
    """Since when something can have arrived; where it is not on record, since there is a match."""
    return civil_date(match.introduced_at or match.created_at, act.house.settings.time_zone)


def held_commitment(act: Act, match: Match, public_id: str) -> Commitment:
    """A commitment of the match that still holds something, as it is now. Raises NotFound."""
    found = act.session.scalar(
        sa.select(Commitment)
        .where(
            Commitment.public_id == public_id,
            Commitment.match_id == match.id,
            Commitment.released_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _new_delivery(
    act: Act, match: Match, commitment: Commitment, what: tuple[int, date, str], sent: Sent
) -> Delivery:
    assert act.actor.person_id is not None  # noqa: S101 - the table has seen a person
    milli, day, note = what
    made = Delivery(
        match_id=match.id,
        commitment_id=commitment.id,
        milli=milli,
        arrived_on=day,
        note=note,
        recorded_by_id=act.actor.person_id,
        recorded_at=act.now,
        receiver=receiving_side(match),
        sent_key=sent.name,
    )
    act.session.add(made)
    act.session.flush()
    return made


def confirm_delivery(
    act: Act, public_id: str, delivery_id: str, side: Side, consent: Consent = OWN_WORD
) -> Match:
    """A side, or a broker as its recorded proxy, says that it was so.

    Raises Conflict when that side has said so already or it is disputed or struck out.
    """
    match, delivery, parties = delivery_for(act, public_id, delivery_id, Deed.CONFIRM_DELIVERY)
    said_other = delivery.said_by(side.other)
    by_proxy = insist_speaks(act, match, side, parties, consent, said_other=said_other)
    if delivery.is_disputed or delivery.struck_at is not None:
        raise Conflict("delivery_not_open")
    if delivery.said_at(side) is not None:
        raise Conflict("match_already_answered")
    if by_proxy:
        delivery.proxy_consent, delivery.proxy_note = consent.kind, consent.note.strip()[:2000]
    _say_so(act, match, delivery, side)
    code = f"{side.value}_confirmed_delivery"
    note_step(act, match, code, by_proxy=by_proxy, amount=delivery.milli)
    act.emit(
        DeliveryConfirmed(
            match_id=match.id, delivery_id=delivery.id, side=side.value, by_proxy=by_proxy
        )
    )
    return match


def _say_so(act: Act, match: Match, delivery: Delivery, side: Side) -> None:
    if side is delivery.receiver:
        delivery.received_at, delivery.received_by_id = act.now, act.actor.person_id
    else:
        delivery.given_at, delivery.given_by_id = act.now, act.actor.person_id
    match.updated_at = act.now


def dispute_delivery(
    act: Act, public_id: str, delivery_id: str, side: Side, note: str,
    consent: Consent = OWN_WORD,
) -> Match:  # fmt: skip
    """A side, or its recorded proxy, says that it was not so: it waits for the broker's decision.

    Raises Invalid without words, Conflict where it is disputed, settled or struck out already.
    """
    match, delivery, parties = delivery_for(act, public_id, delivery_id, Deed.DISPUTE_DELIVERY)
    by_proxy = insist_speaks(act, match, side, parties, consent)
    if not note.strip():
        raise Invalid(fields={"note": ["required"]})
    refuse_words(match, note=note)
    if delivery.disputed_at is not None or delivery.struck_at is not None:
        raise Conflict("delivery_not_open")
    if by_proxy:
        delivery.proxy_consent, delivery.proxy_note = consent.kind, consent.note.strip()[:2000]
    delivery.disputed_at, delivery.disputed_by_id = act.now, act.actor.person_id
    delivery.dispute_note = note.strip()[:2000]
    code = f"{side.value}_disputed_delivery"
    note_step(act, match, code, note, by_proxy=by_proxy, amount=delivery.milli)
    act.emit(DeliveryDisputed(match_id=match.id, delivery_id=delivery.id, side=side.value))
    return match


def settle_delivery(act: Act, public_id: str, delivery_id: str, milli: int, note: str) -> Match:
    """The broker decides how much of a disputed delivery counts; nothing at all strikes it out.

    Raises Conflict where nothing is disputed, Invalid for an amount that exceeds what is agreed.
    """
    match, delivery, _ = delivery_for(act, public_id, delivery_id, Deed.SETTLE_DELIVERY)
    if not note.strip():
        raise Invalid(fields={"note": ["required"]})
    refuse_words(match, note=note)
    if not delivery.is_disputed or delivery.struck_at is not None:
        raise Conflict("delivery_not_open")
    commitment = act.session.get_one(
        Commitment, delivery.commitment_id, populate_existing=True
    )
    others, former = commitment.delivered_milli - delivery.milli, delivery.milli
    most = commitment.taken_milli if commitment.released_at is None else others + former
    fits = may_deliver(milli, others, most)
    if milli and not fits:
        raise Invalid(fields={"amount": [fits.code]}, **fits.params)
    _count(act, match, commitment, others + milli)
    delivery.settled_at, delivery.settled_by_id = act.now, act.actor.person_id
    if milli:
        delivery.milli = milli
    else:
        delivery.struck_at = act.now
    note_step(act, match, "settled_delivery", note, former=former, amount=milli)
    act.emit(
        DeliverySettled(
            match_id=match.id, delivery_id=delivery.id, former_milli=former, milli=milli
        )
    )
    return match


def delivery_for(
    act: Act, public_id: str, delivery_id: str, deed: Deed
) -> tuple[Match, Delivery, frozenset[Party]]:
    """The match, locked, and its delivery as it is now, with how the actor stands to it.

    Raises NotFound, Forbidden or Conflict as the table says.
    """
    match = locked_match(act, public_id)
    parties = parties_of(act.actor, match)
    insist(may_do(deed, match.state, parties))
    found = act.session.scalar(
        sa.select(Delivery)
        .where(Delivery.public_id == delivery_id, Delivery.match_id == match.id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return match, found, parties


def deliveries_of(session: Session, match_id: int) -> Sequence[Delivery]:
    """The deliveries of a match with commitments and pictures, the first first. Two queries."""
    query = (
        sa.select(Delivery)
        .where(Delivery.match_id == match_id)
        .options(
            joinedload(Delivery.commitment, innerjoin=True),
            joinedload(Delivery.recorded_by, innerjoin=True),
            selectinload(Delivery.files).joinedload(MatchFile.file, innerjoin=True),
        )
        .order_by(Delivery.id)
    )
    return session.scalars(query).all()


def insist_undisputed(act: Act, match: Match) -> None:
    """Raises Conflict while the broker has still to settle what a side has contradicted."""
    if any(one.state is DeliveryState.DISPUTED for one in deliveries_of(act.session, match.id)):
        raise Conflict("delivery_disputed")


def strike_undecided(act: Act, match: Match) -> None:
    """The match ends: what the receiving side has not confirmed, or was contradicted, and nobody
    has decided on, has not arrived. Of what nobody contradicted the timeline says so.
    """
    for one in deliveries_of(act.session, match.id):
        if one.is_undecided:
            is_silent = not one.is_disputed
            one.struck_at = act.now
            commitment = act.session.get_one(Commitment, one.commitment_id)
            _count(act, match, commitment, commitment.delivered_milli - one.milli)
            if is_silent:
                note_step(act, match, "delivery_unconfirmed", alone=True, amount=one.milli)


def _count(act: Act, match: Match, commitment: Commitment, delivered_milli: int) -> None:
    """Let so much count as delivered; where only that was still held, the rest is free again."""
    former, commitment.delivered_milli = commitment.delivered_milli, delivered_milli
    if commitment.released_at is None:
        return
    need, offer = locked_pair(act, match.need_id, match.offer_id)
    covers = [
        covered(commitment.covers_milli, milli, commitment.taken_milli)
        for milli in (former, delivered_milli)
    ]
    freed = ((need, covers[0] - covers[1]), (offer, former - delivered_milli))
    for listing, milli in sorted(freed, key=lambda pair: pair[0].id):
        if milli:
            release_quantity(act, listing, milli)


def confirm_rest(act: Act, match: Match) -> None:
    """Both sides have confirmed the outcome: with it what the receiving side had not yet said."""
    outcome = match.outcome
    if outcome is None:
        return
    people = {Side.NEED: outcome.need_confirmed_by_id, Side.OFFER: outcome.offer_confirmed_by_id}
    for one in deliveries_of(act.session, match.id):
        if one.state is DeliveryState.RECORDED:
            one.received_at, one.received_by_id = act.now, people[one.receiver]


def remind_unconfirmed(act: Act, delivery_id: int) -> bool:
    """Ask the receiving side once more after some days, and tell the broker after more of them.

    Whether anything was due; done twice it does no more.
    """
    one = act.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if one is None or one.state is not DeliveryState.RECORDED:
        return False
    age = act.now - one.recorded_at
    if one.told_at is None and age >= timedelta(days=TELL_AFTER):
        one.told_at = one.reminded_at = act.now
    elif one.reminded_at is None and age >= timedelta(days=CONFIRM_WITHIN):
        one.reminded_at = act.now
    else:
        return False
    again = one.told_at is not None
    act.emit(DeliveryUnconfirmed(match_id=one.match_id, delivery_id=one.id, again=again))
    return True


def due_for_reminder(act: Act, limit: int = 200) -> Sequence[int]:
    """Ids of deliveries in matches that go on which the receiving side should be asked about."""
    asked = act.now - timedelta(days=CONFIRM_WITHIN)
    told = act.now - timedelta(days=TELL_AFTER)
    query = (
        sa.select(Delivery.id)
        .join(Match, Match.id == Delivery.match_id)
        .where(
            Match.state == MatchState.DELIVERING,
            Delivery.received_at.is_(None),
            Delivery.struck_at.is_(None),
            sa.or_(Delivery.disputed_at.is_(None), Delivery.settled_at.is_not(None)),
            sa.or_(
                sa.and_(Delivery.reminded_at.is_(None), Delivery.recorded_at <= asked),
                sa.and_(Delivery.told_at.is_(None), Delivery.recorded_at <= told),
            ),
        )
        .order_by(Delivery.id)
        .limit(limit)
    )
    return act.session.scalars(query).all()
