"""What happens to verifications by the clock: reminders, the last day, old evidence."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.events import (
    EvidenceForgotten,
    VerificationExpiresSoon,
    VerificationLapsed,
)
from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.standing import end_verification, note_decision
from exchange.accounts.verification.evidence import forget_kept
from exchange.accounts.verification.kinds import DecisionKind
from exchange.accounts.verification.models import VerificationFile
from exchange.accounts.verification.rules import (
    EVIDENCE_KEPT,
    REMINDERS,
    due_reminder,
    has_lapsed,
)
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden

BATCH = 100


def remind_of_renewal(act: Act, after: int = 0) -> int | None:
    """Tell of verifications whose last day is near, each reminder once.

    Goes on behind the organisation ``after``; returns the last one looked at, None at the end.
    """
    _require_system(act)
    soon = act.today + timedelta(days=max(REMINDERS))
    found = _of_day(act, Organisation.verified_until <= soon, after)
    for organisation in found:
        until = organisation.verified_until
        days = until and due_reminder(until, act.today, organisation.renewal_told_days)
        if days:
            organisation.renewal_told_days = days
            act.emit(VerificationExpiresSoon(organisation.id, days))
    return found[-1].id if len(found) == BATCH else None


def lapse_due(act: Act, after: int = 0) -> int | None:
    """End verifications that are over. Returns as for reminders.

    One whose renewal waits for a decision of the station has thirty days of grace.
    """
    _require_system(act)
    found = _of_day(act, Organisation.verified_until < act.today, after)
    waiting = _renewals_of(act, [one.id for one in found])
    for organisation in found:
        until = organisation.verified_until
        if until and has_lapsed(until, act.today, renewal_waits=organisation.id in waiting):
            end_verification(act, organisation)
            note_decision(
                act, organisation, DecisionKind.LAPSED, Verification.VERIFIED, until=until
            )
            act.emit(VerificationLapsed(organisation.id))
    return found[-1].id if len(found) == BATCH else None


def forget_old_evidence(act: Act, limit: int = BATCH) -> int:
    """Delete the files of requests decided long ago; return of how many requests."""
    _require_system(act)
    old = (
        sa.select(VerificationRequest)
        .where(
            VerificationRequest.decided_at < act.now - EVIDENCE_KEPT,
            sa.exists().where(VerificationFile.request_id == VerificationRequest.id),
        )
        .order_by(VerificationRequest.id)
        .limit(limit)
    )
    requests = act.session.scalars(old).all()
    for request in requests:
        kept = (
            sa.select(VerificationFile)
            .options(joinedload(VerificationFile.file))
            .where(VerificationFile.request_id == request.id)
        )
        forget_kept(act, act.session.scalars(kept).all())
        act.emit(EvidenceForgotten(request.organisation_id, request.id))
    return len(requests)


def _of_day(act: Act, day: sa.ColumnElement[bool], after: int) -> list[Organisation]:
    query = (
        sa.select(Organisation)
        .where(Organisation.verification == Verification.VERIFIED, day, Organisation.id > after)
        .order_by(Organisation.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return list(act.session.scalars(query))


def _renewals_of(act: Act, ids: list[int]) -> set[int]:
    """Those of the organisations whose request waits for the station."""
    query = sa.select(VerificationRequest.organisation_id).where(
        VerificationRequest.organisation_id.in_(ids),
        VerificationRequest.decided_at.is_(None),
        VerificationRequest.more_asked_at.is_(None),
    )
    return set(act.session.scalars(query))


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden
