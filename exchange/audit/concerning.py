"""Whom and what an id leads to: rooms that know say so, the audit asks when an act commits."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.act import House

RESOLVERS = "audit_resolvers"


@dataclass(frozen=True)
class Concern:
    """Somebody or something that an act is about, and the division where it counts.

    A person, an organisation, a listing and a match stand together when they belong together.
    """

    person_id: int | None = None
    organisation_id: int | None = None
    listing_id: int | None = None
    match_id: int | None = None
    division_code: str = ""

    @property
    def touches(self) -> set[tuple[str, int]]:
        """What it names, as (kind, id)."""
        pairs = (
            ("person", self.person_id),
            ("organisation", self.organisation_id),
            ("listing", self.listing_id),
            ("match", self.match_id),
        )
        return {(kind, key) for kind, key in pairs if key is not None}


Found = Mapping[int, tuple[Concern, ...]]
Resolver = Callable[[Session, Collection[int]], Found]
Reference = tuple[str, int]


@dataclass(frozen=True)
class _Way:
    kind: str
    resolve: Resolver


def tell_concerns(house: House, kind: str, fields: Iterable[str], resolve: Resolver) -> None:
    """Say whom ids concern that stand in these fields of events and columns of rows.

    ``resolve(session, ids)`` answers in one query for all ids; what it does not know it leaves
    out. ``kind`` is what the ids are of: fields of one kind are asked together.
    """
    ways: dict[str, _Way] = house.resources.setdefault(RESOLVERS, {})
    for name in fields:
        ways[name] = _Way(kind, resolve)


def references(house: House, values: Mapping[str, Any]) -> list[Reference]:
    """The ids among these values that somebody can resolve, as (kind, id), without repeats."""
    ways: dict[str, _Way] = house.resources.get(RESOLVERS, {})
    found: dict[Reference, None] = {}
    for name, value in values.items():
        way = ways.get(name)
        if way is None:
            continue
        for one in value if isinstance(value, list | tuple | set | frozenset) else (value,):
            if isinstance(one, int) and not isinstance(one, bool):
                found[way.kind, one] = None
    return list(found)


def resolve_all(
    house: House, session: Session, wanted: Iterable[Reference]
) -> dict[Reference, tuple[Concern, ...]]:
    """Whom each of the references concerns: one query for each kind."""
    ways: dict[str, _Way] = house.resources.get(RESOLVERS, {})
    by_kind = {way.kind: way.resolve for way in ways.values()}
    grouped: dict[str, set[int]] = {}
    for kind, key in wanted:
        grouped.setdefault(kind, set()).add(key)
    found: dict[Reference, tuple[Concern, ...]] = {}
    for kind, keys in grouped.items():
        for key, concerns in by_kind[kind](session, sorted(keys)).items():
            found[kind, key] = concerns
    return found
