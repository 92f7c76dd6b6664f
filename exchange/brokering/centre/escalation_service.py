"""Cases that rest: the worker is reminded, then supervisors are told, until somebody acts. Of a
need in nobody's hands the supervisors are told at once.
"""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_queries import (
    Subject,
    open_escalation,
    patience_of,
    rest_of_match,
    rest_of_need,
)
from exchange.brokering.centre.escalation_rules import Rest, is_time, is_time_to_tell
from exchange.brokering.centre.point_events import Escalated, EscalationClosed, Reminded
from exchange.brokering.centre.settings import centre_settings_for
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.matches import locked_match
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.listings.models import Listing


def look_after(act: Act, subject: Subject) -> bool:
    """Remind, tell, or close as the case stands now; whether anything was to be done.

    Under the lock of the case, so that a second run, or one beside it, finds nothing.
    """
    rest = _rest(act, subject)
    kept = open_escalation(act.session, subject)
    if kept is not None and (rest is None or rest.since > kept.reminded_at):
        close(act, kept)
        kept = None
    if rest is None:
        return False
    patience = patience_of(centre_settings_for(act.session, subject.division_code))
    if kept is None:
        return is_time(rest, patience, act.now) and _begin(act, subject, rest)
    if kept.told_at or not is_time_to_tell(kept.cause, kept.reminded_at, patience, act.now):
        return False
    kept.told_at = act.now
    act.session.flush()
    act.emit(Escalated(kept.id, kept.person_id))
    return True


def close(act: Act, escalation: Escalation) -> None:
    """Somebody has acted, or there is nothing left to act on."""
    escalation.closed_at, escalation.closed_by_id = act.now, act.actor.person_id
    act.session.flush()
    act.emit(EscalationClosed(escalation.id))


def close_for(act: Act, subject: Subject) -> None:
    """Close what is open of a case, if anything is."""
    kept = open_escalation(act.session, subject)
    if kept is not None:
        close(act, kept)


def _begin(act: Act, subject: Subject, rest: Rest) -> bool:
    """Remind the worker; where there is none, tell the supervisors."""
    person_id = _owner(act, subject)
    made = Escalation(
        match_id=subject.match_id, need_id=subject.need_id, cause=rest.cause, person_id=person_id,
        since=rest.since, reminded_at=act.now, told_at=act.now if person_id is None else None,
    )  # fmt: skip
    try:
        with act.session.begin_nested():
            act.session.add(made)
            act.session.flush()
    except IntegrityError:
        return False  # another run was faster
    act.emit(Escalated(made.id, None) if person_id is None else Reminded(made.id, person_id))
    return True


def _rest(act: Act, subject: Subject) -> Rest | None:
    if subject.match_id is None:
        assert subject.need_id is not None  # noqa: S101 - one of the two
        lock = sa.select(Listing.id).where(Listing.id == subject.need_id)
        act.session.execute(lock.with_for_update(of=Listing))
        return rest_of_need(act.session, subject.need_id)
    public_id = act.session.scalar(sa.select(Match.public_id).where(Match.id == subject.match_id))
    if public_id is None:
        return None
    match = locked_match(act, public_id)
    if match.state not in LIVE_STATES:
        return None
    return rest_of_match(act.session, match, act.house.settings.time_zone)


def _owner(act: Act, subject: Subject) -> int | None:
    """In whose hands the case is; None for a need in nobody's."""
    if subject.match_id is not None:
        return act.session.get_one(Match, subject.match_id).broker_id
    kept = act.session.get(NeedAssignment, subject.need_id)
    return kept.person_id if kept else None
