"""Listings as documents of the search index.

A document is made from what the widest circle of its readers may know: where the author gave a
coarser title or place for others, these stand in the index and the text does not, except when
only brokers may see the listing at all. Brokers and the owner find it by its category and place.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.indexing import names_to_find
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.listings.events import ListingEvent, ListingExpiresSoon
from exchange.listings.kinds import Form, Side, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.permissions import audience_of, owner_tells_place
from exchange.listings.queries import listing_with_id, loaded
from exchange.search.corpus import microseconds
from exchange.search.port import Document
from exchange.search.tables import IndexedTable
from exchange.search.wording import categories_of, category_words, place_words, point_of

KIND = "listing"
INDEXED_STATES = tuple(
    s for s in State if s not in (State.DRAFT, State.WITHDRAWN, State.MERGED)
)
TABLE = IndexedTable(KIND, Listing, Listing.state.in_(INDEXED_STATES))
VOLUNTEER = "volunteer"  # the side under which volunteers' time is found, apart from offers
Places = Mapping[str, tuple[PathPlace, ...]]


def key_of(listing: Listing) -> str:
    """The key of a listing's document."""
    return TABLE.key_of(listing.public_id)


def side_of(listing: Listing) -> str:
    """The side under which a listing stands in the index."""
    return VOLUNTEER if listing.form is Form.AVAILABILITY else listing.side.value


def sides_of(side: Side) -> tuple[str, ...]:
    """All sides of the index under which needs, or offers, stand."""
    return (side.value, VOLUNTEER) if side is Side.OFFER else (side.value,)


def register_indexing(house: House) -> None:
    """Make listings findable, and have every change of one reach the index."""
    TABLE.register(house, build_documents)
    house.bus.listen(ListingEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_owned)


def _index_again(act: Act, event: ListingEvent) -> None:
    if isinstance(event, ListingExpiresSoon):
        return  # nothing changed that can be found
    listing = listing_with_id(act.session, event.listing_id)
    if listing is not None:
        TABLE.request(act, listing)


def _index_owned(act: Act, event: OrganisationChanged) -> None:
    """The owner's names stand in the documents of all their listings."""
    TABLE.request_where(act, Listing.organisation_id == event.organisation_id)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these listings as the database has them now; others are left out."""
    rows = session.scalars(TABLE.chosen(ids).options(*loaded())).all()
    places = paths(session, {place for row in rows if (place := _shown_place(row))})
    return [_document(row, places) for row in rows]


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
    categories = categories_of(listing.category_code)
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
        category_words=category_words(categories),
        divisions=tuple(division.code for division in path),
        place_words=place_words(path),
        reach=listing.serves,
        terms=listing.terms.value,
        state=listing.state.value,
        beneficiaries=() if coarse else tuple(listing.beneficiaries),
        urgency=listing.urgency.value,
        from_date=listing.from_date,
        to_date=listing.to_date,
        published_at=listing.published_at,
        point=point_of(path),
        external_ids=() if coarse or not listing.external_id else (listing.external_id,),
        version=microseconds(listing.updated_at),
    )


def _names(listing: Listing) -> tuple[str, ...]:
    """The owner's names; a single person's is nobody's search word, nor one that tells a place."""
    owner = listing.organisation
    if listing.visibility is not Visibility.BROKERS and owner_tells_place(listing):
        return ()
    return names_to_find(owner)
