"""To which service point the work of a division belongs, from values alone.

The work belongs to the station that serves the division most specifically. What a village room
serves is its parent station's work; where no station serves, it is the centre's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from exchange.accounts.kinds import PointLevel
from exchange.kernel.actor import WHOLE_COUNTRY, ancestors, covers

HEIGHT = {PointLevel.ROOM: 0, PointLevel.STATION: 1, PointLevel.CENTRE: 2}


@dataclass(frozen=True)
class PointPlace:
    """An open service point: what it is, what stands above it, which divisions it serves."""

    id: int
    level: PointLevel
    parent_id: int | None
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """Everything in ``prefix`` but for what lies in one of ``without``."""

    prefix: str
    without: tuple[str, ...]


class Routes:
    """The open service points of the site, asked by division."""

    def __init__(self, points: Iterable[PointPlace]) -> None:
        """Of two points that serve the same division the one that is lower in id counts."""
        self._points = {point.id: point for point in points}
        self._by_prefix = self._own_divisions()
        self._add_rooms()

    def of(self, division_code: str | None) -> int | None:
        """The id of the point whose work the division is; None where nobody serves."""
        return self._nearest(division_code or WHOLE_COUNTRY)

    def knows(self, point_id: int | None) -> bool:
        """Whether this is an open point."""
        return point_id in self._points

    def level_of(self, point_id: int) -> PointLevel:
        """What an open point is."""
        return self._points[point_id].level

    def is_served_by_station(self, division_code: str) -> bool:
        """Whether the whole of the division is some station's work."""
        found = self.of(division_code)
        return found is not None and self._points[found].level is not PointLevel.CENTRE

    def stations_inside(self, division_code: str) -> bool:
        """Whether a station serves some part of the division."""
        return any(
            covers(division_code, prefix) and self._points[one].level is not PointLevel.CENTRE
            for prefix, one in self._by_prefix.items()
        )

    def terms_of(self, point_id: int) -> tuple[Term, ...]:
        """The divisions whose work is the point's, as few terms as they can be said in."""
        own = sorted(p for p, one in self._by_prefix.items() if one == point_id)
        return tuple(
            Term(prefix, self._foreign_inside(prefix, point_id))
            for prefix in own
            if self._above(prefix) != point_id
        )

    def _foreign_inside(self, prefix: str, point_id: int) -> tuple[str, ...]:
        foreign = sorted(
            (
                p
                for p, one in self._by_prefix.items()
                if one != point_id and p != prefix and covers(prefix, p)
            ),
            key=lambda p: (len(p), p),
        )
        kept: list[str] = []
        for one in foreign:
            if not any(covers(other, one) for other in kept):
                kept.append(one)
        return tuple(kept)

    def _own_divisions(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for level in (PointLevel.CENTRE, PointLevel.STATION):  # stations go before centres
            for point in sorted(self._points.values(), key=lambda p: -p.id):
                if point.level is level:
                    found.update(dict.fromkeys(point.prefixes, point.id))
        return found

    def _add_rooms(self) -> None:
        rooms: dict[str, int] = {}
        for point in sorted(self._points.values(), key=lambda p: -p.id):
            if point.level is PointLevel.ROOM:
                parent = self._station_above(point)
                for prefix in point.prefixes:
                    known = parent or self._nearest(prefix) or point.id
                    if self._by_prefix.get(prefix) is None or self._is_centre(prefix):
                        rooms[prefix] = known
        self._by_prefix.update(rooms)

    def _is_centre(self, prefix: str) -> bool:
        return self._points[self._by_prefix[prefix]].level is PointLevel.CENTRE

    def _station_above(self, point: PointPlace) -> int | None:
        seen: set[int] = set()
        above = point.parent_id
        while above is not None and above in self._points and above not in seen:
            seen.add(above)
            if self._points[above].level is not PointLevel.ROOM:
                return above
            above = self._points[above].parent_id
        return None

    def _nearest(self, code: str) -> int | None:
        return next(
            (self._by_prefix[a] for a in reversed(ancestors(code)) if a in self._by_prefix), None
        )

    def _above(self, prefix: str) -> int | None:
        above = ancestors(prefix)[:-1]
        return next((self._by_prefix[a] for a in reversed(above) if a in self._by_prefix), None)


def may_stand_under(level: PointLevel, above: PointLevel) -> bool:
    """Whether a point of one level may hang under one of another."""
    return HEIGHT[level] < HEIGHT[above]
