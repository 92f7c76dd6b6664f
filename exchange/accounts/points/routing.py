"""To which service point the work of a division belongs, read from the database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import ServicePoint, ServicePointDivision
from exchange.accounts.points.rules import PointPlace, Routes
from exchange.kernel.actor import WHOLE_COUNTRY


def load_routes(session: Session) -> Routes:
    """All open service points, in one query."""
    rows = session.execute(
        sa.select(
            ServicePoint.id, ServicePoint.level, ServicePoint.parent_id, ServicePointDivision.prefix
        )
        .join(ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id)
        .where(ServicePoint.closed_at.is_(None))
        .order_by(ServicePoint.id, ServicePointDivision.prefix)
    ).all()
    prefixes: dict[int, list[str]] = {}
    for row in rows:
        prefixes.setdefault(row.id, []).append(row.prefix)
    known = {row.id: row for row in rows}
    return Routes(
        PointPlace(row.id, row.level, row.parent_id, tuple(prefixes[row.id]))
        for row in known.values()
    )


def belongs_to_point(column: Any, routes: Routes, point_id: int) -> ColumnElement[bool]:
    """SQL: the division in ``column`` is the point's work, as ``Routes.of`` says."""
    ways: list[ColumnElement[bool]] = [sa.false()]
    for term in routes.terms_of(point_id):
        outside = [sa.not_(in_division(column, one)) for one in term.without]
        ways.append(sa.and_(in_division(column, term.prefix), *outside))
    return sa.or_(*ways)


def in_division(column: Any, prefix: str) -> ColumnElement[bool]:
    """SQL: the division in ``column`` lies within one."""
    if prefix == WHOLE_COUNTRY:
        return sa.true()
    found: ColumnElement[bool] = column.startswith(prefix, autoescape=True)
    return found


def in_any_division(column: Any, prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    """SQL: the division in ``column`` lies within one of several; false for none."""
    return sa.or_(sa.false(), *(in_division(column, prefix) for prefix in prefixes))
