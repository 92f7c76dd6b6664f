"""Taking steps back: a dismissal, a claim, an answer. Each is a step on the timeline."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.events import AnswerTakenBack, MatchReleased, NextTakenUp, PairRestored
from exchange.brokering.kinds import LIVE_STATES, Answer, CloseReason, MatchState, Step
from exchange.brokering.life.claiming import claim
from exchange.brokering.life.transition_rules import BROKERS, may_restore, may_take_back
from exchange.brokering.matches import match_for_step, move, note_step
from exchange.brokering.models import Match, MatchSide
from exchange.brokering.pairs import insist_they_fit
from exchange.brokering.permissions import can_see, parties_of
from exchange.brokering.proxy.proxies import filed_side
from exchange.brokering.queries import is_proposer, match_by_public_id
from exchange.brokering.words import refuse_payments
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Side

LEAST_TIME = timedelta(days=1)


def release(act: Act, public_id: str, reason: CloseReason, note: str = "") -> Match:
    """Give a pair that was taken up and not proposed back to the queue: anybody may take it up."""
    match, _ = match_for_step(act, public_id, Step.RELEASE)
    refuse_payments(note=note)
    match.close_reason, match.close_note, match.closed_at = reason, note.strip()[:2000], act.now
    move(act, match, MatchState.WITHDRAWN)
    note_step(act, match, "released", note, internal=True, reason=reason.value)
    act.emit(MatchReleased(match_id=match.id, state=match.state.value, reason=reason.value))
    return match


def restore(act: Act, public_id: str) -> Match:
    """Undo a dismissal: the pair may be suggested and taken up again.

    Raises Conflict when that is too long ago for anybody but a supervisor.
    """
    match, parties = match_for_step(act, public_id, Step.RESTORE)
    _insist(may_restore(parties, dismissed_at=match.closed_at, now=act.now))
    move(act, match, MatchState.WITHDRAWN)
    note_step(act, match, "restored", internal=True)
    act.emit(PairRestored(match_id=match.id))
    return match


def take_back_answer(act: Act, public_id: str, side: Side) -> Match:
    """A side takes its answer back and may answer anew; a no that ended the match ended nothing.

    Whoever gave the answer may, and whoever speaks for the side. Raises Forbidden for others,
    Conflict when the other side has answered, it is too late, or the two do not fit any more.
    """
    match, _ = match_for_step(act, public_id, Step.TAKE_BACK)
    mine, other = match.side(side), match.side(side.other)
    if not speaks_for(act.session, act.actor, match, mine):
        raise Forbidden("match_not_your_side")
    _insist(
        may_take_back(
            match.state, mine.answer, other.answer, answered_at=mine.answered_at, now=act.now
        )
    )
    accepted = mine.answer is Answer.ACCEPTED
    if match.state is MatchState.DECLINED:
        _reopen(act, match)
    mine.answer, mine.answered_by_id, mine.answered_at = Answer.PENDING, None, None
    mine.decline_reason, mine.note, mine.contact_id = None, "", None
    mine.proxy_consent, mine.proxy_note = None, ""
    match.version += 1
    note_step(act, match, f"{side.value}_taken_back")
    act.emit(AnswerTakenBack(match_id=match.id, side=side.value, accepted=accepted))
    return match


def claim_next(act: Act, public_id: str, need_id: int, offer_id: int) -> Match:
    """After a match has ended, take up another pair of its need or its offer in its place.

    Raises Forbidden for whoever does not broker it, Conflict while it goes on, and as claiming.
    """
    ended = match_by_public_id(act.session, public_id)
    if ended is None or not can_see(act.actor, ended):
        raise NotFound
    if not parties_of(act.actor, ended) & BROKERS:
        raise Forbidden("match_not_your_step")
    if ended.state in LIVE_STATES:
        raise Conflict("match_wrong_state", state=ended.state.value)
    if ended.need_id != need_id and ended.offer_id != offer_id:
        raise Conflict("pair_wrong_side")
    made = claim(act, need_id, offer_id)
    note_step(act, ended, "next_taken_up", internal=True, to=made.public_id)
    act.emit(NextTakenUp(match_id=ended.id, next_match_id=made.id))
    return made


def speaks_for(session: Session, actor: Actor, match: Match, mine: MatchSide) -> bool:
    """Whether somebody may take this side's answer back."""
    if actor.person_id is not None and actor.person_id == mine.answered_by_id:
        return True
    own = actor.belongs_to(match.listing_of(mine.side).organisation_id)
    if not own or filed_side(match, mine.side):
        return False
    return not is_proposer(session, match, actor.person_id)


def _reopen(act: Act, match: Match) -> None:
    """The match goes on where it stood, with at least a day left to answer."""
    live = sa.select(Match.id).where(
        Match.need_id == match.need_id,
        Match.offer_id == match.offer_id,
        Match.state.in_(LIVE_STATES),
    )
    if act.session.execute(live.limit(1)).first() is not None:
        raise Conflict("match_already_claimed")
    insist_they_fit(act, match)
    match.close_reason, match.close_note, match.closed_at = None, "", None
    match.lapses_at = max(match.lapses_at or act.now, act.now + LEAST_TIME)
    move(act, match, MatchState.PROPOSED)


def _insist(decision: Decision) -> None:
    if not decision:
        raise Conflict(decision.code, **decision.params)
