"""People, organisations, service points, memberships, verification."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.kinds import (
    CodePurpose,
    MembershipState,
    OrganisationKind,
    PointLevel,
    Verification,
)
from exchange.kernel.actor import Duty, Role
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.web.left_names import NameText


class Person(Base):
    """Somebody who signs in, or whom a station has entered.

    Phone and e-mail are ciphertexts bound to ``person.phone.<public_id>`` and
    ``person.email.<public_id>``; the hashes are keyed and serve to look them up.
    ``session_epoch`` grows with every change of password and ends older sessions. Who has closed
    their account keeps the row, with nothing that says who they were.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(NameText(80))
    phone_sealed: Mapped[str | None] = mapped_column(sa.Text)
    phone_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    phone_confirmed_at: Mapped[datetime | None]
    phone_vouched_at: Mapped[datetime | None]
    phone_vouched_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    email_sealed: Mapped[str | None] = mapped_column(sa.Text)
    email_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    session_epoch: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(sa.String(5), default="zh")
    is_operator: Mapped[bool] = mapped_column(default=False)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    acting_organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person", foreign_keys="Membership.person_id"
    )
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="person")

    @property
    def phone_ok(self) -> bool:
        """Whether the phone counts: confirmed by a code, or vouched for by a station."""
        return self.phone_confirmed_at is not None or self.phone_vouched_at is not None


class Organisation(Base):
    """An owner of listings. Every person has one of kind individual_volunteer of their own.

    A credit code is unique among those that are verified: others have only written it down.
    ``verified_until`` is the last day of its verification; stations that a centre has opened have
    none. Who is suspended keeps ``verified_at`` while what was verified still holds.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        sa.Index(
            "uq_organisation_verified_credit_code",
            "credit_code",
            unique=True,
            sqlite_where=sa.text("verification = 'verified'"),
            postgresql_where=sa.text("verification = 'verified'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    external_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(str_enum(OrganisationKind))
    name_zh: Mapped[str] = mapped_column(NameText(120))
    name_en: Mapped[str] = mapped_column(sa.String(160), default="")
    division_code: Mapped[str] = mapped_column(sa.String(12), index=True)
    profile: Mapped[str] = mapped_column(sa.Text, default="")
    credit_code: Mapped[str | None] = mapped_column(sa.String(18))
    verification: Mapped[Verification] = mapped_column(
        str_enum(Verification), default=Verification.UNVERIFIED
    )
    verified_at: Mapped[datetime | None]
    verified_until: Mapped[date | None] = mapped_column(index=True)
    licence_number: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    licence_until: Mapped[date | None]
    renewal_told_days: Mapped[int | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")

    @property
    def is_verified(self) -> bool:
        """Verified and in good standing."""
        return self.verification is Verification.VERIFIED


class Membership(Base):
    """A person in an organisation, with a role within it."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(str_enum(Role))
    state: Mapped[MembershipState] = mapped_column(str_enum(MembershipState))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class ServicePoint(Base):
    """A place where social workers serve: village room, township station or county centre."""

    __tablename__ = "service_point"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    level: Mapped[PointLevel] = mapped_column(str_enum(PointLevel))
    name_zh: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(160), default="")
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_point.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    divisions: Mapped[list["ServicePointDivision"]] = relationship(
        back_populates="service_point", cascade="all, delete-orphan"
    )
    organisation: Mapped[Organisation | None] = relationship()


class ServicePointDivision(Base):
    """A division (with everything in it) that a service point serves."""

    __tablename__ = "service_point_division"

    service_point_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_point.id"), primary_key=True
    )
    prefix: Mapped[str] = mapped_column(sa.String(12), primary_key=True, index=True)

    service_point: Mapped[ServicePoint] = relationship(back_populates="divisions")


class Assignment(Base):
    """A person's duty at a service point, on behalf of an agency."""

    __tablename__ = "assignment"
    __table_args__ = (sa.Index("ix_assignment_person_open", "person_id", "ended_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    service_point_id: Mapped[int] = mapped_column(sa.ForeignKey("service_point.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    duty: Mapped[Duty] = mapped_column(str_enum(Duty))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="assignments")
    service_point: Mapped[ServicePoint] = relationship()


class VerificationRequest(Base):
    """An organisation asks to be verified; a station or centre decides with a reason.

    ``more_asked_at`` says that it waits for the organisation, ``claimed_by`` who looks at it.
    """

    __tablename__ = "verification_request"
    __table_args__ = (
        sa.Index(
            "uq_verification_request_open",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    evidence: Mapped[str] = mapped_column(sa.Text)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    renewal: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    licence_number: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    licence_until: Mapped[date | None]
    claimed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    more_asked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    organisation: Mapped[Organisation] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    claimed_by: Mapped[Person | None] = relationship(foreign_keys=[claimed_by_id])


class Invitation(Base):
    """An organisation invites whoever holds an address; the person need not be known yet.

    It stands under the keyed hash of the address alone, so that inviting tells nobody who has an
    account. ``masked`` is what the inviting manager may read.
    """

    __tablename__ = "invitation"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "address_hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    address_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    masked: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[Role] = mapped_column(str_enum(Role))
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


class OneTimeCode(Base):
    """A code on its way to a phone or e-mail address: few tries, short life.

    Checked through a keyed hash. The clear code and the address stand only as ciphertexts bound
    to ``one_time_code.code.<public_id>`` and ``one_time_code.address.<public_id>``, for the job
    that sends it; the code's ciphertext goes once it has been sent or used.
    """

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    purpose: Mapped[CodePurpose] = mapped_column(str_enum(CodePurpose))
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    address_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    address_sealed: Mapped[str] = mapped_column(sa.Text)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    code_sealed: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
