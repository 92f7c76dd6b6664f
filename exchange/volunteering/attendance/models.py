"""Marks, hours, volunteers' numbers and certificates.

Marks and hours are only ever added: a later row counts, the earlier ones stay to be read.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.volunteering.attendance.certificate_rules import LONGEST_REASON
from exchange.volunteering.attendance.hours_rules import LONGEST_NOTE, MOST_MINUTES
from exchange.volunteering.attendance.kinds import Basis, MarkKind, Step, Way
from exchange.volunteering.models import Activity, Shift

VALID = sa.text("revoked_at IS NULL")


class AttendanceMark(Base):
    """Somebody came, left or did not come. ``at`` is when it was so, by the clock of the site.

    ``client_id`` is the name that a phone gave to the tick: it counts once, however often it is
    sent.
    """

    __tablename__ = "volunteer_mark"
    __table_args__ = (
        sa.UniqueConstraint("shift_id", "client_id"),
        sa.Index("ix_volunteer_mark_shift_person", "shift_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer_shift.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(str_enum(MarkKind))
    way: Mapped[Way] = mapped_column(str_enum(Way))
    at: Mapped[datetime]
    client_id: Mapped[str | None] = mapped_column(sa.String(60))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id])


class HoursStep(Base):
    """One step in the life of somebody's hours in a shift. The row with the highest number counts.

    ``minutes`` are minutes of service; ``travel_minutes`` stand beside them and count nowhere.
    """

    __tablename__ = "volunteer_hours"
    __table_args__ = (
        sa.UniqueConstraint("shift_id", "person_id", "number"),
        sa.CheckConstraint(f"minutes >= 0 AND minutes <= {MOST_MINUTES}", name="minutes_of_a_day"),
        sa.CheckConstraint(
            f"travel_minutes >= 0 AND travel_minutes <= {MOST_MINUTES}", name="travel_of_a_day"
        ),
        sa.Index("ix_volunteer_hours_organisation_step", "organisation_id", "step"),
        sa.Index("ix_volunteer_hours_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer_shift.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    number: Mapped[int]
    step: Mapped[Step] = mapped_column(str_enum(Step))
    minutes: Mapped[int]
    travel_minutes: Mapped[int] = mapped_column(default=0)
    basis: Mapped[Basis] = mapped_column(str_enum(Basis))
    note: Mapped[str] = mapped_column(sa.String(LONGEST_NOTE), default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    shift: Mapped[Shift] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    made_by: Mapped[Person | None] = relationship(foreign_keys=[made_by_id])


class VolunteerNumber(Base):
    """A volunteer's number in the national system, bound to
    ``volunteer_number.number_sealed.<public_id>``.
    """

    __tablename__ = "volunteer_number"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), unique=True
    )
    number_sealed: Mapped[str] = mapped_column(sa.Text)
    given_at: Mapped[datetime]


class Certificate(Base):
    """What an organisation certifies: names, days and minutes as they were when it was made.

    ``activity_id`` is set where it is about one activity alone. ``fingerprint`` is the same for the
    same content: there is one valid certificate of it. ``entries`` holds ``lines`` of day, title
    and minutes.
    """

    __tablename__ = "volunteer_certificate"
    __table_args__ = (
        sa.Index(
            "uq_volunteer_certificate_valid",
            "fingerprint",
            unique=True,
            sqlite_where=VALID,
            postgresql_where=VALID,
        ),
        sa.CheckConstraint("minutes > 0", name="minutes_positive"),
        sa.CheckConstraint("to_day >= from_day", name="days_in_order"),
        sa.Index("ix_volunteer_certificate_organisation_person", "organisation_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("volunteer_activity.id"), index=True
    )
    organisation_name: Mapped[str] = mapped_column(sa.String(160))
    name: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    from_day: Mapped[date]
    to_day: Mapped[date]
    minutes: Mapped[int]
    entries: Mapped[dict[str, Any]]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    revoke_reason: Mapped[str] = mapped_column(sa.String(LONGEST_REASON), default="")
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("volunteer_certificate.id"))

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    activity: Mapped[Activity | None] = relationship()

    @property
    def is_valid(self) -> bool:
        """Whether it still holds."""
        return self.revoked_at is None
