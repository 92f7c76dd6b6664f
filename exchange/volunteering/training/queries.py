"""Reading trainings, materials, completions, and what activities ask for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.files.models import StoredFile
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.volunteering.kinds import ActivityState, ShiftState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import (
    Completion,
    RequiredTraining,
    Training,
    TrainingMaterial,
)
from exchange.volunteering.training.permissions import can_see, visible_to

PAGE = 20
MOST_LISTED = 1000
RECENT = timedelta(days=60)


@dataclass(frozen=True)
class WantedTraining:
    """What somebody looks for; empty values ask for everything."""

    division: str = ""
    at_home: bool = False
    day: date | None = None

    @property
    def filters(self) -> int:
        """How many filters narrow the list."""
        return sum(map(bool, (self.division, self.at_home, self.day)))


def loaded() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    """What a list of trainings needs beside their rows, in a fixed number of queries."""
    return (
        joinedload(Training.organisation, innerjoin=True),
        joinedload(Training.activity),
        selectinload(Training.materials).joinedload(TrainingMaterial.file),
    )


def seen_training(session: Session, actor: Actor, public_id: str) -> Training:
    """The training with this public id. Raises NotFound when the actor may not know of it.

    Whoever has completed it goes on seeing it.
    """
    found = None
    if public_id.isalnum() and len(public_id) <= 20:
        query = sa.select(Training).where(Training.public_id == public_id).options(*loaded())
        found = session.scalars(query).unique().first()
    if found is None or not (can_see(actor, found) or has_completed(session, actor, found.id)):
        raise NotFound
    return found


def has_completed(session: Session, actor: Actor, training_id: int) -> bool:
    """Whether the actor has ever completed it."""
    if actor.person_id is None:
        return False
    query = sa.select(Completion.id).where(
        Completion.training_id == training_id, Completion.person_id == actor.person_id
    )
    return session.scalar(query.limit(1)) is not None


def seen_material(
    session: Session, actor: Actor, public_id: str, material: str
) -> tuple[Training, TrainingMaterial]:
    """A material of a training that the actor may see. Raises NotFound."""
    training = seen_training(session, actor, public_id)
    found = next((one for one in training.materials if one.public_id == material), None)
    if found is None:
        raise NotFound
    return training, found


def open_trainings(
    session: Session,
    actor: Actor,
    wanted: WantedTraining,
    span: tuple[datetime, datetime] | None,
    now: datetime,
    page: int = 1,
) -> tuple[list[Training], bool]:
    """One page of published trainings that the actor may see: those with a date ahead first, the
    next one before; then those at home, the newest first. Whether more follow.

    ``span`` is the wanted day as moments.
    """  # fmt: skip
    first = _next_dates(now, span)
    query = (
        sa.select(Training)
        .outerjoin(first, first.c.activity_id == Training.activity_id)
        .where(Training.state == TrainingState.PUBLISHED, visible_to(actor))
        .options(*loaded())
        .order_by(
            sa.case((first.c.next_at.is_(None), 1), else_=0), first.c.next_at,
            Training.published_at.desc(), Training.id.desc(),
        )
    )  # fmt: skip
    if span is not None:
        query = query.where(first.c.next_at.is_not(None))
    if wanted.division:
        inside = Training.division_code.startswith(wanted.division, autoescape=True)
        query = query.where(sa.or_(inside, Training.division_code.is_(None)))
    if wanted.at_home:
        query = query.where(Training.pass_mark > 0)
    start = max(page - 1, 0) * PAGE
    rows = list(session.scalars(query.offset(start).limit(PAGE + 1)).unique())
    return rows[:PAGE], len(rows) > PAGE


def _next_dates(now: datetime, span: tuple[datetime, datetime] | None) -> sa.Subquery:
    query = (
        sa.select(Shift.activity_id, sa.func.min(Shift.starts_at).label("next_at"))
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > now,
            Activity.state == ActivityState.PUBLISHED,
        )
    )
    if span is not None:
        query = query.where(Shift.starts_at >= span[0], Shift.starts_at < span[1])
    return query.group_by(Shift.activity_id).subquery()


def trainings_of(session: Session, organisation_id: int) -> list[Training]:
    """All of an organisation, those in use first, the one changed last before."""
    query = (
        sa.select(Training)
        .where(Training.organisation_id == organisation_id)
        .options(*loaded())
        .order_by(
            sa.case((Training.state == TrainingState.WITHDRAWN, 1), else_=0),
            Training.updated_at.desc(), Training.id.desc(),
        )
        .limit(200)
    )  # fmt: skip
    return list(session.scalars(query).unique())


def seen_by_ids(session: Session, actor: Actor, public_ids: Sequence[str]) -> dict[str, Training]:
    """Those of these trainings that the actor may see and that can be done, by public id."""
    query = sa.select(Training).where(
        Training.public_id.in_(public_ids),
        Training.state == TrainingState.PUBLISHED,
        visible_to(actor),
    )
    return {row.public_id: row for row in session.scalars(query.options(*loaded())).unique()}


def next_dates(
    session: Session, activity_ids: Iterable[int | None], now: datetime
) -> dict[int, Shift]:
    """By activity: the next date with a free place, else the next one."""
    wanted = sorted({one for one in activity_ids if one is not None})
    if not wanted:
        return {}
    query = (
        sa.select(Shift)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Shift.activity_id.in_(wanted),
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > now,
            Activity.state == ActivityState.PUBLISHED,
        )
        .order_by(Shift.starts_at.desc(), Shift.id.desc())
    )
    found: dict[int, Shift] = {}
    for shift in session.scalars(query):
        if shift.free > 0 or shift.activity_id not in found or found[shift.activity_id].free <= 0:
            found[shift.activity_id] = shift
    return found


def dates_of(session: Session, training: Training, now: datetime) -> list[Shift]:
    """The dates of a training that are not long over, the earliest first."""
    if training.activity_id is None:
        return []
    query = (
        sa.select(Shift)
        .where(Shift.activity_id == training.activity_id, Shift.ends_at > now - RECENT)
        .options(joinedload(Shift.activity, innerjoin=True), joinedload(Shift.role))
        .order_by(Shift.starts_at, Shift.id)
    )
    return list(session.scalars(query))


def date_of_training(session: Session, training: Training, shift: str) -> Shift:
    """One date of a training by its public id. Raises NotFound."""
    found = None
    if shift.isalnum() and len(shift) <= 20 and training.activity_id is not None:
        query = sa.select(Shift).where(
            Shift.public_id == shift, Shift.activity_id == training.activity_id
        )
        found = session.scalars(query.options(joinedload(Shift.activity, innerjoin=True))).first()
    if found is None:
        raise NotFound
    return found


def trainings_of_activity(session: Session, activity_id: int) -> list[Training]:
    """The trainings whose dates the shifts of this activity are."""
    query = sa.select(Training).where(Training.activity_id == activity_id).options(*loaded())
    return list(session.scalars(query.order_by(Training.id)).unique())


def required_by(session: Session, activity_id: int) -> list[Training]:
    """The trainings that an activity asks for, by title; one that was withdrawn asks no more."""
    query = (
        sa.select(Training)
        .join(RequiredTraining, RequiredTraining.training_id == Training.id)
        .where(
            RequiredTraining.activity_id == activity_id,
            Training.state == TrainingState.PUBLISHED,
        )
        .options(*loaded())
        .order_by(Training.title, Training.id)
    )
    return list(session.scalars(query).unique())


def required_ids(session: Session, activity_id: int) -> list[int]:
    """All that an activity names, also what was withdrawn."""
    query = sa.select(RequiredTraining.training_id).where(
        RequiredTraining.activity_id == activity_id
    )
    return list(session.scalars(query.order_by(RequiredTraining.training_id)))


def activities_requiring(session: Session, training_id: int) -> list[Activity]:
    """The activities that are on and ask for a training."""
    query = (
        sa.select(Activity)
        .join(RequiredTraining, RequiredTraining.activity_id == Activity.id)
        .where(
            RequiredTraining.training_id == training_id,
            Activity.state.in_((ActivityState.DRAFT, ActivityState.PUBLISHED)),
        )
        .order_by(Activity.id)
    )
    return list(session.scalars(query))


def offerable(session: Session, actor: Actor, organisation_id: int) -> list[Training]:
    """What an organisation's activities may ask for: its own first, then public ones by title.

    Of the public ones those of other organisations near the place where the actor acts come first.
    """
    near = (actor.division or "")[:6]
    inside = sa.or_(
        Training.division_code.is_(None), Training.division_code.startswith(near, autoescape=True)
    )
    query = (
        sa.select(Training)
        .where(
            Training.state == TrainingState.PUBLISHED,
            sa.or_(
                Training.organisation_id == organisation_id,
                sa.and_(Training.circle == "public", inside),
            ),
        )
        .options(joinedload(Training.organisation, innerjoin=True))
        .order_by(
            sa.case((Training.organisation_id == organisation_id, 0), else_=1),
            Training.title, Training.id,
        )
        .limit(60)
    )  # fmt: skip
    return list(session.scalars(query))


def sees_file(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Whether the bytes of a material are handed out: to whoever may see its training."""
    query = (
        sa.select(Training)
        .join(TrainingMaterial, TrainingMaterial.training_id == Training.id)
        .where(TrainingMaterial.file_id == file.id)
    )
    found = session.scalars(query).first()
    return found is not None and (can_see(actor, found) or has_completed(session, actor, found.id))
