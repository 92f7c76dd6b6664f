"""Commitments, deliveries and outcomes: what is promised, what arrived, what came of it."""

from datetime import date

import sqlalchemy as sa

from exchange.brokering.events import (
    CommitmentMade,
    DeliveryRecorded,
    MatchCompleted,
    MatchEvaluated,
    OutcomeConfirmed,
    OutcomeRecorded,
)
from exchange.brokering.holding import settle
from exchange.brokering.kinds import MatchState, ProxyConsent, Step
from exchange.brokering.matches import insist, locked_pair, match_for_step, move, note_step
from exchange.brokering.models import Commitment, Match, Outcome
from exchange.brokering.proxies import may_have_proxy, stands_on_other
from exchange.brokering.queries import is_proposer
from exchange.brokering.rules import (
    SIDES,
    LotRule,
    Party,
    Proxy,
    may_commit,
    may_share,
    may_speak_for,
)
from exchange.brokering.words import refuse_words
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.commitments import commit_quantity
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.taxonomy.units import format_amount, step_milli


def commit(
    act: Act, public_id: str, taken_milli: int, covers_milli: int, due_on: date | None = None
) -> Commitment:
    """Reserve an amount on both listings, in thousandths: taken of the offer, covers of the need.

    Least lots hold, and what stays whole, unless it is all that is left (Invalid by field).

    The two have met, so that a last day which has passed since keeps nobody from it; what is
    withdrawn or held does. Raises Conflict when more is asked than is left at this moment; nothing
    is then reserved.
    """
    match, _ = match_for_step(act, public_id, Step.COMMIT)
    need, offer = locked_pair(act, match.need_id, match.offer_id)
    decision = may_commit(taken_milli, covers_milli, offer.remaining_milli, need.remaining_milli)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    _insist_on_lots(need, covers_milli, offer, taken_milli)
    for listing, milli in sorted(
        ((need, covers_milli), (offer, taken_milli)), key=lambda p: p[0].id
    ):
        commit_quantity(act, listing, milli, expired=True)
    assert act.actor.person_id is not None  # noqa: S101 - the table has seen a broker
    made = Commitment(
        match_id=match.id,
        taken_milli=taken_milli,
        covers_milli=covers_milli,
        delivered_milli=0,
        made_by_id=act.actor.person_id,
        made_at=act.now,
        due_on=due_on,
    )
    act.session.add(made)
    if match.state is MatchState.INTRODUCED:
        move(act, match, MatchState.AGREED)
    act.session.flush()
    note_step(act, match, "committed", taken=taken_milli, covers=covers_milli)
    act.emit(
        CommitmentMade(
            match_id=match.id,
            commitment_id=made.id,
            taken_milli=taken_milli,
            covers_milli=covers_milli,
        )
    )
    return made


def _insist_on_lots(need: Listing, covers_milli: int, offer: Listing, taken_milli: int) -> None:
    """Raises Invalid beside the amount that is less than a lot, or a part of what stays whole."""
    for name, listing, milli in (("taken", offer, taken_milli), ("covers", need, covers_milli)):
        unit = listing.unit or ""
        rule = LotRule(
            listing.remaining_milli, listing.lot_milli or 0, step_milli(unit), listing.is_whole
        )
        decision = may_share(milli, rule)
        if not decision:
            least = decision.params.get("milli")
            amount = format_amount(least) if least else ""
            raise Invalid(fields={name: [decision.code]}, amount=amount)


