"""The list of roadshows and visits to come, across projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import Actor
from exchange.projects.kinds import Publication
from exchange.projects.list_queries import in_division
from exchange.projects.models import Project
from exchange.projects.permissions import visible_to
from exchange.projects.visits.kinds import VisitKind, VisitState
from exchange.projects.visits.models import Visit
from exchange.projects.visits.queries import loaded

PAGE = 20


@dataclass(frozen=True)
class WantedVisits:
    """What somebody looks for; empty values ask for everything."""

    division: str = ""
    day: date | None = None
    kind: VisitKind | None = None
    free: bool = False

    @property
    def filters(self) -> int:
        """How many filters narrow the list."""
        return sum(map(bool, (self.division, self.day, self.kind, self.free)))


def coming_visits(
    session: Session,
    actor: Actor,
    wanted: WantedVisits,
    now: datetime,
    zone: str,
    limit: int,
    offset: int = 0,
    after: Visit | None = None,
) -> Sequence[Visit]:
    """Those to come of projects that stand before others and that the actor may see, the next one
    first; behind ``after``, where that is given.
    """
    query = _open_to(actor, now).where(*_conditions(wanted, zone))
    if after is not None:
        later = sa.and_(Visit.starts_at == after.starts_at, Visit.id > after.id)
        query = query.where(sa.or_(Visit.starts_at > after.starts_at, later))
    ordered = query.order_by(Visit.starts_at, Visit.id).limit(limit).offset(offset)
    return session.scalars(ordered).unique().all()


def seen_by_ids(
    session: Session, actor: Actor, public_ids: Sequence[str], now: datetime
) -> dict[str, Visit]:
    """Of these the ones that stand in that list, by public id."""
    query = _open_to(actor, now).where(Visit.public_id.in_(public_ids))
    return {one.public_id: one for one in session.scalars(query).unique()}


def _open_to(actor: Actor, now: datetime) -> sa.Select[Visit]:
    return (
        sa.select(Visit)
        .join(Project, Project.id == Visit.project_id)
        .where(
            Visit.state == VisitState.ANNOUNCED,
            Visit.starts_at > now,
            Project.publication == Publication.PUBLISHED,
            Project.held_at.is_(None),
            visible_to(actor),
        )
        .options(*loaded())
    )


def _conditions(wanted: WantedVisits, zone: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.division:
        found.append(in_division(wanted.division))
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(), ZoneInfo(zone))
        found += [Visit.starts_at >= begins, Visit.starts_at < begins + timedelta(days=1)]
    if wanted.kind is not None:
        found.append(Visit.kind == wanted.kind)
    if wanted.free:
        found += [Visit.taken < Visit.seats]
    return found
