"""Reading divisions: one, its path, its children, and the distance between two."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.models import Division
from exchange.geography.rules import (
    Level,
    chain_of,
    display_name,
    haversine_km,
    is_code,
    is_group,
)

POINT_DEPTH = 6


class PathPlace(NamedTuple):
    """One division of a path: what is shown of it, and its point in micro-degrees."""

    code: str
    name: str
    level: Level
    latitude: int | None
    longitude: int | None

    def label(self, locale: str) -> str:
        """See ``Division.label``."""
        return display_name(self.name, self.level, locale)

    @property
    def is_group(self) -> bool:
        """See ``Division.is_group``."""
        return is_group(self.code, self.name)


SHOWN = (
    Division.code, Division.name, Division.level, Division.latitude, Division.longitude
)  # fmt: skip


def division(session: Session, code: str) -> Division | None:
    """The division with this code, None if there is none."""
    return session.get(Division, code)


def path(session: Session, code: str) -> tuple[PathPlace, ...]:
    """From the province down to the division itself, in one query; empty if unknown."""
    return paths(session, [code]).get(code, ())


def paths(session: Session, codes: Iterable[str]) -> dict[str, tuple[PathPlace, ...]]:
    """The path of each known code among many, in ONE query. Unknown codes are left out."""
    wanted = {code for code in codes if is_code(code)}
    needed = {above for code in wanted for above in chain_of(code)}
    if not needed:
        return {}
    query = sa.select(*SHOWN).where(Division.code.in_(sorted(needed)))
    found = {row[0]: PathPlace(*row) for row in session.execute(query)}
    return {
        code: tuple(found[above] for above in chain_of(code) if above in found)
        for code in wanted
        if code in found
    }


def children(session: Session, code: str | None, today: date | None = None) -> tuple[Division, ...]:
    """The divisions directly below a code (None: the provinces), by code.

    Retired ones are left out: those that ended before ``today``, or, without it, any with an end.
    """
    above = Division.parent_code.is_(None) if code is None else Division.parent_code == code
    query = sa.select(Division).where(above, in_force(today)).order_by(Division.code)
    return tuple(session.scalars(query))


def choices(session: Session, code: str | None, today: date | None = None) -> tuple[Division, ...]:
    """What a person chooses from below a division: rows that only group others are opened."""
    opened: list[Division] = []
    for child in children(session, code, today):
        opened.extend(choices(session, child.code, today) if child.is_group else (child,))
    return tuple(opened)


def in_force(today: date | None = None) -> sa.ColumnElement[bool]:
    """SQL condition: not retired (valid_to is inclusive)."""
    open_ended = Division.valid_to.is_(None)
    return open_ended if today is None else sa.or_(open_ended, Division.valid_to >= today)


def distances_km(session: Session, origin: str, codes: Iterable[str]) -> dict[str, float]:
    """Great-circle km from the origin to each code, in one query; unknown places are left out.

    Townships and villages stand at the centroid of their county, so that two places of one
    county are 0 km apart. Formula: see ``rules.haversine_km``.
    """
    wanted = {code for code in codes if is_code(code)}
    points = _points(session, wanted | {origin})
    start = _nearest_point(points, origin)
    if start is None:
        return {}
    ends = {code: _nearest_point(points, code) for code in wanted}
    return {code: haversine_km(*start, *end) for code, end in ends.items() if end is not None}


def distance_km(session: Session, code_a: str, code_b: str) -> float | None:
    """Great-circle km between two divisions by their (county's) centroids; None if unknown."""
    return distances_km(session, code_a, [code_b]).get(code_b)


def _points(session: Session, codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    above = {a for code in codes if is_code(code) for a in chain_of(code)}
    needed = {code for code in above if len(code) <= POINT_DEPTH}
    query = sa.select(Division.code, Division.latitude, Division.longitude)
    rows = session.execute(query.where(Division.code.in_(sorted(needed))))
    return {c: (lat, lon) for c, lat, lon in rows if lat is not None and lon is not None}


def _nearest_point(points: dict[str, tuple[int, int]], code: str) -> tuple[int, int] | None:
    above = reversed(chain_of(code)) if is_code(code) else ()
    return next((points[a] for a in above if a in points), None)
