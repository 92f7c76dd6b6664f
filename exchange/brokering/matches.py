"""What every step does: load and lock the match, check the table, write the timeline."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from exchange.brokering.kinds import MatchState, Step
from exchange.brokering.life.transition_rules import leads_to, may_take
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.permissions import can_see, parties_of
from exchange.brokering.rules import Party
from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.models import Listing

NOT_NOW = "match_wrong_state"


def match_for_step(act: Act, public_id: str, step: Step) -> tuple[Match, frozenset[Party]]:
    """Load a match, lock its row until the act ends, and check that the actor may take the step.

    Raises NotFound where the actor may not know of it, Forbidden or Conflict where they may.
    """
    found = locked_match(act, public_id)
    parties = parties_of(act.actor, found)
    insist(may_take(step, found.state, parties))
    return found, parties


def locked_match(act: Act, public_id: str) -> Match:
    """Load a match and lock it until the act ends. Raises NotFound for strangers.

    Everybody locks the listings first and the match after them, so that nobody waits in a circle
    with one who withdraws a listing.
    """
    pair = act.session.execute(
        sa.select(Match.need_id, Match.offer_id).where(Match.public_id == public_id)
    ).one_or_none()
    if pair is None:
        raise NotFound
    locked_pair(act, *pair)
    found = act.session.scalar(
        sa.select(Match)
        .where(Match.public_id == public_id)
        .with_for_update(of=Match)
        .execution_options(populate_existing=True)
    )
    if found is None or not can_see(act.actor, found):
        raise NotFound
    return found


def insist(decision: Decision) -> None:
    """Turn a rule's no into the error it stands for."""
    if decision:
        return
    if decision.code == NOT_NOW:
        raise Conflict(decision.code, **decision.params)
    raise Forbidden(decision.code, **decision.params)


def move(act: Act, match: Match, state: MatchState) -> None:
    """Put the match into a state to which a step of the table leads from the present one."""
    if state is not match.state and not leads_to(match.state, state):
        raise RuntimeError(f"no step leads from {match.state} to {state}")
    match.state = state
    match.version += 1
    match.updated_at = act.now


def note_step(
    act: Act,
    match: Match,
    code: str,
    note: str = "",
    *,
    internal: bool = False,
    alone: bool = False,
    **params: Any,
) -> None:
    """Write a step on the timeline: who and when stand beside it; ``alone`` names nobody.

    Who stands in for the broker is written down as acting for them. What the clock does by itself
    is no work on the match: it rests as before.
    """
    if not act.actor.is_system:
        match.updated_at = act.now
    if not alone and match.broker_id in act.actor.stands_in_for:
        params.setdefault("acting_for_id", match.broker_id)
    act.session.add(
        TimelineEntry(
            match_id=match.id,
            at=act.now,
            person_id=None if alone else act.actor.person_id,
            code=code,
            params=params,
            note=note.strip()[:2000],
            is_internal=internal,
        )
    )


def locked_pair(act: Act, need_id: int, offer_id: int) -> tuple[Listing, Listing]:
    """Load and lock both listings, in the order of their ids so that nobody waits in a circle."""
    rows = act.session.scalars(
        sa.select(Listing)
        .where(Listing.id.in_((need_id, offer_id)))
        .options(selectinload(Listing.coverage), joinedload(Listing.organisation, innerjoin=True))
        .order_by(Listing.id)
        .with_for_update(of=Listing)
        .execution_options(populate_existing=True)
    ).all()
    by_id = {row.id: row for row in rows}
    if need_id not in by_id or offer_id not in by_id:
        raise NotFound
    return by_id[need_id], by_id[offer_id]
