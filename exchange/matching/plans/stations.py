"""Which service point works for which place, and with how many people."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Assignment, ServicePoint, ServicePointDivision
from exchange.kernel.actor import WHOLE_COUNTRY, ancestors


class Stations:
    """Which service point works for a division: the nearest one above it where somebody serves."""

    def __init__(self, by_prefix: Mapping[str, int]) -> None:
        self._by_prefix = by_prefix

    def of(self, code: str) -> int:
        """Its number; 0 is nobody's."""
        above = reversed(ancestors(code or WHOLE_COUNTRY))
        return next((self._by_prefix[a] for a in above if a in self._by_prefix), 0)


def load_stations(session: Session) -> tuple[Stations, list[int]]:
    """The stations, and by their number how many people serve there. Number 0 is nobody's."""
    rows = session.execute(
        sa.select(
            ServicePointDivision.prefix,
            ServicePoint.id,
            sa.func.count(Assignment.person_id.distinct()),
        )
        .join(ServicePoint, ServicePoint.id == ServicePointDivision.service_point_id)
        .join(Assignment, Assignment.service_point_id == ServicePoint.id)
        .where(ServicePoint.closed_at.is_(None), Assignment.ended_at.is_(None))
        .group_by(ServicePointDivision.prefix, ServicePoint.id)
        .order_by(ServicePoint.id)
    ).all()
    number: dict[int, int] = {}
    brokers, by_prefix = [0], dict[str, int]()
    for prefix, point_id, people in rows:
        if point_id not in number:
            number[point_id] = len(brokers)
            brokers.append(people)
        by_prefix.setdefault(prefix, number[point_id])
    return Stations(by_prefix), brokers
