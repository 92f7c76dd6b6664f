"""Cooperation intentions, what is said in them, and which kinds a project wishes for.

``slot`` is kind and need in one: an organisation has one open intention for each, in a project.
``until`` is the last day on which it holds; quantities are in thousandths of the unit.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.models import Listing
from exchange.projects.intentions.kinds import (
    OPEN_STATES,
    DeclineReason,
    IntentionKind,
    IntentionState,
    Party,
)
from exchange.projects.intentions.rules import LONGEST_UNIT, LONGEST_WANTED
from exchange.projects.models import Project
from exchange.taxonomy.terms import Terms

OPEN = sa.text("state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN_STATES)))


class Intention(Base):
    """What an organisation would bring to a project."""

    __tablename__ = "project_intention"
    __table_args__ = (
        sa.CheckConstraint(
            "quantity_milli IS NULL OR quantity_milli > 0", name="quantity_positive"
        ),
        sa.Index(
            "uq_project_intention_open", "project_id", "organisation_id", "slot",
            unique=True, sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        sa.Index("ix_project_intention_state_until", "state", "until"),
        sa.Index("ix_project_intention_state_follow_up_on", "state", "follow_up_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[IntentionKind] = mapped_column(str_enum(IntentionKind))
    slot: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[IntentionState] = mapped_column(
        str_enum(IntentionState), default=IntentionState.DECLARED
    )
    text: Mapped[str] = mapped_column(sa.Text)
    quantity_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    unit: Mapped[str | None] = mapped_column(sa.String(LONGEST_UNIT))
    terms: Mapped[Terms] = mapped_column(str_enum(Terms), default=Terms.FREE)
    until: Mapped[date]
    decline_reason: Mapped[DeclineReason | None] = mapped_column(str_enum(DeclineReason))
    close_note: Mapped[str] = mapped_column(sa.Text, default="")
    follow_up_on: Mapped[date | None]
    follow_up_told_on: Mapped[date | None]
    lapse_told_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    project: Mapped[Project] = relationship()
    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    need: Mapped[Listing | None] = relationship()


class IntentionMessage(Base):
    """What one side wrote; both sides and the social workers read it."""

    __tablename__ = "project_intention_message"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    intention_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project_intention.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    party: Mapped[Party] = mapped_column(str_enum(Party))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]

    author: Mapped[Person | None] = relationship()


class WantedIntention(Base):
    """A kind of cooperation that a project wishes for, in one line that everybody reads."""

    __tablename__ = "project_wanted"

    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[IntentionKind] = mapped_column(str_enum(IntentionKind))
    words: Mapped[str] = mapped_column(sa.String(LONGEST_WANTED))

    project: Mapped[Project] = relationship()
