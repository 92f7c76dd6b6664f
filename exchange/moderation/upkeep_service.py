"""What happens to cases by themselves: the owner has changed something, time passes."""

from datetime import datetime

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden
from exchange.moderation.events import CaseChanged, CaseOverdue, ReportsForgotten
from exchange.moderation.holding import note_step
from exchange.moderation.kinds import CaseState, StepKind
from exchange.moderation.locking import lock_case
from exchange.moderation.models import ModerationCase, Report
from exchange.moderation.queries import overdue
from exchange.moderation.rules import ANSWER_WITHIN, DUE, TEXTS_KEPT

BATCH = 100


def look_again(act: Act, target_key: str) -> bool:
    """The owner has changed what they were asked to put right: it is looked at again."""
    _require_system(act)
    query = sa.select(ModerationCase).where(
        ModerationCase.target_key == target_key, ModerationCase.state == CaseState.WAITING
    )
    case = act.session.scalars(query).first()
    if case is None:
        return False
    return _open_again(act, case, StepKind.CHANGED)


def open_unanswered(act: Act, limit: int = BATCH) -> int:
    """The owner has not put right in time what was asked: it is looked at again; how many."""
    _require_system(act)
    query = (
        sa.select(ModerationCase)
        .where(
            ModerationCase.state == CaseState.WAITING,
            ModerationCase.decided_at < act.now - ANSWER_WITHIN,
        )
        .order_by(ModerationCase.id)
        .limit(limit)
    )
    found = act.session.scalars(query).all()
    for case in found:
        _open_again(act, case, StepKind.UNANSWERED)
    return len(found)


def _open_again(act: Act, case: ModerationCase, why: StepKind) -> bool:
    lock_case(act, case)
    if case.state is not CaseState.WAITING:
        return False
    case.state = CaseState.OPEN
    case.version += 1
    note_step(act, case, why, alone=True)
    act.session.flush()
    act.emit(CaseChanged(case.id))
    return True


def tell_overdue(act: Act, limit: int = BATCH) -> int:
    """Tell the centre of cases that nobody has decided in time, once each; return how many."""
    _require_system(act)
    told = 0
    for priority, span in DUE.items():
        for case_id in overdue(act.session, priority, act.now - span, limit):
            case = act.session.get_one(ModerationCase, case_id)
            case.overdue_told_at = act.now
            act.emit(CaseOverdue(case.id))
            told += 1
    act.session.flush()
    return told


def forget_reports(act: Act, limit: int = BATCH) -> int:
    """Delete the words of old reports and who made them; return of how many cases."""
    _require_system(act)
    before: datetime = act.now - TEXTS_KEPT
    kept = sa.or_(Report.text != "", Report.reporter_id.is_not(None))
    query = (
        sa.select(ModerationCase.id)
        .where(
            ModerationCase.closed_at < before,
            sa.exists().where(Report.case_id == ModerationCase.id, kept),
        )
        .order_by(ModerationCase.id)
        .limit(limit)
    )
    case_ids = act.session.scalars(query).all()
    for case_id in case_ids:
        act.session.execute(
            sa.update(Report).where(Report.case_id == case_id).values(text="", reporter_id=None)
        )
        act.emit(ReportsForgotten(case_id))
    return len(case_ids)


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden
