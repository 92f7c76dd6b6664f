"""What is known of a volunteer's age, guardians' consents, and checks of who works with children.

Of adults it is only known that they have said so; of others the month of their birth stands as
ciphertext bound to ``volunteer_age.birth_sealed.<public_id>``. Name of the guardian and how to
reach them are one ciphertext bound to ``guardian_consent.private_sealed.<public_id>`` (of an ask:
``safeguard_ask.private_sealed.<public_id>``), which goes at a set time. The path of a link on its
way is bound to ``guardian_consent.link_sealed.<public_id>`` and goes once it is sent. What a check
has said has no column, and must not get one.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.files.models import StoredFile
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.volunteering.models import Activity
from exchange.volunteering.safeguarding.kinds import AskKind, ConsentState, ConsentWay
from exchange.volunteering.safeguarding.rules import state_of

STANDS = sa.text("ended_at IS NULL")


class AgeStatement(Base):
    """What a volunteer has said of their age; one of the two is set."""

    __tablename__ = "volunteer_age"
    __table_args__ = (
        sa.CheckConstraint(
            "(adult_declared_on IS NULL) != (birth_sealed IS NULL)", name="adult_or_birth"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), unique=True
    )
    adult_declared_on: Mapped[date | None]
    birth_sealed: Mapped[str | None] = mapped_column(sa.Text)
    stated_at: Mapped[datetime]


class GuardianConsent(Base):
    """A guardian agrees that somebody under 18 comes to one activity, or all, of an organisation.

    ``recorded_by`` put it on record, or had the link sent; ``consent_on`` is empty until the
    guardian has answered that. It counts until ``valid_until``, a year at most, while the volunteer
    is under 18.
    """

    __tablename__ = "guardian_consent"
    __table_args__ = (
        sa.CheckConstraint("(consent_on IS NULL) = (valid_until IS NULL)", name="given_has_an_end"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= consent_on", name="ends_after"),
        sa.Index("ix_guardian_consent_organisation_until", "organisation_id", "valid_until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    activity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="CASCADE"), index=True
    )
    way: Mapped[ConsentWay] = mapped_column(str_enum(ConsentWay))
    private_sealed: Mapped[str | None] = mapped_column(sa.Text)
    link_sealed: Mapped[str | None] = mapped_column(sa.Text)
    consent_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    refused_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reminded_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship()
    activity: Mapped[Activity | None] = relationship()
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id])
    files: Mapped[list["ConsentFile"]] = relationship(
        cascade="all, delete-orphan", order_by="ConsentFile.position"
    )

    def state(self, today: date) -> ConsentState:
        """What has become of it by today."""
        return state_of(
            given_on=self.consent_on,
            valid_until=self.valid_until,
            refused=self.refused_at is not None,
            withdrawn=self.withdrawn_at is not None,
            today=today,
        )


class ConsentFile(Base):
    """A picture of the signed form. Never public."""

    __tablename__ = "guardian_consent_file"

    consent_id: Mapped[int] = mapped_column(sa.ForeignKey("guardian_consent.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    file: Mapped[StoredFile] = relationship()


class ChildrenCheck(Base):
    """That somebody was checked for work with children, for an organisation: when, by whom.

    ``checked_by`` is the organisation that made the look-up (查询单位). One stands for each person
    and organisation; ``objected_at``: whom it is about says that it is wrong.
    """

    __tablename__ = "children_check"
    __table_args__ = (
        sa.Index(
            "uq_children_check_stands",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        sa.CheckConstraint("expires_on > checked_on", name="expires_after"),
        sa.Index("ix_children_check_organisation_expires", "organisation_id", "expires_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    checked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    checked_on: Mapped[date]
    expires_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    objected_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    checked_by: Mapped[Organisation] = relationship(foreign_keys=[checked_by_id])
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id])

    @property
    def stands(self) -> bool:
        """Whether it counts, until it expires."""
        return self.ended_at is None and self.objected_at is None


class SafeguardAsk(Base):
    """A volunteer asks an organisation to put a consent or a check on record."""

    __tablename__ = "safeguard_ask"
    __table_args__ = (sa.UniqueConstraint("person_id", "organisation_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("volunteer_activity.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[AskKind] = mapped_column(str_enum(AskKind))
    private_sealed: Mapped[str | None] = mapped_column(sa.Text)
    asked_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()
    activity: Mapped[Activity | None] = relationship()


class ChildrenWatch(Base):
    """What the coordinators of a shift with children were told already."""

    __tablename__ = "children_watch"

    shift_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_shift.id", ondelete="CASCADE"), primary_key=True
    )
    adults_told_at: Mapped[datetime | None]
    unchecked_told: Mapped[int] = mapped_column(default=0)
