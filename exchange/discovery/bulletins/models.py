"""Places that have bulletins, the issues, what stands in each, and who follows."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person, ServicePoint
from exchange.discovery.bulletins.kinds import Rhythm, State
from exchange.discovery.bulletins.rules import LONGEST_HEADLINE, Period, When
from exchange.kernel.database import Base, BigId, new_public_id, str_enum


class BulletinPlace(Base):
    """A county, a township or a service point whose bulletin comes out on its day.

    ``begins_on``: days before it do not count as missed. ``told_due_on``: the last day of which
    the supervisors were told that it was missed.
    """

    __tablename__ = "bulletin_place"
    __table_args__ = (
        sa.CheckConstraint(
            "(division_code IS NULL) <> (service_point_id IS NULL)", name="one_place"
        ),
        sa.CheckConstraint(
            "weekday BETWEEN 0 AND 6 AND month_day BETWEEN 1 AND 31 AND hour BETWEEN 0 AND 23",
            name="when_sound",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    division_code: Mapped[str | None] = mapped_column(sa.String(12), unique=True)
    service_point_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("service_point.id"), unique=True
    )
    rhythm: Mapped[Rhythm] = mapped_column(str_enum(Rhythm))
    weekday: Mapped[int] = mapped_column(sa.SmallInteger)
    month_day: Mapped[int] = mapped_column(sa.SmallInteger)
    hour: Mapped[int] = mapped_column(sa.SmallInteger)
    editor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    needs_approval: Mapped[bool] = mapped_column(default=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    begins_on: Mapped[date]
    told_due_on: Mapped[date | None]
    updated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    service_point: Mapped[ServicePoint | None] = relationship()
    editor: Mapped[Person | None] = relationship(foreign_keys=[editor_id])

    @property
    def when(self) -> When:
        """Its days."""
        return When(self.rhythm, self.weekday, self.month_day, self.hour)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The divisions whose news stand in it."""
        if self.division_code is not None:
            return (self.division_code,)
        point = self.service_point
        return tuple(sorted(one.prefix for one in point.divisions)) if point else ()


class Bulletin(Base):
    """One issue: the days it covers, what its editor says, and how far it is.

    ``figures`` holds by section what was counted at ``counted_at``: when it was composed, when its
    editor had it counted again, and when it came out.
    """

    __tablename__ = "bulletin"
    __table_args__ = (
        sa.UniqueConstraint("bulletin_place_id", "due_on"),
        sa.Index("ix_bulletin_state_published", "state", "published_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    bulletin_place_id: Mapped[int] = mapped_column(sa.ForeignKey("bulletin_place.id"))
    due_on: Mapped[date]
    from_on: Mapped[date]
    to_on: Mapped[date]
    state: Mapped[State] = mapped_column(str_enum(State))
    headline_zh: Mapped[str] = mapped_column(sa.String(LONGEST_HEADLINE), default="")
    headline_en: Mapped[str] = mapped_column(sa.String(LONGEST_HEADLINE), default="")
    introduction_zh: Mapped[str] = mapped_column(sa.Text, default="")
    introduction_en: Mapped[str] = mapped_column(sa.Text, default="")
    figures: Mapped[dict[str, Any]]
    edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_back_at: Mapped[datetime | None]
    sent_back_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    dropped_at: Mapped[datetime | None]
    dropped_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    composed_at: Mapped[datetime]
    counted_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    place: Mapped[BulletinPlace] = relationship()
    items: Mapped[list["BulletinItem"]] = relationship(
        back_populates="bulletin", order_by="BulletinItem.position, BulletinItem.number"
    )
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    sent_back_by: Mapped[Person | None] = relationship(foreign_keys=[sent_back_by_id])
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id])

    @property
    def period(self) -> Period:
        """The days that it covers."""
        return Period(self.from_on, self.to_on)


class BulletinItem(Base):
    """Something that stands in an issue: what it is, and what was counted of it.

    Its words are read anew whenever it is shown. ``number`` is its name within the issue.
    """

    __tablename__ = "bulletin_item"
    __table_args__ = (sa.UniqueConstraint("bulletin_id", "section", "subject_id"),)

    bulletin_id: Mapped[int] = mapped_column(
        sa.ForeignKey("bulletin.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    section: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    is_new: Mapped[bool]
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    is_left_out: Mapped[bool] = mapped_column(default=False)
    counted: Mapped[dict[str, Any]]

    bulletin: Mapped[Bulletin] = relationship(back_populates="items")


class BulletinFollower(Base):
    """Somebody who is told when an issue of a place comes out."""

    __tablename__ = "bulletin_follower"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    bulletin_place_id: Mapped[int] = mapped_column(
        sa.ForeignKey("bulletin_place.id"), primary_key=True, autoincrement=False, index=True
    )
    followed_at: Mapped[datetime]
