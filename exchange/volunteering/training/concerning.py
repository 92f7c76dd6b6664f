"""Whom the ids of trainings and completions concern, for the audit."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.audit.concerning import Concern, Found, tell_concerns
from exchange.kernel.act import House
from exchange.volunteering.training.models import Completion, Training, TrainingMaterial


def install(house: House) -> None:
    """Tell the audit of the kinds of id that events and rows of trainings carry."""
    tell_concerns(house, "training", ("training_id",), trainings)
    tell_concerns(house, "material", ("material_id",), materials)
    tell_concerns(house, "completion", ("completion_id",), completions)


def trainings(session: Session, ids: Collection[int]) -> Found:
    """A training concerns its organisation, and counts in its place, or where that one is."""
    query = (
        sa.select(
            Training.id,
            Training.organisation_id,
            sa.func.coalesce(Training.division_code, Organisation.division_code),
        )
        .join(Training.organisation)
        .where(Training.id.in_(ids))
    )
    rows = session.execute(query)
    return {key: (Concern(organisation_id=owner, division_code=code),) for key, owner, code in rows}


def materials(session: Session, ids: Collection[int]) -> Found:
    """A material concerns whom its training does."""
    query = sa.select(TrainingMaterial.id, TrainingMaterial.training_id).where(
        TrainingMaterial.id.in_(ids)
    )
    owners = {row[0]: row[1] for row in session.execute(query)}
    known = trainings(session, set(owners.values()))
    return {key: known[owner] for key, owner in owners.items() if owner in known}


def completions(session: Session, ids: Collection[int]) -> Found:
    """A completion concerns its volunteer and the organisation of the training."""
    query = (
        sa.select(
            Completion.id,
            Completion.person_id,
            Training.organisation_id,
            sa.func.coalesce(Training.division_code, Organisation.division_code),
        )
        .join(Completion.training)
        .join(Training.organisation)
        .where(Completion.id.in_(ids))
    )
    return {
        key: (Concern(person_id=person, organisation_id=owner, division_code=code),)
        for key, person, owner, code in session.execute(query)
    }
