"""Taking a suggested pair up, or saying that it is not worth an introduction."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.brokering.centre.caseload_service import hold_duties, insist_on_free_hands
from exchange.brokering.events import MatchClaimed, PairDismissed
from exchange.brokering.kinds import LIVE_STATES, DismissReason, MatchState
from exchange.brokering.matches import locked_pair, note_step
from exchange.brokering.models import Match, MatchSide
from exchange.brokering.pairs import pair_decision, score_of_pair
from exchange.brokering.permissions import may_take_up
from exchange.brokering.words import refuse_payments
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see as can_see_listing


def claim(act: Act, need_id: int, offer_id: int) -> Match:
    """Take a pair up; from now on nobody else can. Raises Conflict when somebody already has.

    The gates of matching are asked again on the present values: what has expired, is used up or
    does not reach the place cannot be claimed, however long the page stood open. Neither can
    what is in somebody else's hands, nor more than the centre allows one worker.
    """
    worker = hold_duties(act)
    need, offer = _pair(act, need_id, offer_id)
    decision = pair_decision(act.session, need, offer, act.today)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    if _has_match(act, need, offer, LIVE_STATES):
        raise Conflict("match_already_claimed")
    point_id = insist_on_free_hands(act, need, worker)
    match = _new_match(act, need, offer, MatchState.CLAIMED)
    match.service_point_id = point_id
    try:
        act.session.flush()
    except IntegrityError as error:
        raise Conflict("match_already_claimed") from error
    note_step(act, match, "claimed")
    act.emit(MatchClaimed(match_id=match.id))
    return match


def dismiss(act: Act, need_id: int, offer_id: int, reason: DismissReason, note: str = "") -> Match:
    """Say that the pair is not worth an introduction; it is not suggested again.

    Raises Conflict while a match of the pair goes on, or where that was said already: one word
    of it stands, so that taking it back frees the pair.
    """
    need, offer = _pair(act, need_id, offer_id)
    refuse_payments(note=note)
    if _has_match(act, need, offer, LIVE_STATES):
        raise Conflict("match_already_claimed")
    if _has_match(act, need, offer, (MatchState.DISMISSED,)):
        raise Conflict("pair_already_dismissed")
    match = _new_match(act, need, offer, MatchState.DISMISSED)
    match.dismiss_reason = reason
    match.close_note = note.strip()[:2000]
    match.closed_at = act.now
    act.session.flush()
    note_step(act, match, "dismissed", note, internal=True, reason=reason.value)
    act.emit(PairDismissed(match_id=match.id, reason=reason.value))
    return match


def _pair(act: Act, need_id: int, offer_id: int) -> tuple[Listing, Listing]:
    need, offer = locked_pair(act, need_id, offer_id)
    if need.side is not Side.NEED or offer.side is not Side.OFFER:
        raise Conflict("pair_wrong_side")
    if not (can_see_listing(act.actor, need) and can_see_listing(act.actor, offer)):
        raise NotFound
    if not may_take_up(act.actor, need):
        raise Forbidden("match_not_your_division")
    return need, offer


def _has_match(
    act: Act, need: Listing, offer: Listing, states: tuple[MatchState, ...]
) -> bool:
    query = sa.select(Match.id).where(
        Match.need_id == need.id, Match.offer_id == offer.id, Match.state.in_(states)
    )
    return act.session.execute(query.limit(1)).first() is not None


def _new_match(act: Act, need: Listing, offer: Listing, state: MatchState) -> Match:
    assert act.actor.person_id is not None  # noqa: S101 - may_take_up has seen a broker
    match = Match(
        need_id=need.id,
        offer_id=offer.id,
        state=state,
        broker_id=act.actor.person_id,
        service_point_id=act.actor.service_point_id,
        score=score_of_pair(act.session, need.id, offer.id),
        created_at=act.now,
        updated_at=act.now,
        sides=[
            MatchSide(side=Side.NEED, organisation_id=need.organisation_id),
            MatchSide(side=Side.OFFER, organisation_id=offer.organisation_id),
        ],
    )
    act.session.add(match)
    return match
