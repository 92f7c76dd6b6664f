"""Reading cases with what a summary needs, and handovers."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.brokering.handover.models import Handover, HandoverCase
from exchange.brokering.handover.open_cases import OpenCase
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.queries import WHOLE
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.models import Listing


@dataclass(frozen=True)
class LoadedCase:
    """A case with its match, its need and the last step on its timeline."""

    case: OpenCase
    need: Listing
    match: Match | None
    last: TimelineEntry | None

    @property
    def has_ended(self) -> bool:
        """A match that goes on no more and leaves something to do; no case of the caseload."""
        return self.match is not None and self.match.state not in LIVE_STATES


def load_cases(session: Session, cases: Sequence[OpenCase]) -> list[LoadedCase]:
    """The cases in their order, in a fixed number of queries."""
    ids = [case.match_id for case in cases if case.match_id is not None]
    query = sa.select(Match).where(Match.id.in_(ids))
    loaded = session.scalars(query.options(*WHOLE, selectinload(Match.commitments))).unique()
    matches = {match.id: match for match in loaded}
    needs = _needs(session, [case.need_id for case in cases])
    last = _last_steps(session, ids)
    return [
        LoadedCase(
            case,
            needs[case.need_id],
            matches.get(case.match_id or 0),
            last.get(case.match_id or 0),
        )
        for case in cases
    ]


def handover_seen(
    session: Session, actor: Actor, public_id: str
) -> tuple[Handover, list[HandoverCase]]:
    """A handover and those of its cases that the reader may read.

    Whoever gave, whoever made it and whoever supervises the place read a case; whoever got it
    reads theirs. Raises NotFound where there is none.
    """
    found = session.scalar(
        sa.select(Handover)
        .options(joinedload(Handover.from_person), joinedload(Handover.made_by))
        .where(Handover.public_id == public_id)
    )
    if found is None or not actor.is_broker:
        raise NotFound
    cases = session.scalars(
        sa.select(HandoverCase)
        .options(
            joinedload(HandoverCase.to_person),
            joinedload(HandoverCase.need).joinedload(Listing.organisation),
            joinedload(HandoverCase.match).options(*WHOLE),
        )
        .where(HandoverCase.handover_id == found.id)
        .order_by(HandoverCase.to_person_id, HandoverCase.id)
    ).unique()
    everything = actor.person_id in (found.from_person_id, found.made_by_id)
    seen = [
        one
        for one in cases
        if everything
        or one.to_person_id == actor.person_id
        or (one.need is not None and actor.supervises_division(one.need.division_code))
    ]
    if not seen:
        raise NotFound
    return found, seen


def last_handover(
    session: Session, actor: Actor, person_id: int
) -> tuple[Handover, list[HandoverCase]] | None:
    """The newest handover of somebody's cases, as ``handover_seen``; None where the reader may read
    nothing of it, or there is none.
    """
    newest = (
        sa.select(Handover.public_id)
        .where(Handover.from_person_id == person_id)
        .order_by(Handover.id.desc())
        .limit(1)
    )
    public_id = session.scalar(newest)
    if public_id is None:
        return None
    try:
        return handover_seen(session, actor, public_id)
    except NotFound:
        return None


def _needs(session: Session, ids: Sequence[int]) -> dict[int, Listing]:
    query = sa.select(Listing).where(Listing.id.in_(sorted(set(ids))))
    loaded = session.scalars(query.options(joinedload(Listing.organisation, innerjoin=True)))
    return {need.id: need for need in loaded}


def _last_steps(session: Session, match_ids: Sequence[int]) -> dict[int, TimelineEntry]:
    newest = (
        sa.select(sa.func.max(TimelineEntry.id))
        .where(TimelineEntry.match_id.in_(match_ids))
        .group_by(TimelineEntry.match_id)
    )
    query = sa.select(TimelineEntry).where(TimelineEntry.id.in_(newest))
    return {one.match_id: one for one in session.scalars(query)}
