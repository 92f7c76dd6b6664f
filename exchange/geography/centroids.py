"""All centroids as one immutable value, for work that compares many pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.models import Division
from exchange.geography.rules import Level, chain_of, haversine_km, is_code


@dataclass(frozen=True)
class Centroids:
    """Code of county level and above → (latitude, longitude) in micro-degrees."""

    points: Mapping[str, tuple[int, int]]

    def distance_km(self, code_a: str, code_b: str) -> float | None:
        """Great-circle km between two divisions, finer levels at their county; None if unknown."""
        start, end = self._point(code_a), self._point(code_b)
        return haversine_km(*start, *end) if start and end else None

    def _point(self, code: str) -> tuple[int, int] | None:
        above = reversed(chain_of(code)) if is_code(code) else ()
        return next((self.points[a] for a in above if a in self.points), None)


def load_centroids(session: Session) -> Centroids:
    """Read all centroids (about 3,400 rows). The caller keeps the value for as long as it likes."""
    coarse = (Level.PROVINCE, Level.CITY, Level.COUNTY)
    query = sa.select(Division.code, Division.latitude, Division.longitude)
    rows = session.execute(query.where(Division.level.in_(coarse)))
    points = {c: (lat, lon) for c, lat, lon in rows if lat is not None and lon is not None}
    return Centroids(MappingProxyType(points))
