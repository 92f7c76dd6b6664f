"""Generated listings as documents of the search index, without a database.

The same as ``listings.indexing.build_documents`` makes of the rows, some times faster; a test
holds the two together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from benchmarks.generator import Generated
from benchmarks.meanings import DrawnMeanings
from benchmarks.places import Place, Places
from exchange.kernel.actor import ancestors
from exchange.listings.indexing import INDEXED_STATES, KIND
from exchange.listings.kinds import SHOWN_STATES, Visibility
from exchange.search.corpus import microseconds
from exchange.search.port import Document, Point, SearchIndex
from exchange.taxonomy.categories import taxonomy

BATCH = 5_000


def documents(listings: Iterable[Generated], places: Places) -> Iterator[Document]:
    """Those that belong in the index, in order, without their meanings."""
    return (document_of(one, places) for one in _indexed(listings))


def _indexed(listings: Iterable[Generated]) -> Iterator[Generated]:
    return (one for one in listings if one.row["state"] in INDEXED_STATES)


def document_of(one: Generated, places: Places) -> Document:
    """What the index is given for one listing."""
    row, owner = one.row, one.owner
    brokers_only = row["visibility"] is Visibility.BROKERS
    worded = not brokers_only and row["public_title"] is not None
    coarser = None if brokers_only else row["public_division_code"]
    place = places.all[coarser or row["division_code"]]
    coarse = worded or place.code != row["division_code"]
    categories = taxonomy().path(row["category_code"])
    return Document(
        key=f"{KIND}:{row['public_id']}",
        kind=KIND,
        title=row["public_title"] if worded else row["title"],
        text="" if worded else row["text"],
        audience=_audience(one),
        side=row["side"].value,
        names=() if coarser and _told(one, coarser) else owner.names,
        organisation=owner.public_id,
        categories=tuple(category.code for category in categories),
        category_words=(
            *(name for category in categories for name in (category.zh, category.en)),
            *categories[-1].alternatives,
        ),
        divisions=place.codes,
        place_words=place.words,
        reach=one.coverage,
        terms=row["terms"].value,
        state=row["state"].value,
        beneficiaries=() if coarse else tuple(row["beneficiaries"]),
        urgency=row["urgency"].value,
        from_date=row["from_date"],
        to_date=row["to_date"],
        published_at=row["published_at"],
        point=_point(place),
        external_ids=() if coarse or not row["external_id"] else (row["external_id"],),
        version=microseconds(row["updated_at"]),
    )


def fill_index(
    index: SearchIndex, listings: Iterable[Generated], places: Places, meanings: DrawnMeanings
) -> int:
    """Build the whole index beside the present one and switch; returns how many documents."""
    fresh, done = index.start_generation(), 0
    waiting = _indexed(listings)
    while some := list(islice(waiting, BATCH)):
        vectors = meanings.vectors([one.goods for one in some])
        done += fresh.index(
            replace(document_of(one, places), vector=vector)
            for one, vector in zip(some, vectors, strict=True)
        )
    fresh.switch()
    return done


def _audience(one: Generated) -> frozenset[str]:
    """The tokens of ``permissions.audience_of``; nothing here is held or a draft."""
    row = one.row
    tokens = {f"org:{row['organisation_id']}"}
    for place in one.coverage or (row["division_code"],):
        tokens.add(f"reach:{place}")
        tokens.update(f"under:{code}" for code in ancestors(place))
    if row["state"] in SHOWN_STATES:
        if row["visibility"] is Visibility.PUBLIC:
            tokens.add("all")
        if row["visibility"] in (Visibility.PUBLIC, Visibility.VERIFIED):
            tokens.add("verified")
    return frozenset(tokens)


def _told(one: Generated, coarser: str) -> bool:
    """Whether the owner's name would tell more of the place than others shall read."""
    home = one.owner.place.code
    return home.startswith(coarser) and len(home) > len(coarser)


def _point(place: Place) -> Point | None:
    if place.latitude is None or place.longitude is None:
        return None
    return Point(place.latitude / 1e6, place.longitude / 1e6)
