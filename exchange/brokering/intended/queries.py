"""Reading what has been made of accepted intentions."""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.brokering.intended.models import IntentionCase
from exchange.brokering.models import Match
from exchange.brokering.permissions import can_see as can_see_match
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see as can_see_listing
from exchange.projects.intentions.kinds import IntentionState
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.outcomes import Outcome

CASE = (
    joinedload(IntentionCase.offer).joinedload(Listing.organisation),
    joinedload(IntentionCase.offer).selectinload(Listing.coverage),
    joinedload(IntentionCase.match).joinedload(Match.need),
    joinedload(IntentionCase.match).selectinload(Match.sides),
)
_OF = joinedload(IntentionCase.intention)
INTENTION = (
    _OF.joinedload(Intention.organisation),
    _OF.joinedload(Intention.project),
    _OF.joinedload(Intention.need).joinedload(Listing.organisation),
    _OF.joinedload(Intention.need).selectinload(Listing.coverage),
)


def tell_outcomes(
    session: Session, actor: Actor, intention_ids: Collection[int]
) -> Mapping[int, Outcome]:
    """What has become of these intentions, as far as the actor may know it. A few queries for all.

    Why it waits is told to everybody who reads the intention; the caller has seen to that.
    """
    query = (
        sa.select(IntentionCase)
        .where(IntentionCase.intention_id.in_(sorted(intention_ids)))
        .options(*CASE)
    )
    return {row.intention_id: _outcome(actor, row) for row in session.scalars(query).unique()}


def _outcome(actor: Actor, row: IntentionCase) -> Outcome:
    offer = row.offer if row.offer is not None and can_see_listing(actor, row.offer) else None
    match = row.match if row.match is not None and can_see_match(actor, row.match) else None
    waits = "" if match else ("intention_being_prepared" if row.match_id else row.refusal)
    return Outcome(
        offer=offer.public_id if offer else None,
        match=match.public_id if match else None,
        state=match.state.value if match else None,
        waits=waits,
    )


def case_of_match(session: Session, match_id: int) -> IntentionCase | None:
    """The case that became this match."""
    return session.scalars(
        sa.select(IntentionCase).where(IntentionCase.match_id == match_id)
    ).first()


def case_of_offer(session: Session, offer_id: int) -> IntentionCase | None:
    """The case whose offer this is, while it is no match yet."""
    query = sa.select(IntentionCase).where(
        IntentionCase.offer_id == offer_id, IntentionCase.match_id.is_(None)
    )
    return session.scalars(query).first()


def case_of(session: Session, intention_id: int) -> IntentionCase | None:
    """The case of an intention."""
    return session.get(IntentionCase, intention_id)


def waiting_cases(session: Session, actor: Actor, limit: int = 50) -> Sequence[IntentionCase]:
    """Accepted intentions for needs in the places the actor serves that are no match yet."""
    query = (
        _waiting(actor)
        .options(*CASE, *INTENTION)
        .order_by(IntentionCase.created_at, IntentionCase.intention_id)
        .limit(limit)
    )
    return session.scalars(query).unique().all()


def count_cases(session: Session, actor: Actor) -> int:
    """How many wait."""
    counted = _waiting(actor).with_only_columns(sa.func.count(IntentionCase.intention_id))
    return session.scalar(counted) or 0


def _waiting(actor: Actor) -> sa.Select[IntentionCase]:
    near: list[sa.ColumnElement[bool]] = [
        Listing.division_code.startswith(served, autoescape=True)
        for served in actor.serves
        if served != WHOLE_COUNTRY
    ]
    if WHOLE_COUNTRY in actor.serves:
        near = [sa.true()]
    return (
        sa.select(IntentionCase)
        .join(Intention, Intention.id == IntentionCase.intention_id)
        .join(Listing, Listing.id == Intention.need_id)
        .where(
            IntentionCase.match_id.is_(None),
            Intention.state == IntentionState.ACCEPTED,
            sa.or_(sa.false(), *near),
        )
    )

