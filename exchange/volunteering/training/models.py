"""Trainings, their materials, who tried the questions, who completed them, and who asks for them.

The dates of a training are the shifts of an activity of its own: signing up, waiting, reminders,
changes, calendars and attendance are those of every other shift.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.files.models import StoredFile
from exchange.files.rules import PictureStatement
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.kernel.errors import Conflict
from exchange.volunteering.kinds import Circle
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.training.kinds import CompletionWay, MaterialKind, TrainingState
from exchange.volunteering.training.rules import (
    LONGEST_FOR_WHOM,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TITLE,
    LONGEST_URL,
    may_move,
)

STANDING = sa.text("revoked_at IS NULL")


class Training(Base):
    """What volunteers learn, run by an organisation.

    Without a ``division_code`` it is for everywhere: done at home. ``valid_months`` None: for ever.
    ``questions`` holds texts, options and which is right; ``pass_mark`` so many have to be right.
    ``activity_id`` is the activity whose shifts are its dates.
    """

    __tablename__ = "volunteer_training"
    __table_args__ = (
        sa.Index("ix_volunteer_training_state_division", "state", "division_code"),
        sa.CheckConstraint("valid_months IS NULL OR valid_months > 0", name="months_positive"),
        sa.CheckConstraint("pass_mark >= 0 AND pass_mark <= 5", name="pass_mark_in_range"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[TrainingState] = mapped_column(
        str_enum(TrainingState), default=TrainingState.DRAFT
    )
    circle: Mapped[Circle] = mapped_column(str_enum(Circle), default=Circle.PUBLIC)
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    learns: Mapped[str] = mapped_column(sa.Text, default="")
    for_whom: Mapped[str] = mapped_column(sa.String(LONGEST_FOR_WHOM), default="")
    lang: Mapped[str] = mapped_column(sa.String(8), default="zh")
    division_code: Mapped[str | None] = mapped_column(sa.String(12), index=True)
    place: Mapped[str] = mapped_column(sa.String(LONGEST_PLACE), default="")
    valid_months: Mapped[int | None]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    pass_mark: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    activity: Mapped[Activity | None] = relationship()
    materials: Mapped[list["TrainingMaterial"]] = relationship(
        back_populates="training", cascade="all, delete-orphan", passive_deletes=True,
        order_by="(TrainingMaterial.position, TrainingMaterial.id)",
    )  # fmt: skip

    @property
    def is_public(self) -> bool:
        """Whether everybody may do it."""
        return self.circle is Circle.PUBLIC

    def move_to(self, state: TrainingState, now: datetime) -> None:
        """Take it to another state. Raises Conflict when its life does not lead there."""
        decision = may_move(self.state, state)
        if not decision:
            raise Conflict(decision.code, **decision.params)
        self.state, self.updated_at = state, now
        if state is TrainingState.PUBLISHED:
            self.published_at, self.ended_at = self.published_at or now, None
        else:
            self.ended_at = now


class TrainingMaterial(Base):
    """Something to learn from: a page written here, a file, or an address elsewhere."""

    __tablename__ = "volunteer_material"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    training_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_training.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[MaterialKind] = mapped_column(str_enum(MaterialKind))
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    url: Mapped[str] = mapped_column(sa.String(LONGEST_URL), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    training: Mapped[Training] = relationship(back_populates="materials")
    file: Mapped[StoredFile | None] = relationship()
    # Of a picture or a PDF: what was said about children on it; nothing before this was asked.
    statement: Mapped[PictureStatement | None] = mapped_column(str_enum(PictureStatement))


class TrainingTry(Base):
    """Somebody has tried the questions; what they answered is not kept."""

    __tablename__ = "volunteer_training_try"
    __table_args__ = (
        sa.Index("ix_volunteer_training_try_person", "person_id", "training_id", "tried_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    training_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_training.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    right: Mapped[int] = mapped_column("right_count")
    asked: Mapped[int]
    passed: Mapped[bool]
    tried_at: Mapped[datetime]


class Completion(Base):
    """Somebody has done a training on a day. Rows are only added; one that was wrong is revoked.

    ``expires_on`` is the last day on which it holds, as it was when it was recorded.
    """

    __tablename__ = "volunteer_completion"
    __table_args__ = (
        sa.Index(
            "uq_volunteer_completion_standing", "training_id", "person_id", "completed_on",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
        sa.Index("ix_volunteer_completion_person", "person_id", "training_id"),
        sa.Index("ix_volunteer_completion_expiry", "expires_on", "told_at"),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on >= completed_on", name="expiry_after_completion"
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    training_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer_training.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    way: Mapped[CompletionWay] = mapped_column(str_enum(CompletionWay))
    shift_id: Mapped[int | None] = mapped_column(sa.ForeignKey("volunteer_shift.id"), index=True)
    completed_on: Mapped[date]
    expires_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    revoke_reason: Mapped[str] = mapped_column(sa.String(LONGEST_REASON), default="")

    training: Mapped[Training] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id])
    shift: Mapped[Shift | None] = relationship()


class RequiredTraining(Base):
    """An activity asks that a training is done before somebody signs up."""

    __tablename__ = "volunteer_required_training"

    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="CASCADE"), primary_key=True
    )
    training_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_training.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    required_at: Mapped[datetime]

    activity: Mapped[Activity] = relationship()
    training: Mapped[Training] = relationship()
