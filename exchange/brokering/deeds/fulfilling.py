"""Commitments and outcomes: what is promised, what came of it. Deliveries: see ``delivering``."""

from datetime import date

from exchange.brokering.deeds.agreeing import (
    insist_on_cover,
    insist_on_day,
    insist_on_likely,
)
from exchange.brokering.deeds.delivering import confirm_rest, insist_undisputed, record_delivery
from exchange.brokering.deeds.following_up import insist_asked
from exchange.brokering.deeds.holding import settle
from exchange.brokering.deeds.lots import insist_on_lots
from exchange.brokering.deeds.rules import NO_EFFECTS, Effects, may_state, speaks_alone
from exchange.brokering.deeds.sending import UNNAMED, Sent, agreed_already
from exchange.brokering.events import (
    CommitmentMade,
    MatchCompleted,
    MatchEvaluated,
    OutcomeConfirmed,
    OutcomeRecorded,
)
from exchange.brokering.kinds import MatchState, ProxyConsent, Step
from exchange.brokering.matches import locked_pair, match_for_step, move, note_step
from exchange.brokering.models import Commitment, Match, Outcome
from exchange.brokering.proxy.proxies import by_own_word
from exchange.brokering.proxy.speaking import Consent, insist_speaks
from exchange.brokering.queries import is_proposer
from exchange.brokering.rules import may_commit
from exchange.brokering.words import refuse_words
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.commitments import commit_quantity
from exchange.listings.kinds import Side
from exchange.taxonomy.units import is_known

__all__ = ["commit", "confirm_outcome", "evaluate", "record_delivery", "record_outcome"]


def commit(
    act: Act,
    public_id: str,
    taken_milli: int,
    covers_milli: int,
    due_on: date | None = None,
    *,
    sent: Sent = UNNAMED,
) -> Commitment:
    """Reserve an amount on both listings, in thousandths: taken of the offer, covers of the need.

    Least lots hold, and what stays whole, unless it is all that is left; the day is still to come,
    and nothing covers more than it is (Invalid by field).

    The two have met, so that a last day which has passed since keeps nobody from it; what is
    withdrawn or held does. Raises Conflict when more is asked than is left at this moment; nothing
    is then reserved. Sent twice it is agreed once: see ``sending``.
    """
    match, _ = match_for_step(act, public_id, Step.COMMIT)
    known = agreed_already(act, match, sent, (taken_milli, covers_milli), due_on)
    if known is not None:
        return known
    insist_on_day(act, due_on)
    need, offer = locked_pair(act, match.need_id, match.offer_id)
    decision = may_commit(taken_milli, covers_milli, offer.remaining_milli, need.remaining_milli)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    insist_on_cover(need, offer, taken_milli, covers_milli)
    insist_on_lots(("taken", offer, taken_milli, 0), ("covers", need, covers_milli, 0))
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
        sent_key=sent.name,
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


def record_outcome(
    act: Act,
    public_id: str,
    text: str,
    people: int,
    delivered_milli: int | None = None,
    effects: Effects = NO_EFFECTS,
) -> Match:
    """Write down what was delivered, in thousandths of the need's unit, to how many people, and
    what it changed for them.

    Whoever belongs to one side (and did not propose) confirms for it at once; the rest confirm
    later, and only what they have read: the match gets another version.
    """
    match, parties = match_for_step(act, public_id, Step.RECORD_OUTCOME)
    if not text.strip():
        raise Invalid(fields={"text": ["required"]})
    if people < 0 or people > 10_000_000:
        raise Invalid(fields={"people": ["number_out_of_range"]})
    insist_on_likely(match, delivered_milli, effects.unit)
    _check_effects(match, effects)
    assert act.actor.person_id is not None  # noqa: S101 - the table has seen a person
    refuse_words(match, text=text, lessons=effects.lessons)
    outcome = match.outcome or Outcome(match_id=match.id)
    outcome.text, outcome.people = text.strip()[:4000], people
    outcome.delivered_milli = delivered_milli
    outcome.unit = "" if match.need.unit else effects.unit
    outcome.income_fen, outcome.income_period = effects.income_fen, effects.income_period
    outcome.saved_fen, outcome.saved_period = effects.saved_fen, effects.saved_period
    outcome.lessons = effects.lessons.strip()[:2000]
    outcome.recorded_by_id, outcome.recorded_at = act.actor.person_id, act.now
    outcome.need_confirmed_at = outcome.need_confirmed_by_id = None
    outcome.offer_confirmed_at = outcome.offer_confirmed_by_id = None
    match.outcome = outcome
    match.version += 1
    if match.state is MatchState.AGREED:
        move(act, match, MatchState.DELIVERING)
    note_step(act, match, "outcome_recorded", text, people=people)
    act.emit(OutcomeRecorded(match_id=match.id))
    own = speaks_alone(
        by_own_word(match, parties),
        is_proposer=is_proposer(act.session, match, act.actor.person_id),
    )
    if own is not None:
        _confirm_side(act, match, Side(own.value), by_writing=True)
    return match


def _check_effects(match: Match, effects: Effects) -> None:
    """Raises Invalid beside the field."""
    stated = may_state(effects)
    if not stated:
        raise Invalid(fields={stated.params["field"]: [stated.code]})
    if effects.unit and not match.need.unit and not is_known(effects.unit):
        raise Invalid(fields={"unit": ["unit_unknown"]})


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
    by_proxy = insist_speaks(act, match, side, parties, Consent(consent, consent_note))
    if getattr(match.outcome, f"{side.value}_confirmed_at") is not None:
        raise Conflict("match_already_answered")
    _confirm_side(act, match, side, by_proxy=by_proxy)
    return match


def _confirm_side(
    act: Act, match: Match, side: Side, *, by_proxy: bool = False, by_writing: bool = False
) -> None:
    outcome = match.outcome
    assert outcome is not None  # noqa: S101 - both callers have it
    if side is Side.NEED:
        outcome.need_confirmed_at, outcome.need_confirmed_by_id = act.now, act.actor.person_id
    else:
        outcome.offer_confirmed_at, outcome.offer_confirmed_by_id = act.now, act.actor.person_id
    note_step(act, match, f"{side.value}_confirmed", by_proxy=by_proxy)
    act.emit(
        OutcomeConfirmed(
            match_id=match.id, side=side.value, by_proxy=by_proxy, by_writing=by_writing
        )
    )
    if outcome.need_confirmed_at and outcome.offer_confirmed_at:
        insist_undisputed(act, match)
        confirm_rest(act, match)
        match.closed_at = act.now
        settle(act, match)
        move(act, match, MatchState.COMPLETED)
        note_step(act, match, "completed")
        act.emit(MatchCompleted(match_id=match.id))


def evaluate(act: Act, public_id: str, text: str) -> Match:
    """The social worker closes the file: would one do it again, what was learnt.

    Raises Conflict before both sides were asked how it was.
    """
    match, _ = match_for_step(act, public_id, Step.EVALUATE)
    insist_asked(act, match)
    if not text.strip():
        raise Invalid(fields={"text": ["required"]})
    refuse_words(match, text=text)
    assert match.outcome is not None  # noqa: S101 - completed matches have one
    match.outcome.evaluation = text.strip()[:4000]
    move(act, match, MatchState.EVALUATED)
    note_step(act, match, "evaluated", text)
    act.emit(MatchEvaluated(match_id=match.id))
    return match
