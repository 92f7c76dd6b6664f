"""Rounds of evaluation, what each side says, what was reached, and what villagers answered.

What villagers say is kept without who, when and from where: an answer has a random key and stands
in its order; that a device or a sheet has answered is kept apart from it, and goes when the round
closes. Their free words are a third thing, sealed as ``evaluation_words.text.<public_id>``.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.projects.evaluation.kinds import (
    Again,
    Choice,
    LineKind,
    Reach,
    RoundKind,
    RoundState,
)
from exchange.projects.evaluation.rules import LONGEST_LABEL, LONGEST_UNIT
from exchange.projects.models import Project

ROUND = "evaluation_round.id"
BETWEEN = "{0} >= 1 AND {0} <= 5"


def new_survey_code() -> str:
    """Short enough to type from a poster; guessing is throttled, and opens no more than a form."""
    return new_public_id()[:8]


class EvaluationRound(Base):
    """One look at a project. ``is_set`` says that somebody chose the day; else it follows the
    project's dates. ``survey_code`` stands in the villagers' link.
    """

    __tablename__ = "evaluation_round"
    __table_args__ = (
        sa.UniqueConstraint("project_id", "kind"),
        sa.Index("ix_evaluation_round_state_due_on", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    survey_code: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_survey_code)
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[RoundKind] = mapped_column(str_enum(RoundKind))
    state: Mapped[RoundState] = mapped_column(str_enum(RoundState), default=RoundState.PLANNED)
    due_on: Mapped[date | None]
    is_set: Mapped[bool] = mapped_column(default=False)
    opened_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship()


class SideStatement(Base):
    """What one organisation says about a round. Marks go from 1 (not at all) to 5 (fully)."""

    __tablename__ = "evaluation_statement"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "organisation_id"),
        *(
            sa.CheckConstraint(BETWEEN.format(name), name=f"{name}_mark")
            for name in ("aims", "teamwork", "talk", "means", "lasting")
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey(ROUND, ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    aims: Mapped[int]
    teamwork: Mapped[int]
    talk: Mapped[int]
    means: Mapped[int]
    lasting: Mapped[int]
    again: Mapped[Again] = mapped_column(str_enum(Again))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    said_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    said_by: Mapped[Person | None] = relationship()


class EvaluationAccount(Base):
    """What the project's people say was reached, and what they learned."""

    __tablename__ = "evaluation_account"
    __table_args__ = (
        sa.CheckConstraint("people_reached IS NULL OR people_reached >= 0", name="people_counted"),
    )

    round_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ROUND, ondelete="CASCADE"), primary_key=True
    )
    people_planned: Mapped[int | None]
    people_reached: Mapped[int | None]
    went_well: Mapped[str] = mapped_column(sa.Text, default="")
    went_badly: Mapped[str] = mapped_column(sa.Text, default="")
    lessons: Mapped[str] = mapped_column(sa.Text, default="")
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list["EvaluationLine"]] = relationship(
        cascade="all, delete-orphan", order_by="EvaluationLine.position"
    )


class EvaluationLine(Base):
    """An aim, a step of the plan or a figure: what was planned, what was reached (thousandths)."""

    __tablename__ = "evaluation_line"
    __table_args__ = (
        sa.CheckConstraint("planned_milli IS NULL OR planned_milli >= 0", name="planned_counted"),
        sa.CheckConstraint("reached_milli IS NULL OR reached_milli >= 0", name="reached_counted"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(
        sa.ForeignKey("evaluation_account.round_id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(str_enum(LineKind))
    label: Mapped[str] = mapped_column(sa.String(LONGEST_LABEL))
    reach: Mapped[Reach | None] = mapped_column(str_enum(Reach))
    planned_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    reached_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    unit: Mapped[str] = mapped_column(sa.String(LONGEST_UNIT), default="")


class SurveyAnswer(Base):
    """What one villager chose; the random key keeps no order of coming."""

    __tablename__ = "evaluation_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own way to say it

    key: Mapped[str] = mapped_column(sa.String(20), primary_key=True, default=new_public_id)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey(ROUND, ondelete="CASCADE"), index=True)
    reached: Mapped[Choice | None] = mapped_column(str_enum(Choice))
    better: Mapped[Choice | None] = mapped_column(str_enum(Choice))
    known: Mapped[Choice | None] = mapped_column(str_enum(Choice))
    again: Mapped[Choice | None] = mapped_column(str_enum(Choice))


class SurveyDevice(Base):
    """A device has answered in a round: a keyed hash of its cookie, until the round closes."""

    __tablename__ = "evaluation_device"

    round_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ROUND, ondelete="CASCADE"), primary_key=True
    )
    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)


class SurveyPaper(Base):
    """A number given out for a paper sheet; it is entered once. What it says stands elsewhere."""

    __tablename__ = "evaluation_paper"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey(ROUND, ondelete="CASCADE"), index=True)
    batch: Mapped[str] = mapped_column(sa.String(20), index=True)
    printed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    printed_at: Mapped[datetime]
    is_entered: Mapped[bool] = mapped_column(default=False)


class VillagerWords(Base):
    """Free words of a villager: read by the worker alone, sealed, and gone half a year after the
    round has closed. ``released_text`` is what the worker made of them for everybody.
    """

    __tablename__ = "evaluation_words"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own way to say it

    public_id: Mapped[str] = mapped_column(
        sa.String(20), primary_key=True, default=new_public_id
    )
    round_id: Mapped[int] = mapped_column(sa.ForeignKey(ROUND, ondelete="CASCADE"), index=True)
    text_sealed: Mapped[str | None] = mapped_column(sa.Text)
    released_text: Mapped[str | None] = mapped_column(sa.Text)
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    is_read: Mapped[bool] = mapped_column(default=False)
