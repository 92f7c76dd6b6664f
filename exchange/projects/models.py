"""Projects: who does what where for whom, by when, with which money, and how far it is.

``beneficiary_count`` counts people. Money is in fen. ``silent_told_at``: the last time its people
were asked for news. A need is in one project at most.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.kinds import Visibility
from exchange.listings.models import Listing
from exchange.projects.kinds import PartnerRole, PartnerState, Publication, Stage, Template

LONGEST_TITLE = 80


class Project(Base):
    """A longer undertaking of one or several organisations in one or several places."""

    __tablename__ = "project"
    __table_args__ = (
        sa.CheckConstraint(
            "beneficiary_count IS NULL OR beneficiary_count >= 0", name="beneficiaries_counted"
        ),
        sa.Index("ix_project_publication_stage", "publication", "stage"),
        sa.Index("ix_project_updated_at", "updated_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    external_id: Mapped[str | None] = mapped_column(sa.String(80))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    template: Mapped[Template] = mapped_column(str_enum(Template), default=Template.OTHER)
    stage: Mapped[Stage] = mapped_column(str_enum(Stage), default=Stage.IDEA)
    publication: Mapped[Publication] = mapped_column(
        str_enum(Publication), default=Publication.DRAFT
    )
    visibility: Mapped[Visibility] = mapped_column(str_enum(Visibility), default=Visibility.PUBLIC)
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE), default="")
    aim: Mapped[str] = mapped_column(sa.Text, default="")
    plan: Mapped[str] = mapped_column(sa.Text, default="")
    lang: Mapped[str] = mapped_column(sa.String(8), default="zh")
    category_code: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    beneficiaries: Mapped[list[str]] = mapped_column(default=list)
    beneficiary_count: Mapped[int | None]
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    origin_listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listing.id"))
    undertaking_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("undertaking.id", ondelete="SET NULL")
    )
    stop_reason: Mapped[str] = mapped_column(sa.Text, default="")
    review_note: Mapped[str] = mapped_column(sa.Text, default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    held_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    news_at: Mapped[datetime | None]
    silent_told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    worker: Mapped[Person | None] = relationship(foreign_keys=[worker_id])
    divisions: Mapped[list["ProjectDivision"]] = relationship(
        back_populates="project", cascade="all, delete-orphan",
        order_by="ProjectDivision.division_code",
    )  # fmt: skip
    partners: Mapped[list["ProjectPartner"]] = relationship(
        back_populates="project", cascade="all, delete-orphan", order_by="ProjectPartner.id"
    )
    milestones: Mapped[list["Milestone"]] = relationship(
        back_populates="project", cascade="all, delete-orphan", order_by="Milestone.position"
    )
    budget: Mapped[list["BudgetLine"]] = relationship(
        back_populates="project", cascade="all, delete-orphan", order_by="BudgetLine.position"
    )

    @property
    def places(self) -> tuple[str, ...]:
        """The division codes where it happens."""
        return tuple(row.division_code for row in self.divisions)

    @property
    def partner_ids(self) -> frozenset[int]:
        """Ids of the organisations that agreed to take part, besides the leading one."""
        return frozenset(
            row.organisation_id for row in self.partners if row.state is PartnerState.ACCEPTED
        )

    @property
    def planned_fen(self) -> int:
        """The sum of the budget, in fen."""
        return sum(line.planned_fen for line in self.budget)


class ProjectDivision(Base):
    """A place of a project."""

    __tablename__ = "project_division"

    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    division_code: Mapped[str] = mapped_column(sa.String(12), primary_key=True, index=True)

    project: Mapped[Project] = relationship(back_populates="divisions")


class ProjectPartner(Base):
    """Another organisation in a project."""

    __tablename__ = "project_partner"
    __table_args__ = (sa.UniqueConstraint("project_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    role: Mapped[PartnerRole] = mapped_column(str_enum(PartnerRole), default=PartnerRole.PARTNER)
    state: Mapped[PartnerState] = mapped_column(
        str_enum(PartnerState), default=PartnerState.INVITED
    )
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()


class Milestone(Base):
    """A step of the plan with the day by which it shall be done."""

    __tablename__ = "project_milestone"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    project: Mapped[Project] = relationship(back_populates="milestones")


class BudgetLine(Base):
    """What part of the money is planned for what."""

    __tablename__ = "project_budget_line"
    __table_args__ = (sa.CheckConstraint("planned_fen >= 0", name="planned_not_negative"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    planned_fen: Mapped[int] = mapped_column(sa.BigInteger)

    project: Mapped[Project] = relationship(back_populates="budget")


class ProjectNeed(Base):
    """A need that a project is made of. The key lets a need be in one project at most."""

    __tablename__ = "project_need"

    listing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    added_at: Mapped[datetime]

    listing: Mapped[Listing] = relationship()


class ProjectUpdate(Base):
    """News of a project: words, pictures (files of their own) and figures with their units.

    ``figures`` are pairs of words and thousandths as text: a list of "label|milli|unit".
    ``sent_token`` is that of the form, so that what was sent twice is one.
    """

    __tablename__ = "project_update"
    __table_args__ = (
        sa.Index("ix_project_update_project_id_at", "project_id", "published_at"),
        sa.Index("ix_project_update_published_at", "published_at"),
        sa.Index(
            "uq_project_update_sent", "project_id", "author_id", "sent_token", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("project_milestone.id", ondelete="SET NULL")
    )
    text: Mapped[str] = mapped_column(sa.Text)
    figures: Mapped[list[str]] = mapped_column(default=list)
    lang: Mapped[str] = mapped_column(sa.String(8), default="zh")
    sent_token: Mapped[str | None] = mapped_column(sa.String(40))
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship()
    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
