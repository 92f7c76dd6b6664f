"""Every hour: cases that rest."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.centre.caseload_queries import is_in_nobodys_hands
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_queries import Subject, resting, waiting
from exchange.brokering.centre.escalation_rules import Cause
from exchange.brokering.centre.escalation_service import look_after
from exchange.brokering.centre.settings import all_centre_settings
from exchange.brokering.models import Match
from exchange.jobs.registry import Payload, Run, job
from exchange.listings.models import Listing

SOONEST = timedelta(days=1)  # no centre may set less


@job("brokering.escalate", every_minutes=60)
def escalate_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Look after every case that rests, each in an act of its own; a second run finds nothing."""
    session = run.read()
    now = run.house.clock.now()
    subjects = [
        *resting(session, now - SOONEST),
        *waiting(session, all_centre_settings(session), now),
        *_left_open(session),
    ]
    for subject in dict.fromkeys(subjects):
        with run.act() as act:
            look_after(act, subject)


def _left_open(session: Session) -> list[Subject]:
    """What an escalation is open of, whether or not it still rests; but no need of which everybody
    was told and which still is in nobody's hands.
    """
    still_so = sa.and_(Escalation.cause == Cause.UNCLAIMED, is_in_nobodys_hands())
    query = (
        sa.select(Escalation.match_id, Escalation.need_id, Listing.division_code)
        .outerjoin(Match, Match.id == Escalation.match_id)
        .join(Listing, Listing.id == sa.func.coalesce(Match.need_id, Escalation.need_id))
        .where(Escalation.closed_at.is_(None), sa.not_(still_so))
        .order_by(Escalation.id)
    )
    return [Subject(*row) for row in session.execute(query)]
