"""Reports, the cases they are joined to, what was done, and appeals.

A target has at most one case that is not closed; a partial unique index says so to every database.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.brokering.models import Match
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.models import Listing
from exchange.moderation.kinds import CaseState, Part, Reason, StepKind, TargetKind, Verdict
from exchange.projects.models import Project
from exchange.volunteering.models import Activity

NOT_CLOSED = sa.text("state IN ('open', 'waiting')")


class ModerationCase(Base):
    """What was reported about one listing, project, activity, organisation or person in a match.

    ``organisation_id`` is whose it is, ``about_person_id`` whom it is about; both keep their own
    people from deciding. ``said`` is the sentence that the owner reads, ``reason`` stays inside.
    ``priority`` 0 comes first.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (
        sa.Index(
            "uq_moderation_case_live_target",
            "target_key",
            unique=True,
            sqlite_where=NOT_CLOSED,
            postgresql_where=NOT_CLOSED,
        ),
        sa.Index("ix_moderation_case_state_priority", "state", "priority", "id"),
        sa.Index("ix_moderation_case_division_code", "division_code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    kind: Mapped[TargetKind] = mapped_column(str_enum(TargetKind))
    target_key: Mapped[str] = mapped_column(sa.String(60))
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listing.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    match_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match.id"))
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("volunteer_activity.id"), index=True
    )
    part: Mapped[Part | None] = mapped_column(str_enum(Part))
    about_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    division_code: Mapped[str] = mapped_column(sa.String(12))
    at_centre: Mapped[bool] = mapped_column(default=False)
    unserved: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CaseState] = mapped_column(str_enum(CaseState), default=CaseState.OPEN)
    priority: Mapped[int]
    claimed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None] = mapped_column(str_enum(Verdict))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    said: Mapped[str] = mapped_column(sa.Text, default="")
    overdue_told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)

    listing: Mapped[Listing | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    match: Mapped[Match | None] = relationship()
    project: Mapped[Project | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    about_person: Mapped[Person | None] = relationship(foreign_keys=[about_person_id])
    claimed_by: Mapped[Person | None] = relationship(foreign_keys=[claimed_by_id])

    @property
    def thing(self) -> Listing | Project | Activity | None:
        """What was published and reported; none for organisations and people."""
        return self.listing or self.project or self.activity


class Report(Base):
    """What one person told. Whoever has no account has no ``reporter_id``.

    Who reported is for the deciders alone; the texts go a year after the case was closed.
    """

    __tablename__ = "moderation_report"
    __table_args__ = (sa.UniqueConstraint("case_id", "reporter_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[Reason] = mapped_column(str_enum(Reason))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]

    case: Mapped[ModerationCase] = relationship()
    reporter: Mapped[Person | None] = relationship()


class CaseStep(Base):
    """A line of a case's history. Rows are added, never changed."""

    __tablename__ = "moderation_step"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(str_enum(StepKind))
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    said: Mapped[str] = mapped_column(sa.Text, default="")

    person: Mapped[Person | None] = relationship()


class CaseHold(Base):
    """A listing that is hidden for a case, until ``released_at``."""

    __tablename__ = "moderation_hold"
    __table_args__ = (sa.Index("ix_moderation_hold_listing_id", "listing_id", "released_at"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), primary_key=True)
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class ProjectHold(Base):
    """A project that is hidden for a case, until ``released_at``."""

    __tablename__ = "moderation_project_hold"
    __table_args__ = (
        sa.Index("ix_moderation_project_hold_project_id", "project_id", "released_at"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id"), primary_key=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), primary_key=True)
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class ActivityHold(Base):
    """An activity that is hidden for a case, until ``released_at``."""

    __tablename__ = "moderation_activity_hold"
    __table_args__ = (
        sa.Index("ix_moderation_activity_hold_activity_id", "activity_id", "released_at"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_activity.id"), primary_key=True
    )
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class Appeal(Base):
    """The owner asks another person to look again, once for each decision."""

    __tablename__ = "moderation_appeal"
    __table_args__ = (sa.UniqueConstraint("case_id", "verdict"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id"))
    verdict: Mapped[Verdict] = mapped_column(str_enum(Verdict))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    case: Mapped[ModerationCase] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
