"""Deliveries, changes of what is agreed, messages, files and follow-up of a match."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.brokering.deeds.kinds import (
    Again,
    AgainReason,
    ChangeState,
    DeliveryState,
    FollowUpKind,
    FollowUpState,
    Thread,
)
from exchange.brokering.deeds.rules import DeliveryWords, delivery_state
from exchange.brokering.kinds import Answer, ProxyConsent
from exchange.brokering.models import Commitment
from exchange.files.models import StoredFile
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.kinds import Side

OPEN_CHANGE = sa.text(f"state = '{ChangeState.OPEN.value}'")


class Delivery(Base):
    """A delivery note: how much of a commitment came, when, and who says so; amounts in milli.

    ``milli`` counts in the commitment's ``delivered_milli`` unless it is struck out. ``sent_key``
    names what was sent, so that the same person records it once.
    """

    __tablename__ = "match_delivery"
    __table_args__ = (
        sa.CheckConstraint("milli > 0", name="amount_positive"),
        sa.UniqueConstraint("commitment_id", "recorded_by_id", "sent_key"),
        sa.Index("ix_match_delivery_unconfirmed", "received_at", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), index=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    milli: Mapped[int] = mapped_column(sa.BigInteger)
    arrived_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    receiver: Mapped[Side] = mapped_column(str_enum(Side))
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[datetime | None]
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proxy_consent: Mapped[ProxyConsent | None] = mapped_column(str_enum(ProxyConsent))
    proxy_note: Mapped[str] = mapped_column(sa.Text, default="")
    disputed_at: Mapped[datetime | None]
    disputed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    dispute_note: Mapped[str] = mapped_column(sa.Text, default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    struck_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    sent_key: Mapped[str | None] = mapped_column(sa.String(40))

    commitment: Mapped[Commitment] = relationship()
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    files: Mapped[list["MatchFile"]] = relationship(order_by="MatchFile.id")

    def said_at(self, side: Side) -> datetime | None:
        """When a side confirmed it."""
        return self.received_at if side is self.receiver else self.given_at

    def said_by(self, side: Side) -> int | None:
        """Who confirmed it for a side, by id."""
        return self.received_by_id if side is self.receiver else self.given_by_id

    @property
    def is_disputed(self) -> bool:
        """Whether a side has contradicted and nobody has settled it yet."""
        return self.disputed_at is not None and self.settled_at is None

    @property
    def is_undecided(self) -> bool:
        """Whether neither the receiving side nor a decision says that it has come, or not."""
        if self.state is DeliveryState.DISPUTED:
            return True
        return self.state is DeliveryState.RECORDED and self.settled_at is None

    @property
    def state(self) -> DeliveryState:
        """How far it is."""
        return delivery_state(self.words)

    @property
    def words(self) -> DeliveryWords:
        """What has been said about it, as values."""
        return DeliveryWords(
            is_received=self.received_at is not None,
            is_disputed=self.is_disputed,
            is_struck=self.struck_at is not None,
            is_given=self.given_at is not None,
        )


class CommitmentChange(Base):
    """A proposal that what is agreed be another amount or come on another day; both must agree.

    The former values stay here and on the timeline. ``drops_rest``: what has not come is let go.
    """

    __tablename__ = "commitment_change"
    __table_args__ = (
        sa.Index(
            "uq_commitment_change_open",
            "commitment_id",
            unique=True,
            sqlite_where=OPEN_CHANGE,
            postgresql_where=OPEN_CHANGE,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), index=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    state: Mapped[ChangeState] = mapped_column(str_enum(ChangeState))
    drops_rest: Mapped[bool]
    taken_milli: Mapped[int] = mapped_column(sa.BigInteger)
    covers_milli: Mapped[int] = mapped_column(sa.BigInteger)
    due_on: Mapped[date | None]
    former_taken_milli: Mapped[int] = mapped_column(sa.BigInteger)
    former_covers_milli: Mapped[int] = mapped_column(sa.BigInteger)
    former_due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    need_answer: Mapped[Answer] = mapped_column(str_enum(Answer))
    need_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    offer_answer: Mapped[Answer] = mapped_column(str_enum(Answer))
    offer_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proxy_consent: Mapped[ProxyConsent | None] = mapped_column(str_enum(ProxyConsent))
    proxy_note: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None]

    commitment: Mapped[Commitment] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])

    def answer_of(self, side: Side) -> Answer:
        """What a side has said to it."""
        return self.need_answer if side is Side.NEED else self.offer_answer

    def said_by(self, side: Side) -> int | None:
        """Who has answered for a side, by id."""
        return self.need_by_id if side is Side.NEED else self.offer_by_id

    def take_answer(self, side: Side, answer: Answer, person_id: int | None) -> None:
        """Keep what a side says."""
        if side is Side.NEED:
            self.need_answer, self.need_by_id = answer, person_id
        else:
            self.offer_answer, self.offer_by_id = answer, person_id


class MatchMessage(Base):
    """Words in a thread of a match; ``side`` is that of who wrote them, None for its brokers."""

    __tablename__ = "match_message"
    __table_args__ = (sa.Index("ix_match_message_thread", "match_id", "thread", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"))
    thread: Mapped[Thread] = mapped_column(str_enum(Thread))
    side: Mapped[Side | None] = mapped_column(str_enum(Side))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class MatchFile(Base):
    """A picture or PDF with a match: of a delivery, for all who see the match, or the brokers' own.

    ``file_name`` is what a PDF is called; pictures have none.
    """

    __tablename__ = "match_file"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), index=True)
    delivery_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match_delivery.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    is_internal: Mapped[bool]
    caption: Mapped[str] = mapped_column(sa.String(200), default="")
    file_name: Mapped[str] = mapped_column(sa.String(100), default="")
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
    added_by: Mapped[Person] = relationship()


class FollowUp(Base):
    """A day on which a completed match is looked at again."""

    __tablename__ = "match_follow_up"
    __table_args__ = (
        sa.UniqueConstraint("match_id", "kind"),
        sa.Index("ix_match_follow_up_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"))
    kind: Mapped[FollowUpKind] = mapped_column(str_enum(FollowUpKind))
    due_on: Mapped[date]
    state: Mapped[FollowUpState] = mapped_column(str_enum(FollowUpState))
    told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")


class Feedback(Base):
    """What a side is asked after completion, and what it said. Nothing else of people is kept."""

    __tablename__ = "match_feedback"

    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(str_enum(Side), primary_key=True)
    asked_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    helped: Mapped[int | None]
    again: Mapped[Again | None] = mapped_column(str_enum(Again))
    again_reason: Mapped[AgainReason | None] = mapped_column(str_enum(AgainReason))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    proxy_consent: Mapped[ProxyConsent | None] = mapped_column(str_enum(ProxyConsent))
    proxy_note: Mapped[str] = mapped_column(sa.Text, default="")
