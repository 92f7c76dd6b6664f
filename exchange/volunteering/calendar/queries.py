"""What calendars show."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from exchange.kernel.actor import VISITOR
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import visible_to

MOST = 200
STATES = (ActivityState.PUBLISHED, ActivityState.CANCELLED)


def public_shifts(session: Session, division: str, after: datetime) -> list[Shift]:
    """The next shifts of a place that everybody may see, also those that were called off."""
    query = (
        sa.select(Shift)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Shift.ends_at > after,
            Activity.state.in_(STATES),
            Activity.division_code.startswith(division, autoescape=True),
            visible_to(VISITOR),
        )
        .options(contains_eager(Shift.activity), joinedload(Shift.role))
        .order_by(Shift.starts_at, Shift.id)
        .limit(MOST)
    )
    return list(session.scalars(query))


def public_activities(session: Session, division: str, limit: int) -> list[Activity]:
    """The activities of a place that were published last."""
    query = (
        sa.select(Activity)
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Activity.division_code.startswith(division, autoescape=True),
            visible_to(VISITOR),
        )
        .options(joinedload(Activity.organisation, innerjoin=True))
        .order_by(Activity.published_at.desc(), Activity.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))
