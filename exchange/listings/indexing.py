"""Listings as documents of the search index.

A document is made from what the widest circle of its readers may know: where the author gave a
coarser title or place for others, these stand in the index and the text does not, except when
only brokers may see the listing at all. Brokers and the owner find it by its category and place.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.kinds import OrganisationKind
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.listings.events import ListingEvent, ListingExpiresSoon
from exchange.listings.kinds import Form, Side, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.permissions import audience_of, owner_tells_place
from exchange.listings.queries import listing_with_id, loaded
from exchange.search.corpus import microseconds
from exchange.search.jobs import request_indexing
from exchange.search.port import Document, Point
from exchange.search.sources import Census, Source, Subject, register_source
from exchange.taxonomy.categories import Category, taxonomy

KIND = "listing"
INDEXED_STATES = tuple(
    s for s in State if s not in (State.DRAFT, State.WITHDRAWN, State.MERGED)
)
VOLUNTEER = "volunteer"  # the side under which volunteers' time is found, apart from offers
Places = Mapping[str, tuple[PathPlace, ...]]


def key_of(listing: Listing) -> str:
    """The key of a listing's document."""
    return f"{KIND}:{listing.public_id}"


def public_id_of(key: str) -> str:
    """The listing's public id in a document's key."""
    return key.partition(":")[2]


def side_of(listing: Listing) -> str:
    """The side under which a listing stands in the index."""
    return VOLUNTEER if listing.form is Form.AVAILABILITY else listing.side.value


def sides_of(side: Side) -> tuple[str, ...]:
    """All sides of the index under which needs, or offers, stand."""
    return (side.value, VOLUNTEER) if side is Side.OFFER else (side.value,)


def register_indexing(house: House) -> None:
    """Make listings findable, and have every change of one reach the index."""
    register_source(house, Source(KIND, build=build_documents, walk=walk, census=census))
    house.bus.listen(ListingEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_owned)


def request_listing(act: Act, listing: Listing) -> None:
    """Have a listing's document brought in line after this act commits."""
    request_indexing(act, KIND, listing.id, key_of(listing))


def _index_again(act: Act, event: ListingEvent) -> None:
    if isinstance(event, ListingExpiresSoon):
        return  # nothing changed that can be found
    listing = listing_with_id(act.session, event.listing_id)
    if listing is not None:
        request_listing(act, listing)


def _index_owned(act: Act, event: OrganisationChanged) -> None:
    """The owner's names stand in the documents of all their listings."""
    owned = sa.select(Listing).where(
        Listing.organisation_id == event.organisation_id, Listing.state.in_(INDEXED_STATES)
    )
    for listing in act.session.scalars(owned):
        request_listing(act, listing)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these listings as the database has them now; others are left out."""
    rows = session.scalars(
        sa.select(Listing)
        .where(Listing.id.in_(ids), Listing.state.in_(INDEXED_STATES))
        .options(*loaded())
        .order_by(Listing.id)
    ).all()
    places = paths(session, {place for row in rows if (place := _shown_place(row))})
    return [_document(row, places) for row in rows]


def walk(session: Session, after: int, limit: int, since: datetime | None) -> list[Subject]:
    """Listings by id, in the index or not; with ``since`` those changed from then on."""
    query = sa.select(Listing.id, Listing.public_id).where(Listing.id > after)
    if since is not None:
        query = query.where(Listing.updated_at >= since)
    rows = session.execute(query.order_by(Listing.id).limit(limit))
    return [Subject(id=row_id, key=f"{KIND}:{public_id}") for row_id, public_id in rows]


def census(session: Session) -> Census:
    """How many listings belong in the index, and the latest change among them."""
    count, latest = session.execute(
        sa.select(sa.func.count(), sa.func.max(Listing.updated_at)).where(
            Listing.state.in_(INDEXED_STATES)
        )
    ).one()
    return Census(count, microseconds(latest))


def _is_coarse(listing: Listing) -> bool:
    """Whether readers outside get a coarser account than the true one."""
    return listing.visibility is not Visibility.BROKERS and bool(listing.public_title)


def _shown_place(listing: Listing) -> str | None:
    if listing.visibility is Visibility.BROKERS:
        return listing.division_code
    return listing.public_division_code or listing.division_code


def _document(listing: Listing, places: Places) -> Document:
    worded = _is_coarse(listing)
    coarse = worded or _shown_place(listing) != listing.division_code
    place = _shown_place(listing)
    path = places.get(place or "", ())
    categories = _categories(listing.category_code)
    return Document(
        key=key_of(listing),
        kind=KIND,
        title=(listing.public_title or "") if worded else listing.title,
        text="" if worded else listing.text,
        audience=audience_of(listing),
        side=side_of(listing),
        names=_names(listing),
        organisation=listing.organisation.public_id,
        categories=tuple(category.code for category in categories),
        category_words=_category_words(categories),
        divisions=tuple(division.code for division in path),
        place_words=_place_words(path),
        reach=listing.serves,
        terms=listing.terms.value,
        state=listing.state.value,
        beneficiaries=() if coarse else tuple(listing.beneficiaries),
        urgency=listing.urgency.value,
        from_date=listing.from_date,
        to_date=listing.to_date,
        published_at=listing.published_at,
        point=_point(path),
        external_ids=() if coarse or not listing.external_id else (listing.external_id,),
        version=microseconds(listing.updated_at),
    )


def _categories(code: str | None) -> tuple[Category, ...]:
    return taxonomy().path(code) if code is not None and code in taxonomy() else ()


def _category_words(categories: Sequence[Category]) -> tuple[str, ...]:
    """Names in both languages, and the other words for the category itself."""
    names = [name for one in categories for name in (one.zh, one.en)]
    return (*names, *(categories[-1].alternatives if categories else ()))


def _names(listing: Listing) -> tuple[str, ...]:
    """The owner's names; a single person's is nobody's search word, nor one that tells a place."""
    owner = listing.organisation
    if owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        return ()
    if listing.visibility is not Visibility.BROKERS and owner_tells_place(listing):
        return ()
    return tuple(name for name in (owner.name_zh, owner.name_en) if name)


def _place_words(path: Sequence[PathPlace]) -> tuple[str, ...]:
    words = (word for place in path for word in (place.name, place.label("zh"), place.label("en")))
    return tuple(dict.fromkeys(words))


def _point(path: Sequence[PathPlace]) -> Point | None:
    """The centroid of the finest division that has one: the county's."""
    for place in reversed(path):
        if place.latitude is not None and place.longitude is not None:
            return Point(place.latitude / 1e6, place.longitude / 1e6)
    return None
