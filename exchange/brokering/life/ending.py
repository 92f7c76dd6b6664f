"""What becomes of matches when a listing ends or its owner loses their standing.

Nobody is introduced any more: what is taken up or proposed ends at once. Where the two have met
already the match goes on, and its broker is told.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.events import MatchUnsettled
from exchange.brokering.kinds import LIVE_STATES, CloseReason, EndCause, MatchState
from exchange.brokering.life.closing import end_early
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from exchange.listings.models import Listing

BEFORE_MEETING = (MatchState.CLAIMED, MatchState.PROPOSED)


def end_matches_of(act: Act, listing_ids: Sequence[int], cause: EndCause) -> None:
    """End what goes on with these listings and has brought nobody together yet.

    The matches are locked in the order of their ids; whoever takes a step in one of them locks
    the listings before it. Nothing is held yet, so that no listing changes.
    """
    for match in _live_of(act.session, listing_ids):
        if match.state in BEFORE_MEETING:
            end_early(act, match, cause, _reason(match, set(listing_ids), cause))
        else:
            act.emit(MatchUnsettled(match_id=match.id, cause=cause.value))


def listings_of_owner(session: Session, organisation_id: int) -> Sequence[int]:
    """Ids of an organisation's listings that somebody may have taken up."""
    live = sa.exists().where(
        sa.or_(Match.need_id == Listing.id, Match.offer_id == Listing.id),
        Match.state.in_(LIVE_STATES),
    )
    query = sa.select(Listing.id).where(Listing.organisation_id == organisation_id, live)
    return session.scalars(query.order_by(Listing.id)).all()


def _live_of(session: Session, listing_ids: Sequence[int]) -> Sequence[Match]:
    session.flush()
    query = (
        sa.select(Match)
        .where(
            sa.or_(Match.need_id.in_(listing_ids), Match.offer_id.in_(listing_ids)),
            Match.state.in_(LIVE_STATES),
        )
        .order_by(Match.id)
        .with_for_update(of=Match)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _reason(match: Match, ended: set[int], cause: EndCause) -> CloseReason:
    """What both sides read; why somebody is looked into is not among it."""
    if cause is EndCause.EXPIRED:
        return CloseReason.TIME
    if cause in (EndCause.HELD, EndCause.OWNER):
        return CloseReason.OTHER
    side = Side.NEED if match.need_id in ended else Side.OFFER
    return CloseReason.NOT_NEEDED if side is Side.NEED else CloseReason.NOT_AVAILABLE
