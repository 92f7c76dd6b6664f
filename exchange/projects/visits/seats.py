"""The seats of a visit: who gets one, who waits, who moves up. The caller holds the visit's lock.
"""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.projects.visits.events import VisitMovedUp
from exchange.projects.visits.kinds import SignUpState
from exchange.projects.visits.models import Visit, VisitSignUp
from exchange.projects.visits.rules import Waiting, moved_up


def fill_seats(act: Act, visit: Visit) -> None:
    """Let those who wait move up, in their order, as far as there are seats."""
    act.session.flush()
    rows = act.session.scalars(
        sa.select(VisitSignUp)
        .where(VisitSignUp.visit_id == visit.id, VisitSignUp.state == SignUpState.WAITING)
        .order_by(VisitSignUp.queued_at, VisitSignUp.id)
    ).all()
    by_id = {row.id: row for row in rows}
    for key in moved_up(visit.seats, visit.taken, [Waiting(row.id, row.people) for row in rows]):
        row = by_id[key]
        row.state = SignUpState.SIGNED
        visit.taken += row.people
        act.session.flush()
        ids = (visit.id, visit.project_id, visit.project.organisation_id, row.organisation_id)
        act.emit(VisitMovedUp(*ids))
