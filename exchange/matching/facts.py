"""From rows to the values that matching works on: many listings in two queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation
from exchange.geography.centroids import Centroids, load_centroids
from exchange.geography.rules import chain_of, is_code
from exchange.kernel.act import House
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing, ListingCoverage
from exchange.matching.amounts import amount_of
from exchange.matching.models import OrganisationRecord
from exchange.matching.values import ListingFacts, Record, Standing

BAD_STANDING = (Verification.REFUSED, Verification.SUSPENDED)
CENTROIDS = "matching.centroids"
RECORD = tuple(getattr(OrganisationRecord, name) for name in Record._fields)
COLUMNS = (
    Listing.id, Listing.public_id, Listing.side, Listing.state, Listing.held_at, Listing.title,
    Listing.text,
    Listing.category_code, Listing.division_code, Listing.organisation_id, Listing.quantity_milli,
    Listing.committed_milli, Listing.unit, Listing.terms, Listing.from_date, Listing.to_date,
    Listing.urgency, Listing.beneficiaries, Organisation.kind, Organisation.verification,
    Listing.updated_at, Listing.version, Listing.published_at,
    *RECORD,
)  # fmt: skip
STAMPED = (Listing.updated_at, Listing.version, Listing.state, Listing.committed_milli)
AT_ONCE = 1_000  # ids in one query


class Stamp(NamedTuple):
    """Another one after every change of a listing that matters here."""

    updated_at: datetime
    version: int
    state: str
    committed_milli: int


@dataclass(frozen=True)
class Known:
    """Listings as they were read at one moment, by id, and the stamps they had then."""

    facts: dict[int, ListingFacts] = field(default_factory=dict)
    stamps: dict[int, Stamp] = field(default_factory=dict)


def is_open_on(today: date) -> ColumnElement[bool]:
    """The gates of one listing alone, as a condition on Listing."""
    return sa.and_(
        Listing.state.in_(OPEN_STATES),
        Listing.held_at.is_(None),
        sa.or_(Listing.to_date.is_(None), Listing.to_date >= today),
    )


def of_side(side: Side) -> ColumnElement[bool]:
    """All listings of one side."""
    return Listing.side == side


def with_ids(ids: set[int]) -> ColumnElement[bool]:
    """These listings."""
    return Listing.id.in_(sorted(ids))


def load_facts(
    session: Session, centroids: Centroids, condition: ColumnElement[bool]
) -> dict[int, ListingFacts]:
    """The facts of all listings that meet the condition, by id, in two queries."""
    return load_known(session, centroids, condition).facts


def load_with_ids(
    session: Session, centroids: Centroids, ids: Collection[int], condition: ColumnElement[bool]
) -> Known:
    """Of these listings those that meet the condition; any number of ids."""
    known, ordered = Known(), sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = with_ids(set(ordered[start : start + AT_ONCE]))
        part = load_known(session, centroids, some & condition)
        known.facts.update(part.facts)
        known.stamps.update(part.stamps)
    return known


def load_known(session: Session, centroids: Centroids, condition: ColumnElement[bool]) -> Known:
    """As ``load_facts``, with the stamps."""
    query = (
        sa.select(*COLUMNS)
        .join(Listing.organisation)
        .outerjoin(OrganisationRecord, OrganisationRecord.organisation_id == Organisation.id)
        .where(condition)
        .order_by(Listing.id)
    )
    rows = session.execute(query).mappings().all()
    covered = sa.select(ListingCoverage.listing_id, ListingCoverage.prefix).join(
        Listing, Listing.id == ListingCoverage.listing_id
    )
    reach: dict[int, list[str]] = defaultdict(list)
    for listing_id, prefix in session.execute(covered.where(condition)):
        reach[listing_id].append(prefix)
    facts = {
        row["id"]: _facts(cast("Mapping[str, Any]", row), sorted(reach[row["id"]]), centroids)
        for row in rows
    }
    stamps = {
        row["id"]: stamp_of([row[column.key] for column in STAMPED]) for row in rows
    }
    return Known(facts, stamps)


def stamp_of(values: Sequence[Any]) -> Stamp:
    """From the values of ``STAMPED``."""
    updated_at, version, state, committed_milli = values
    return Stamp(updated_at, version, state.value, committed_milli)


def _facts(row: Mapping[str, Any], prefixes: list[str], centroids: Centroids) -> ListingFacts:
    division = row["division_code"] or ""
    whole = row["quantity_milli"]
    left = None if whole is None else whole - row["committed_milli"]
    return ListingFacts(
        id=row["id"],
        side=row["side"].value,
        public_id=row["public_id"],
        title=row["title"],
        text=row["text"],
        category=row["category_code"] or "",
        division=division,
        reach=tuple(prefixes) or ((division,) if division else ()),
        point=_point(centroids, division),
        organisation_id=row["organisation_id"],
        organisation_kind=row["kind"].value,
        in_good_standing=row["verification"] not in BAD_STANDING,
        standing=_standing(row),
        remaining_milli=left,
        unit=row["unit"] or "",
        remaining=amount_of(left, row["unit"]),
        terms=row["terms"].value,
        from_date=row["from_date"],
        to_date=row["to_date"],
        urgency=row["urgency"].value,
        beneficiaries=tuple(row["beneficiaries"] or ()),
        published_on=None if row["published_at"] is None else row["published_at"].date(),
        record=None if row["asked"] is None else Record(*(row[name] for name in Record._fields)),
    )


def _standing(row: Mapping[str, Any]) -> Standing:
    if row["state"] not in OPEN_STATES:
        return Standing.CLOSED
    return Standing.OPEN if row["held_at"] is None else Standing.HELD


def _point(centroids: Centroids, code: str) -> tuple[int, int] | None:
    above = reversed(chain_of(code)) if is_code(code) else ()
    return next((centroids.points[a] for a in above if a in centroids.points), None)


def centroids_of(house: House, session: Session) -> Centroids:
    """All centroids, read once in each process; read again as long as there are none yet."""
    kept = house.resources.get(CENTROIDS)
    if kept is None or not kept.points:
        kept = house.resources[CENTROIDS] = load_centroids(session)
    return cast("Centroids", kept)
