"""Reading who has completed what, and who lacks it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.volunteering.kinds import LIVE_STATES, ShiftState
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.training.models import Completion, Training, TrainingTry
from exchange.volunteering.training.permissions import visible_to
from exchange.volunteering.training.rules import Held

MOST_LISTED = 1000


def held_by(
    session: Session, person_ids: Collection[int], training_ids: Collection[int]
) -> dict[int, list[Held]]:
    """What these people have completed of these trainings, by person."""
    found: dict[int, list[Held]] = defaultdict(list)
    if not person_ids or not training_ids:
        return found
    query = sa.select(
        Completion.person_id, Completion.training_id, Completion.expires_on, Completion.revoked_at
    ).where(
        Completion.person_id.in_(sorted(set(person_ids))),
        Completion.training_id.in_(sorted(set(training_ids))),
    )
    for person_id, training_id, expires_on, revoked_at in session.execute(query):
        found[person_id].append(Held(training_id, expires_on, revoked_at is not None))
    return found


def completions_of_person(session: Session, person_id: int) -> list[Completion]:
    """All of a volunteer, the newest first, with training and organisation."""
    query = (
        sa.select(Completion)
        .join(Completion.training)
        .where(Completion.person_id == person_id)
        .options(
            contains_eager(Completion.training).joinedload(Training.organisation, innerjoin=True)
        )
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
        .limit(MOST_LISTED)
    )
    return list(session.scalars(query))


def completions_of_training(session: Session, training_id: int) -> list[Completion]:
    """Who completed a training, the newest first, with the people."""
    query = (
        sa.select(Completion)
        .where(Completion.training_id == training_id)
        .options(joinedload(Completion.person, innerjoin=True), joinedload(Completion.recorded_by))
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
        .limit(MOST_LISTED)
    )
    return list(session.scalars(query))


def completion_with(session: Session, training: Training, public_id: str) -> Completion:
    """One completion of a training. Raises NotFound."""
    query = sa.select(Completion).where(
        Completion.public_id == public_id[:20], Completion.training_id == training.id
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def completed_counts(session: Session, training_ids: Iterable[int]) -> dict[int, int]:
    """How many people have completed each, revoked ones left out."""
    query = (
        sa.select(Completion.training_id, sa.func.count(sa.distinct(Completion.person_id)))
        .where(
            Completion.training_id.in_(sorted(set(training_ids))), Completion.revoked_at.is_(None)
        )
        .group_by(Completion.training_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def people_of_activity(session: Session, activity_id: int, after: datetime) -> list[Signup]:
    """Who has a place or waits in its shifts that end later, each person once, by name."""
    query = (
        sa.select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Shift.activity_id == activity_id,
            Shift.ends_at > after,
            Shift.state == ShiftState.OPEN,
            Signup.state.in_(LIVE_STATES),
        )
        .options(joinedload(Signup.person, innerjoin=True))
        .order_by(Signup.id)
    )
    once = {one.person_id: one for one in session.scalars(query)}
    return sorted(once.values(), key=lambda one: (one.person.name, one.id))


def shown_completions(
    session: Session, actor: Actor, person_ids: Collection[int]
) -> dict[int, list[Completion]]:
    """Standing completions by person, of trainings that the actor may see; the newest first."""
    found: dict[int, list[Completion]] = defaultdict(list)
    if not person_ids:
        return found
    query = (
        sa.select(Completion)
        .join(Completion.training)
        .where(
            Completion.person_id.in_(sorted(set(person_ids))),
            Completion.revoked_at.is_(None),
            visible_to(actor),
        )
        .options(contains_eager(Completion.training))
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
    )
    for one in session.scalars(query):
        found[one.person_id].append(one)
    return found


def tries_of(session: Session, person_id: int, training_id: int) -> list[datetime]:
    """When somebody tried the questions, the newest first."""
    query = sa.select(TrainingTry.tried_at).where(
        TrainingTry.person_id == person_id, TrainingTry.training_id == training_id
    )
    return list(session.scalars(query.order_by(TrainingTry.tried_at.desc()).limit(20)))
