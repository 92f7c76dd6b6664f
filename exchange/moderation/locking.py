"""In which order rows are taken: listings by id, then the case, then the organisation.

Whoever changes a listing holds it before anything of this room, so nobody waits in a circle.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.listings.kinds import OPEN_STATES, State
from exchange.listings.models import Listing
from exchange.moderation.models import CaseHold, ModerationCase
from exchange.moderation.permissions import can_handle


def known_case(act: Act, public_id: str) -> ModerationCase:
    """The case, not locked yet, for one who looks after it. Raises NotFound."""
    query = sa.select(ModerationCase).where(ModerationCase.public_id == public_id)
    case = act.session.scalars(query).first()
    if case is None or not can_handle(act.actor, case):
        raise NotFound
    return case


def lock_case(act: Act, case: ModerationCase, version: int | None = None) -> None:
    """Lock the case and read it afresh. Raises Conflict "case_changed", or NotFound where
    it has passed to the centre by now.
    """
    take_case(act, case)
    if not can_handle(act.actor, case):
        raise NotFound
    if version is not None and version != case.version:
        raise Conflict("case_changed", version=case.version)


def take_case(act: Act, case: ModerationCase) -> None:
    """Lock the case's row and read it afresh, whoever acts."""
    act.session.flush()
    act.session.scalars(
        sa.select(ModerationCase)
        .where(ModerationCase.id == case.id)
        .with_for_update(of=ModerationCase)
        .execution_options(populate_existing=True)
    ).one()


def lock_listings(act: Act, ids: Collection[int]) -> Sequence[Listing]:
    """Lock listings in the order of their ids."""
    query = (
        sa.select(Listing)
        .where(Listing.id.in_(sorted(ids)))
        .order_by(Listing.id)
        .with_for_update(of=Listing)
        .execution_options(populate_existing=True)
    )
    return act.session.scalars(query).all()


def shown_listings(act: Act, organisation_id: int) -> Sequence[int]:
    """Ids of an organisation's listings that others can see, or could once reviewed."""
    query = sa.select(Listing.id).where(
        Listing.organisation_id == organisation_id,
        Listing.state.in_((*OPEN_STATES, State.SUBMITTED)),
    )
    return act.session.scalars(query.order_by(Listing.id)).all()


def held_for(act: Act, case_ids: Collection[int]) -> Sequence[int]:
    """Ids of the listings that are hidden for these cases."""
    query = (
        sa.select(CaseHold.listing_id)
        .where(CaseHold.case_id.in_(sorted(case_ids)), CaseHold.released_at.is_(None))
        .distinct()
        .order_by(CaseHold.listing_id)
    )
    return act.session.scalars(query).all()
