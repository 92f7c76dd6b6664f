"""Reading listings: by address, an owner's own, those waiting for review, and their history."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, load_only, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.files.models import StoredFile
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.kinds import OPEN_STATES, Side, State
from exchange.listings.models import Listing, ListingPhoto, ListingRevision
from exchange.listings.permissions import can_see, reviewable_by, visible_to

PAGE = 20
TABS: dict[str, tuple[State, ...]] = {
    "open": OPEN_STATES,
    "waiting": (State.SUBMITTED,),
    "drafts": (State.DRAFT,),
    "parked": (State.PARKED,),
    "ended": (State.FULFILLED, State.EXPIRED, State.WITHDRAWN, State.MERGED),
}


def loaded() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    """What a list of listings needs beside their rows, in a fixed number of queries."""
    return (joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage))


def loaded_for_cards(actor: Actor) -> tuple[sa.orm.interfaces.ORMOption, ...]:
    """What cards need. Where an offer reaches matters only to those who serve somewhere."""
    with_owner, with_coverage = loaded()
    return (with_owner, with_coverage) if actor.serves else (with_owner,)


def load_coverage(session: Session, listings: Sequence[Listing]) -> None:
    """Load where these offers reach, in one query."""
    known = sa.select(Listing).where(Listing.id.in_([one.id for one in listings]))
    session.scalars(known.options(load_only(Listing.id), selectinload(Listing.coverage))).all()


def seen_listing(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Listing:
    """The listing with this public id. Raises NotFound when the actor may not know of it."""
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(Listing).where(Listing.public_id == public_id)
    listing = session.scalars(query.with_for_update() if lock else query).first()
    if listing is None or not can_see(actor, listing):
        raise NotFound
    return listing


def listing_with_id(session: Session, listing_id: int) -> Listing | None:
    """The listing with this id, without asking who looks."""
    return session.get(Listing, listing_id)


def listing_by_external_id(
    session: Session, organisation_id: int, external_id: str
) -> Listing | None:
    """The owner's listing with the owner's own key."""
    return session.scalars(
        sa.select(Listing)
        .where(Listing.organisation_id == organisation_id, Listing.external_id == external_id)
        .with_for_update()
    ).first()


def photos_of(session: Session, listing: Listing) -> list[ListingPhoto]:
    """The pictures in their order, with their files, in one query."""
    query = sa.select(ListingPhoto).where(ListingPhoto.listing_id == listing.id)
    joined = query.options(sa.orm.joinedload(ListingPhoto.file)).order_by(ListingPhoto.position)
    return list(session.scalars(joined))


def photos_by_listing(session: Session, listings: Sequence[Listing]) -> dict[int, list[str]]:
    """Public ids of the pictures of several listings in their order, in one query."""
    query = (
        sa.select(ListingPhoto.listing_id, StoredFile.public_id)
        .join(StoredFile, StoredFile.id == ListingPhoto.file_id)
        .where(ListingPhoto.listing_id.in_([one.id for one in listings]))
        .order_by(ListingPhoto.position)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for listing_id, public_id in session.execute(query):
        found[listing_id].append(public_id)
    return found


def count_by_tab(session: Session, actor: Actor) -> dict[str, int]:
    """How many of the actor's organisations' listings stand in each tab."""
    query = sa.select(Listing.state, sa.func.count()).where(_own(actor)).group_by(Listing.state)
    by_state = {row[0]: row[1] for row in session.execute(query)}
    return {tab: sum(by_state.get(state, 0) for state in states) for tab, states in TABS.items()}


def own_listings(session: Session, actor: Actor, tab: str, page: int) -> tuple[list[Listing], bool]:
    """One page of the actor's organisations' listings in a tab, newest first; is there more?"""
    query = sa.select(Listing).where(_own(actor), Listing.state.in_(TABS[tab]))
    return _page(session, query.order_by(Listing.updated_at.desc(), Listing.id.desc()), page)


def waiting_for_review(session: Session, actor: Actor, page: int) -> tuple[list[Listing], bool]:
    """One page of what the actor may review, longest waiting first; whether more follow."""
    query = sa.select(Listing).where(_reviewable(actor))
    return _page(session, query.order_by(Listing.updated_at, Listing.id), page)


def count_waiting(session: Session, actor: Actor) -> int:
    """How many listings wait for the actor's review."""
    query = sa.select(sa.func.count()).select_from(Listing).where(_reviewable(actor))
    return session.scalar(query) or 0


def revisions_of(session: Session, listing: Listing) -> list[ListingRevision]:
    """Former values, newest first."""
    query = sa.select(ListingRevision).where(ListingRevision.listing_id == listing.id)
    return list(session.scalars(query.order_by(ListingRevision.id.desc())))


def open_needs_nearby(
    session: Session, actor: Actor, county: str, category: str | None, limit: int = 100
) -> list[Listing]:
    """Open needs of a county and category that the actor may see, their own too, newest first."""
    query = (
        sa.select(Listing)
        .where(
            Listing.side == Side.NEED,
            Listing.state.in_((*OPEN_STATES, State.SUBMITTED)),
            Listing.division_code.startswith(county, autoescape=True),
            Listing.category_code == category,
            visible_to(actor),
        )
        .order_by(Listing.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def _own(actor: Actor) -> ColumnElement[bool]:
    return Listing.organisation_id.in_(sorted(actor.organisation_ids))


def _reviewable(actor: Actor) -> ColumnElement[bool]:
    return sa.and_(Listing.state == State.SUBMITTED, reviewable_by(actor))


def _page(session: Session, query: sa.Select[Listing], page: int) -> tuple[list[Listing], bool]:
    start = max(page - 1, 0) * PAGE
    rows = list(session.scalars(query.options(*loaded()).offset(start).limit(PAGE + 1)))
    return rows[:PAGE], len(rows) > PAGE
