"""Roadshows and visits, and who comes. ``taken`` counts people with a seat, never more than seats.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.projects.models import Project
from exchange.projects.visits.kinds import SignUpState, VisitKind, VisitState
from exchange.projects.visits.rules import LONGEST_LINK, LONGEST_PLACE, LONGEST_TITLE


class Visit(Base):
    """A day on which people come to see a project, or it is shown to them."""

    __tablename__ = "project_visit"
    __table_args__ = (
        sa.CheckConstraint("seats > 0", name="seats_positive"),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name="never_overbooked"),
        sa.Index("ix_project_visit_state_starts_at", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[VisitKind] = mapped_column(str_enum(VisitKind), default=VisitKind.VISIT)
    state: Mapped[VisitState] = mapped_column(str_enum(VisitState), default=VisitState.ANNOUNCED)
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(LONGEST_PLACE), default="")
    link: Mapped[str] = mapped_column(sa.String(LONGEST_LINK), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    cancel_reason: Mapped[str] = mapped_column(sa.Text, default="")
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    project: Mapped[Project] = relationship()
    author: Mapped[Person | None] = relationship()
    sign_ups: Mapped[list["VisitSignUp"]] = relationship(
        back_populates="visit", order_by="VisitSignUp.id"
    )


class VisitSignUp(Base):
    """How many people of an organisation come. ``queued_at`` is the place in the queue."""

    __tablename__ = "project_visit_sign_up"
    __table_args__ = (
        sa.UniqueConstraint("visit_id", "organisation_id"),
        sa.CheckConstraint("people > 0", name="people_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("project_visit.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    people: Mapped[int]
    state: Mapped[SignUpState] = mapped_column(str_enum(SignUpState))
    queued_at: Mapped[datetime]

    visit: Mapped[Visit] = relationship(back_populates="sign_ups")
    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person | None] = relationship()
