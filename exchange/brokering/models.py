"""Matches, what each side says, what is committed and delivered, and everything that happened.

One pair has at most one live match; a partial unique index says so to every database.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person, ServicePoint
from exchange.brokering.deeds.kinds import Period
from exchange.brokering.kinds import (
    LIVE_STATES,
    Answer,
    CheckKind,
    CloseReason,
    DismissReason,
    MatchState,
    PostponeReason,
    ProxyConsent,
)
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.kinds import Side
from exchange.listings.models import Listing

# A step of the timeline that only brokers read: how somebody consented to what a proxy does.
CONSENT_CODE = "proxy_consent"
PROXIED = sa.text(f"code = '{CONSENT_CODE}'")
LIVE = sa.text("state IN ({})".format(", ".join(f"'{state.value}'" for state in LIVE_STATES)))


class Match(Base):
    """A pair that a social worker has taken up, with its whole life.

    When a proposal lapses, and when whoever has not answered is reminded, is set as it is made:
    what both sides were told stands, whatever the centre sets later.
    ``postponed_until`` is the day on which whoever brokers it looks at it again.
    """

    __tablename__ = "match"
    __table_args__ = (
        sa.Index(
            "uq_match_live_pair",
            "need_id",
            "offer_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_match_broker_state", "broker_id", "state"),
        sa.Index("ix_match_need_id", "need_id"),
        sa.Index("ix_match_offer_id", "offer_id"),
        sa.Index("ix_match_state_proposed", "state", "proposed_at"),
        sa.Index("ix_match_state_lapses_at", "state", "lapses_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"))
    state: Mapped[MatchState] = mapped_column(str_enum(MatchState))
    broker_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    service_point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_point.id"))
    score: Mapped[float | None]
    message: Mapped[str] = mapped_column(sa.Text, default="")
    dismiss_reason: Mapped[DismissReason | None] = mapped_column(str_enum(DismissReason))
    close_reason: Mapped[CloseReason | None] = mapped_column(str_enum(CloseReason))
    close_note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    lapses_at: Mapped[datetime | None]
    introduced_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    postponed_until: Mapped[date | None]
    postpone_reason: Mapped[PostponeReason | None] = mapped_column(str_enum(PostponeReason))
    postpone_note: Mapped[str | None] = mapped_column(sa.Text)
    updated_at: Mapped[datetime]

    need: Mapped[Listing] = relationship(foreign_keys=[need_id])
    offer: Mapped[Listing] = relationship(foreign_keys=[offer_id])
    broker: Mapped[Person] = relationship(foreign_keys=[broker_id])
    service_point: Mapped[ServicePoint | None] = relationship()
    sides: Mapped[list["MatchSide"]] = relationship(
        back_populates="match", cascade="all, delete-orphan", order_by="MatchSide.side"
    )
    commitments: Mapped[list["Commitment"]] = relationship(
        back_populates="match", cascade="all, delete-orphan", order_by="Commitment.id"
    )
    outcome: Mapped["Outcome | None"] = relationship(back_populates="match")
    check: Mapped["MatchCheck | None"] = relationship(back_populates="match")

    def listing_of(self, side: Side) -> Listing:
        """The listing on a side."""
        return self.need if side is Side.NEED else self.offer

    def side(self, side: Side) -> "MatchSide":
        """What one side says."""
        return next(item for item in self.sides if item.side is side)


class MatchSide(Base):
    """One side of a match and its answer. A proxy's answer says how consent was given."""

    __tablename__ = "match_side"

    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(str_enum(Side), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    answer: Mapped[Answer] = mapped_column(str_enum(Answer), default=Answer.PENDING)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    decline_reason: Mapped[CloseReason | None] = mapped_column(str_enum(CloseReason))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    proxy_consent: Mapped[ProxyConsent | None] = mapped_column(str_enum(ProxyConsent))
    proxy_note: Mapped[str] = mapped_column(sa.Text, default="")
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    contact_withdrawn_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship(back_populates="sides")
    organisation: Mapped[Organisation] = relationship()
    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id])


class MatchCheck(Base):
    """That those who come to people who need protection were checked: by what, when, by whom.

    ``seen_on`` is the day on which the paper was looked at or the query was made.
    """

    __tablename__ = "match_check"

    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), primary_key=True)
    kind: Mapped[CheckKind] = mapped_column(str_enum(CheckKind))
    seen_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    match: Mapped[Match] = relationship(back_populates="check")


class Commitment(Base):
    """What a match reserves (约定): taken in the offer's unit, covers in the need's; milli.

    ``sent_key`` names what was sent, so that sent twice it is agreed once.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        sa.CheckConstraint("taken_milli > 0 AND covers_milli > 0", name="amounts_positive"),
        sa.CheckConstraint(
            "delivered_milli >= 0 AND delivered_milli <= taken_milli", name="delivered_within_taken"
        ),
        sa.UniqueConstraint("match_id", "sent_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), index=True)
    taken_milli: Mapped[int] = mapped_column(sa.BigInteger)
    covers_milli: Mapped[int] = mapped_column(sa.BigInteger)
    delivered_milli: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    due_on: Mapped[date | None]
    released_at: Mapped[datetime | None]
    sent_key: Mapped[str | None] = mapped_column(sa.String(40))

    match: Mapped[Match] = relationship(back_populates="commitments")


class Outcome(Base):
    """What was really delivered and to how many (成效); both sides confirm it.

    ``delivered_milli`` is in the need's unit, or in ``unit`` where the need has none. Effects are
    in fen: what people earn more, and what they spend less, within the period.
    """

    __tablename__ = "outcome"

    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)
    delivered_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    people: Mapped[int]
    income_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    income_period: Mapped[Period | None] = mapped_column(str_enum(Period))
    saved_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    saved_period: Mapped[Period | None] = mapped_column(str_enum(Period))
    lessons: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    need_confirmed_at: Mapped[datetime | None]
    need_confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    offer_confirmed_at: Mapped[datetime | None]
    offer_confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    evaluation: Mapped[str] = mapped_column(sa.Text, default="")

    match: Mapped[Match] = relationship(back_populates="outcome")


class TimelineEntry(Base):
    """One step on a match's timeline: who, when, what. Internal entries are the brokers' own."""

    __tablename__ = "match_timeline"
    __table_args__ = (
        sa.Index(
            "ix_match_timeline_proxied", "at", sqlite_where=PROXIED, postgresql_where=PROXIED
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), index=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    params: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    is_internal: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person | None] = relationship()


class ContactReveal(Base):
    """Somebody was shown somebody's contact data in a match: first, last, and how often.

    ``as_side`` is the side for which they looked; None for whoever brokers.
    """

    __tablename__ = "contact_reveal"
    __table_args__ = (sa.UniqueConstraint("match_id", "shown_to_id", "contact_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"))
    shown_to_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    as_side: Mapped[Side | None] = mapped_column(str_enum(Side))
    at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]

    match: Mapped[Match] = relationship()
    shown_to: Mapped[Person] = relationship(foreign_keys=[shown_to_id])
