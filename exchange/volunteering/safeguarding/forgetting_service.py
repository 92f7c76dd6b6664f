"""Deleting what is kept no longer, and what goes with an account."""

from datetime import timedelta

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.volunteering.safeguarding.consent_service import drop_pictures
from exchange.volunteering.safeguarding.events import GuardianForgotten
from exchange.volunteering.safeguarding.models import (
    AgeStatement,
    ChildrenCheck,
    ConsentFile,
    GuardianConsent,
    SafeguardAsk,
)
from exchange.volunteering.safeguarding.rules import ENDED_KEPT, REFUSED_KEPT, ROWS_KEPT, WAITS


def forget_due(act: Act, limit: int) -> int:
    """Delete who consented, and the signed forms, at the set time; returns how many."""
    gone = act.now - REFUSED_KEPT
    unanswered = sa.and_(GuardianConsent.consent_on.is_(None), GuardianConsent.recorded_at < gone)
    due = sa.or_(
        GuardianConsent.withdrawn_at < gone,
        GuardianConsent.refused_at < gone,
        unanswered,
        GuardianConsent.valid_until < act.today - ENDED_KEPT,
    )
    query = (
        sa.select(GuardianConsent)
        .where(GuardianConsent.forgotten_at.is_(None), due)
        .order_by(GuardianConsent.id)
        .limit(limit)
        .with_for_update(of=GuardianConsent)
    )
    found = act.session.scalars(query).all()
    for one in found:
        drop_pictures(act, one)
        one.private_sealed = one.link_sealed = None
        one.forgotten_at = act.now
        act.session.flush()
        act.emit(GuardianForgotten(one.person_id, one.organisation_id, one.id))
    return len(found)


def drop_old(act: Act) -> None:
    """Delete asks that nobody answered, and bare rows after three years."""
    old = act.now - ROWS_KEPT
    last_day = act.today - ROWS_KEPT
    for gone in (
        sa.delete(SafeguardAsk).where(SafeguardAsk.asked_at < act.now - WAITS - timedelta(days=16)),
        sa.delete(ChildrenCheck).where(
            sa.or_(ChildrenCheck.ended_at < old, ChildrenCheck.expires_on < last_day)
        ),
        sa.delete(GuardianConsent).where(
            GuardianConsent.forgotten_at < old, GuardianConsent.recorded_at < old
        ),
    ):
        act.session.execute(gone.execution_options(synchronize_session=False))


def forget_volunteer(act: Act, person_id: int) -> None:
    """Delete all of a volunteer who closes their account, with what it says of the guardian."""
    consents = sa.select(GuardianConsent).where(GuardianConsent.person_id == person_id)
    for one in act.session.scalars(consents).all():
        drop_pictures(act, one)
    ids = sa.select(GuardianConsent.id).where(GuardianConsent.person_id == person_id)
    for gone in (
        sa.delete(ConsentFile).where(ConsentFile.consent_id.in_(ids)),
        sa.delete(GuardianConsent).where(GuardianConsent.person_id == person_id),
        sa.delete(ChildrenCheck).where(ChildrenCheck.person_id == person_id),
        sa.delete(SafeguardAsk).where(SafeguardAsk.person_id == person_id),
        sa.delete(AgeStatement).where(AgeStatement.person_id == person_id),
    ):
        act.session.execute(gone.execution_options(synchronize_session=False))