def record_delivery(
    act: Act, public_id: str, commitment_id: str, milli: int, note: str = ""
) -> Match:
    """Record that so much more of a commitment arrived, in thousandths of the offer's unit."""
    match, _ = match_for_step(act, public_id, Step.DELIVER)
    refuse_words(match, note=note)
    commitment = act.session.scalar(
        sa.select(Commitment)
        .where(
            Commitment.public_id == commitment_id,
            Commitment.match_id == match.id,
            Commitment.released_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    if commitment is None:
        raise NotFound
    if milli <= 0 or commitment.delivered_milli + milli > commitment.taken_milli:
        left = commitment.taken_milli - commitment.delivered_milli
        raise Invalid(fields={"amount": ["delivery_exceeds_commitment"]}, left=left)
    commitment.delivered_milli += milli
    if match.state is MatchState.AGREED:
        move(act, match, MatchState.DELIVERING)
    note_step(act, match, "delivered", note, amount=milli)
    act.emit(
        DeliveryRecorded(match_id=match.id, commitment_id=commitment.id, delivered_milli=milli)
    )
    return match


def record_outcome(
    act: Act, public_id: str, text: str, people: int, delivered_milli: int | None = None
) -> Match:
    """Write down what was delivered, in thousandths of the need's unit, and to how many people.

    Whoever belongs to one side (and did not propose) confirms for it at once; the rest confirm
    later, and only what they have read: the match gets another version.
    """
    match, parties = match_for_step(act, public_id, Step.RECORD_OUTCOME)
    if not text.strip():
        raise Invalid(fields={"text": ["required"]})
    if people < 0 or people > 10_000_000:
        raise Invalid(fields={"people": ["number_out_of_range"]})
    assert act.actor.person_id is not None  # noqa: S101 - the table has seen a person
    refuse_words(match, text=text)
    outcome = match.outcome or Outcome(match_id=match.id)
    outcome.text, outcome.people = text.strip()[:4000], people
    outcome.delivered_milli = delivered_milli
    outcome.recorded_by_id, outcome.recorded_at = act.actor.person_id, act.now
    outcome.need_confirmed_at = outcome.need_confirmed_by_id = None
    outcome.offer_confirmed_at = outcome.offer_confirmed_by_id = None
    match.outcome = outcome
    match.version += 1
    if match.state is MatchState.AGREED:
        move(act, match, MatchState.DELIVERING)
    note_step(act, match, "outcome_recorded", text, people=people)
    act.emit(OutcomeRecorded(match_id=match.id))
    mine = parties & SIDES
    if len(mine) == 1 and not is_proposer(act.session, match, act.actor.person_id):
        _confirm_side(act, match, Side(next(iter(mine)).value))
    return match


def confirm_outcome(
    act: Act,
    public_id: str,
    side: Side,
    *,
    version: int,
    consent: ProxyConsent | None = None,
    consent_note: str = "",
) -> Match:
    """A side, or a broker as its recorded proxy, confirms; with both it is completed.

    ``version`` is that of the match as it was read. Raises Conflict when the outcome was written
    anew since.
    """
    match, parties = match_for_step(act, public_id, Step.CONFIRM)
    if match.outcome is None:
        raise Conflict("outcome_missing")
    if version != match.version:
        raise Conflict("outcome_changed")
    spoken = may_speak_for(
        Party(side.value),
        parties,
        is_proposer=is_proposer(act.session, match, act.actor.person_id),
        proxy=Proxy(may_have_proxy(match, side), stands_on_other(match, side, act.actor), consent),
    )
    insist(spoken)
    if spoken.code == "proxy" and not consent_note.strip():
        raise Invalid(fields={"consent_note": ["required"]})
    refuse_words(match, consent_note=consent_note)
    if getattr(match.outcome, f"{side.value}_confirmed_at") is not None:
        raise Conflict("match_already_answered")
    _confirm_side(act, match, side, by_proxy=spoken.code == "proxy", note=consent_note)
    return match


def _confirm_side(
    act: Act, match: Match, side: Side, *, by_proxy: bool = False, note: str = ""
) -> None:
    outcome = match.outcome
    assert outcome is not None  # noqa: S101 - both callers have it
    if side is Side.NEED:
        outcome.need_confirmed_at, outcome.need_confirmed_by_id = act.now, act.actor.person_id
    else:
        outcome.offer_confirmed_at, outcome.offer_confirmed_by_id = act.now, act.actor.person_id
    note_step(act, match, f"{side.value}_confirmed", note, by_proxy=by_proxy)
    act.emit(OutcomeConfirmed(match_id=match.id, side=side.value))
    if outcome.need_confirmed_at and outcome.offer_confirmed_at:
        match.closed_at = act.now
        settle(act, match)
        move(act, match, MatchState.COMPLETED)
        note_step(act, match, "completed")
        act.emit(MatchCompleted(match_id=match.id))


def evaluate(act: Act, public_id: str, text: str) -> Match:
    """The social worker closes the file: would one do it again, what was learnt."""
    match, _ = match_for_step(act, public_id, Step.EVALUATE)
    if not text.strip():
        raise Invalid(fields={"text": ["required"]})
    refuse_words(match, text=text)
    assert match.outcome is not None  # noqa: S101 - completed matches have one
    match.outcome.evaluation = text.strip()[:4000]
    move(act, match, MatchState.EVALUATED)
    note_step(act, match, "evaluated", text)
    act.emit(MatchEvaluated(match_id=match.id))
    return match
