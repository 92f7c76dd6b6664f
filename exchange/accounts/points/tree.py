"""The service points of an area as a tree, and the places in it that no station serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import ServicePoint
from exchange.accounts.points.routing import in_any_division
from exchange.accounts.points.rules import HEIGHT, Routes
from exchange.geography.models import Division
from exchange.geography.queries import in_force
from exchange.geography.rules import is_group

COUNTY, TOWNSHIP, VILLAGE = 6, 9, 12


@dataclass(frozen=True)
class Branch:
    """A service point and how many others stand above it."""

    point: ServicePoint
    depth: int


def as_tree(points: Sequence[ServicePoint]) -> tuple[Branch, ...]:
    """Each point after what it hangs under; what hangs under nothing that is here begins a tree."""
    here = {point.id for point in points}
    below: dict[int | None, list[ServicePoint]] = {}
    for point in sorted(points, key=lambda p: (-HEIGHT[p.level], p.id)):
        above = point.parent_id if point.parent_id in here else None
        below.setdefault(above, []).append(point)
    found: list[Branch] = []
    _grow(found, below, None, 0)
    return tuple(found)


def _grow(
    found: list[Branch], below: dict[int | None, list[ServicePoint]], above: int | None, depth: int
) -> None:
    for point in below.get(above, ()):
        found.append(Branch(point, depth))
        _grow(found, below, point.id, depth + 1)


def gaps(session: Session, routes: Routes, centres: Iterable[ServicePoint]) -> tuple[str, ...]:
    """Codes of the places of these centres that are no station's work, as large as they can be
    said: whole counties, else townships, else villages. Three queries at most.
    """
    prefixes = tuple(
        one.prefix
        for point in centres
        if point.level is PointLevel.CENTRE
        for one in point.divisions
    )
    found: list[str] = [p for p in prefixes if not _reached(routes, p)]
    opened = tuple(p for p in prefixes if _is_partly(routes, p))
    for length in (COUNTY, TOWNSHIP, VILLAGE):
        parts = _divisions(session, opened, length)
        found += [code for code in parts if not _reached(routes, code)]
        finer = [p for p in opened if len(p) >= length]
        opened = tuple(finer + [code for code in parts if _is_partly(routes, code)])
        if not opened:
            break
    return tuple(sorted(set(found)))


def _reached(routes: Routes, code: str) -> bool:
    return routes.is_served_by_station(code) or routes.stations_inside(code)


def _is_partly(routes: Routes, code: str) -> bool:
    return not routes.is_served_by_station(code) and routes.stations_inside(code)


def _divisions(session: Session, prefixes: tuple[str, ...], length: int) -> list[str]:
    """Codes of so many digits that lie truly within one of the divisions."""
    wider = tuple(prefix for prefix in prefixes if len(prefix) < length)
    if not wider:
        return []
    query = sa.select(Division.code, Division.name).where(
        in_any_division(Division.code, wider),
        sa.func.length(Division.code) == length,
        in_force(),
    )
    found = session.execute(query.order_by(Division.code))
    return [code for code, name in found if not is_group(code, name)]
