"""Activities, who coordinates them, their roles and shifts, and who comes.

``taken`` counts the sign-ups of a shift that hold a place; the database refuses more than
``maximum``. ``last_number`` is the number that was given to a waiting list last: whoever joins gets
the next one, and the lowest number moves up first.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.kernel.errors import Conflict
from exchange.volunteering.kinds import (
    ActivityState,
    Circle,
    Repeat,
    ShiftState,
    SignupState,
    Work,
)
from exchange.volunteering.rules import (
    ADULT,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_ROLE,
    LONGEST_TITLE,
    USUAL_WARNING,
    may_move,
)


class Activity(Base):
    """What volunteers do together for a day or again and again, run by an organisation.

    ``place`` is for everybody; ``meeting_point`` and ``safety_note`` are for those who come.
    ``warning_days``: so many days before a shift its coordinators are told that it lacks people.
    ``held_at``: since when it is hidden while somebody looks into a report.
    ``guardian_needed``: who is under 18 comes together with a guardian.
    """

    __tablename__ = "volunteer_activity"
    __table_args__ = (
        sa.Index("ix_volunteer_activity_state_division", "state", "division_code"),
        sa.CheckConstraint("min_age >= 0", name="min_age_positive"),
        sa.CheckConstraint("max_age IS NULL OR max_age >= min_age", name="ages_in_order"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[ActivityState] = mapped_column(
        str_enum(ActivityState), default=ActivityState.DRAFT
    )
    circle: Mapped[Circle] = mapped_column(str_enum(Circle), default=Circle.PUBLIC)
    work: Mapped[Work] = mapped_column(str_enum(Work), default=Work.OTHER)
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    lang: Mapped[str] = mapped_column(sa.String(8), default="zh")
    division_code: Mapped[str] = mapped_column(sa.String(12), index=True)
    place: Mapped[str] = mapped_column(sa.String(LONGEST_PLACE), default="")
    meeting_point: Mapped[str] = mapped_column(sa.String(LONGEST_PLACE), default="")
    safety_note: Mapped[str] = mapped_column(sa.Text, default="")
    skills: Mapped[list[str]] = mapped_column(default=list)
    min_age: Mapped[int] = mapped_column(default=ADULT)
    max_age: Mapped[int | None]
    guardian_needed: Mapped[bool] = mapped_column(default=False)
    with_children: Mapped[bool] = mapped_column(default=False)
    is_outdoor: Mapped[bool] = mapped_column(default=False)
    warning_days: Mapped[int] = mapped_column(default=USUAL_WARNING)
    held_at: Mapped[datetime | None]
    copied_from_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="SET NULL"), index=True
    )
    cancel_reason: Mapped[str] = mapped_column(sa.String(LONGEST_NOTE), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    coordinators: Mapped[list["ActivityCoordinator"]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", passive_deletes=True
    )
    roles: Mapped[list["VolunteerRole"]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", passive_deletes=True,
        order_by="VolunteerRole.id",
    )  # fmt: skip

    def move_to(self, state: ActivityState, now: datetime) -> None:
        """Take the activity to another state. Raises Conflict when its life does not lead there."""
        decision = may_move(self.state, state)
        if not decision:
            raise Conflict(decision.code, **decision.params)
        self.state, self.updated_at = state, now
        if state is ActivityState.PUBLISHED:
            self.published_at, self.ended_at = self.published_at or now, None
        else:
            self.ended_at = now


class ActivityCoordinator(Base):
    """A member of the organisation who looks after an activity, besides its managers."""

    __tablename__ = "volunteer_coordinator"

    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    named_at: Mapped[datetime]

    activity: Mapped[Activity] = relationship(back_populates="coordinators")
    person: Mapped[Person] = relationship()


class VolunteerRole(Base):
    """What somebody does at an activity: reads with children, drives, takes pictures."""

    __tablename__ = "volunteer_role"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(LONGEST_ROLE))
    skills: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(sa.String(LONGEST_NOTE), default="")

    activity: Mapped[Activity] = relationship(back_populates="roles")


class ShiftSeries(Base):
    """Shifts that were made together by a rule, from a first day until a last."""

    __tablename__ = "volunteer_series"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="CASCADE"), index=True
    )
    repeat: Mapped[Repeat] = mapped_column(str_enum(Repeat))
    first_on: Mapped[date]
    until_on: Mapped[date]
    created_at: Mapped[datetime]


class Shift(Base):
    """A time to come, for so many people."""

    __tablename__ = "volunteer_shift"
    __table_args__ = (
        sa.CheckConstraint("taken >= 0 AND taken <= maximum", name="taken_within_maximum"),
        sa.CheckConstraint("minimum >= 0 AND minimum <= maximum", name="minimum_within_maximum"),
        sa.CheckConstraint("maximum >= 1", name="maximum_positive"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.Index("ix_volunteer_shift_activity_starts", "activity_id", "starts_at"),
        sa.Index("ix_volunteer_shift_state_starts", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="CASCADE")
    )
    role_id: Mapped[int | None] = mapped_column(sa.ForeignKey("volunteer_role.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("volunteer_series.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(sa.String(LONGEST_PLACE), default="")
    minimum: Mapped[int]
    maximum: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    state: Mapped[ShiftState] = mapped_column(str_enum(ShiftState), default=ShiftState.OPEN)
    cancel_reason: Mapped[str] = mapped_column(sa.String(LONGEST_NOTE), default="")
    moved_at: Mapped[datetime | None]
    short_told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    activity: Mapped[Activity] = relationship()
    role: Mapped[VolunteerRole | None] = relationship()
    series: Mapped[ShiftSeries | None] = relationship()

    @property
    def free(self) -> int:
        """How many places are left."""
        return self.maximum - self.taken

    @property
    def missing(self) -> int:
        """How many are lacking to the least that is needed."""
        return max(0, self.minimum - self.taken)


class Signup(Base):
    """What one person has answered to one shift, on behalf of an organisation.

    ``number`` orders the waiting list. ``asked_at`` is set while somebody who has a place is to say
    whether they still come after a change; ``confirmed_at`` when they last said so.
    """

    __tablename__ = "volunteer_signup"
    __table_args__ = (
        sa.UniqueConstraint("shift_id", "person_id"),
        sa.Index("ix_volunteer_signup_shift_state", "shift_id", "state", "number"),
        sa.Index("ix_volunteer_signup_person_state", "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer_shift.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    state: Mapped[SignupState] = mapped_column(str_enum(SignupState))
    number: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.String(LONGEST_NOTE), default="")
    answered_at: Mapped[datetime]
    moved_up_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    day_told_at: Mapped[datetime | None]
    hours_told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    shift: Mapped[Shift] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
