"""Reading undertakings and their parts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.listings.queries import loaded
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.listings.undertakings.permissions import may_group, may_read
from exchange.listings.undertakings.rules import JOINABLE, MOST_UNDERTAKINGS

MOST_CHOICES = 60


def parts_by_undertaking(
    session: Session, undertaking_ids: Iterable[int]
) -> dict[int, list[Listing]]:
    """The needs of these undertakings with their owners, as they were added; for whoever asks."""
    query = (
        sa.select(UndertakingPart.undertaking_id, Listing)
        .join(Listing, Listing.id == UndertakingPart.listing_id)
        .where(UndertakingPart.undertaking_id.in_(sorted(undertaking_ids)))
        .options(*loaded())
        .order_by(UndertakingPart.added_at, UndertakingPart.listing_id)
    )
    found: dict[int, list[Listing]] = defaultdict(list)
    for undertaking_id, listing in session.execute(query).unique():
        found[undertaking_id].append(listing)
    return found


def parts_of(session: Session, undertaking: Undertaking) -> list[Listing]:
    """The needs of one undertaking."""
    return parts_by_undertaking(session, [undertaking.id])[undertaking.id]


def seen_undertaking(
    session: Session, actor: Actor, public_id: str, *, lock: bool = False
) -> tuple[Undertaking, list[Listing]]:
    """The undertaking and all its needs. Raises NotFound when the actor may not know of it.

    Which of the needs the actor sees is said by ``shown_parts``.
    """
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(Undertaking).where(Undertaking.public_id == public_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).first()
    parts = parts_of(session, found) if found else []
    if found is None or not may_read(actor, found, parts):
        raise NotFound
    return found, parts


def undertaking_of(session: Session, listing_id: int) -> Undertaking | None:
    """The undertaking that a need is a part of, without asking who looks."""
    query = (
        sa.select(Undertaking)
        .join(UndertakingPart, UndertakingPart.undertaking_id == Undertaking.id)
        .where(UndertakingPart.listing_id == listing_id)
    )
    return session.scalars(query.options(joinedload(Undertaking.organisation))).first()


def undertakings_of(session: Session, organisation_ids: Iterable[int]) -> Sequence[Undertaking]:
    """All of these organisations, the one changed last first."""
    query = sa.select(Undertaking).where(
        Undertaking.organisation_id.in_(sorted(organisation_ids))
    )
    ordered = query.order_by(Undertaking.updated_at.desc(), Undertaking.id.desc())
    return session.scalars(ordered.options(joinedload(Undertaking.organisation))).all()


def count_undertakings(session: Session, organisation_id: int) -> int:
    """How many an organisation has."""
    query = sa.select(sa.func.count()).where(Undertaking.organisation_id == organisation_id)
    return session.scalar(query) or 0


def homes_of(session: Session, listing_ids: Iterable[int]) -> dict[int, int]:
    """Which of these needs are parts already: the undertaking's id by the need's."""
    query = sa.select(UndertakingPart.listing_id, UndertakingPart.undertaking_id).where(
        UndertakingPart.listing_id.in_(sorted(listing_ids))
    )
    return dict(session.execute(query).all())


def free_needs(session: Session, actor: Actor, organisation_id: int) -> list[Listing]:
    """An owner's needs that the actor may put into an undertaking, the newest first."""
    taken = sa.exists().where(UndertakingPart.listing_id == Listing.id)
    query = (
        sa.select(Listing)
        .where(
            Listing.organisation_id == organisation_id,
            Listing.side == Side.NEED,
            Listing.state.in_(JOINABLE),
            sa.not_(taken),
            visible_to(actor),
        )
        .options(*loaded())
        .order_by(Listing.id.desc())
        .limit(MOST_CHOICES)
    )
    return [need for need in session.scalars(query) if may_group(actor, [need])]


def has_room_for_more(session: Session, organisation_id: int) -> bool:
    """Whether the organisation may make another one."""
    return count_undertakings(session, organisation_id) < MOST_UNDERTAKINGS
