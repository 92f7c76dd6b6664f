"""The book of a project: who keeps it, what is proposed, what is booked, and the documents.

An entry is never changed or deleted. Its columns tie it to the entry before it, in the project by
number and in its account by number and balance, and the database holds the ties: no number is
missing and every balance follows from the one before. Amounts are fen, or thousandths of the unit.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.files.models import StoredFile
from exchange.files.rules import PictureStatement
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.projects.ledger.guarding import BOOKED
from exchange.projects.ledger.kinds import (
    AccountKind,
    CopyKind,
    Counterparty,
    EntryKind,
    LedgerRole,
    RequestState,
)
from exchange.projects.ledger.rules import (
    LONGEST_GOODS,
    LONGEST_KEY,
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    LONGEST_UNIT,
    Line,
)
from exchange.projects.models import LONGEST_TITLE, Project


class Ledger(Base):
    """What holds for the book of a project; its row is what whoever books locks.

    ``two_person_fen``: above it two people are needed; 0 always, None as the site sets it.
    What is above the site's own sum counts as that.
    """

    __tablename__ = "project_ledger"
    __table_args__ = (
        sa.CheckConstraint("two_person_fen IS NULL OR two_person_fen >= 0", name="limit"),
    )

    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    two_person_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    version: Mapped[int] = mapped_column(default=1)


class RoleHolder(Base):
    """Who records or approves for a project, from when until when."""

    __tablename__ = "project_ledger_role"
    __table_args__ = (
        sa.Index(
            "uq_project_ledger_role_open", "project_id", "person_id", "role", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[LedgerRole] = mapped_column(str_enum(LedgerRole))
    named_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Account(Base):
    """What is counted together: the money of a project, or one kind of goods in one unit."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        sa.UniqueConstraint("project_id", "kind", "name", "unit"),
        sa.UniqueConstraint("project_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"))
    kind: Mapped[AccountKind] = mapped_column(str_enum(AccountKind))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_GOODS), default="")
    unit: Mapped[str] = mapped_column(sa.String(LONGEST_UNIT))
    opened_at: Mapped[datetime]


class EntryRequest(Base):
    """What a treasurer recorded, until it is booked, refused or withdrawn; and its documents.

    The name of a private person is a ciphertext bound to ``ledger_request.private.<public_id>``.
    ``sent_key`` names what was sent, so that sent twice it is recorded once. ``corrects_number`` is
    the number of the entry that it takes back.
    """

    __tablename__ = "ledger_request"
    __table_args__ = (
        sa.UniqueConstraint("project_id", "sent_key"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id OR state = 'withdrawn'",
            name="second_person",
        ),
        sa.Index("ix_ledger_request_waiting", "project_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_account.id"), index=True)
    state: Mapped[RequestState] = mapped_column(str_enum(RequestState))
    kind: Mapped[EntryKind] = mapped_column(str_enum(EntryKind))
    sign: Mapped[int] = mapped_column(sa.SmallInteger)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    corrects_number: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(sa.String(LONGEST_PURPOSE))
    budget_key: Mapped[str] = mapped_column(sa.String(20), default="")
    budget_name: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE), default="")
    counterparty: Mapped[Counterparty] = mapped_column(str_enum(Counterparty))
    counterparty_name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME), default="")
    counterparty_organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id")
    )
    private_sealed: Mapped[str | None] = mapped_column(sa.Text)
    happened_on: Mapped[date]
    no_document_reason: Mapped[str] = mapped_column(sa.Text, default="")
    no_public_reason: Mapped[str] = mapped_column(sa.Text, default="")
    needs_second: Mapped[bool]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    sent_key: Mapped[str] = mapped_column(sa.String(LONGEST_KEY))
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def place(self) -> str:
        """Where the private name is bound to."""
        return f"ledger_request.private.{self.public_id}"


class Entry(Base):
    """One booked receipt, payment or counter-entry."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        # In the project: 1, 2, 3 … without a gap.
        sa.UniqueConstraint("project_id", "number"),
        sa.CheckConstraint(
            "(number = 1 AND previous_number IS NULL)"
            " OR (number > 1 AND previous_number IS NOT NULL AND previous_number = number - 1)",
            name="numbers",
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "previous_number"],
            ["ledger_entry.project_id", "ledger_entry.number"],
            name="fk_ledger_entry_previous_number",
        ),
        # In the account: each balance follows from the one before.
        sa.UniqueConstraint("account_id", "account_number"),
        sa.UniqueConstraint("account_id", "account_number", "balance_after"),
        sa.CheckConstraint(
            "(account_number = 1 AND previous_in_account IS NULL AND balance_before = 0)"
            " OR (account_number > 1 AND previous_in_account IS NOT NULL"
            " AND previous_in_account = account_number - 1)",
            name="account_numbers",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "previous_in_account", "balance_before"],
            [
                "ledger_entry.account_id",
                "ledger_entry.account_number",
                "ledger_entry.balance_after",
            ],
            name="fk_ledger_entry_previous_balance",
        ),
        sa.CheckConstraint("balance_after = balance_before + sign * amount", name="sum"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("balance_after >= 0", name="not_below_zero"),
        sa.CheckConstraint(
            "(kind = 'receipt' AND sign = 1) OR (kind = 'payment' AND sign = -1)"
            " OR (kind = 'counter' AND sign IN (1, -1))",
            name="direction",
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "account_id"], ["ledger_account.project_id", "ledger_account.id"],
            name="fk_ledger_entry_account",
        ),
        # A counter-entry takes back one whole entry of the same account, once.
        sa.UniqueConstraint("corrects_id"),
        sa.UniqueConstraint("id", "account_id", "amount", "sign"),
        sa.CheckConstraint(
            "(kind = 'counter' AND corrects_id IS NOT NULL AND corrects_sign IS NOT NULL"
            " AND corrects_sign = -sign)"
            " OR (kind <> 'counter' AND corrects_id IS NULL AND corrects_sign IS NULL)",
            name="counter",
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id", "account_id", "amount", "corrects_sign"],
            ["ledger_entry.id", "ledger_entry.account_id", "ledger_entry.amount",
             "ledger_entry.sign"],
            name="fk_ledger_entry_corrects",
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> recorded_by_id", name="second_person"
        ),
        sa.Index("ix_ledger_entry_booked_on", "project_id", "booked_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"))
    number: Mapped[int]
    previous_number: Mapped[int | None]
    account_id: Mapped[int] = mapped_column(BigId)
    account_number: Mapped[int]
    previous_in_account: Mapped[int | None]
    kind: Mapped[EntryKind] = mapped_column(str_enum(EntryKind))
    sign: Mapped[int] = mapped_column(sa.SmallInteger)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    balance_before: Mapped[int] = mapped_column(sa.BigInteger)
    balance_after: Mapped[int] = mapped_column(sa.BigInteger)
    corrects_id: Mapped[int | None] = mapped_column(BigId)
    corrects_sign: Mapped[int | None] = mapped_column(sa.SmallInteger)
    purpose: Mapped[str] = mapped_column(sa.String(LONGEST_PURPOSE))
    budget_key: Mapped[str] = mapped_column(sa.String(20), default="")
    budget_name: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE), default="")
    counterparty: Mapped[Counterparty] = mapped_column(str_enum(Counterparty))
    counterparty_name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME), default="")
    happened_on: Mapped[date]
    booked_on: Mapped[date]
    booked_at: Mapped[datetime]
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_request.id"), unique=True)
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    account: Mapped[Account] = relationship(
        primaryjoin="foreign(Entry.account_id) == Account.id", viewonly=True
    )
    request: Mapped[EntryRequest] = relationship(foreign_keys=[request_id])
    corrects: Mapped["Entry | None"] = relationship(
        primaryjoin="foreign(Entry.corrects_id) == remote(Entry.id)", viewonly=True
    )
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])

    def line(self, corrects: int | None) -> Line:
        """As the rules see it."""
        return Line(
            self.number, self.account_id, self.account_number, self.sign, self.amount,
            self.balance_before, self.balance_after, corrects,
        )  # fmt: skip


class DocumentCopy(Base):
    """A document of an entry, or a copy of it for the public; a public one can be taken back."""

    __tablename__ = "ledger_document"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_request.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    kind: Mapped[CopyKind] = mapped_column(str_enum(CopyKind))
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    # Of a public copy: what was said about children on it; nothing before this was asked.
    statement: Mapped[PictureStatement | None] = mapped_column(str_enum(PictureStatement))

    file: Mapped[StoredFile] = relationship()
    request: Mapped[EntryRequest] = relationship()


class DocumentLook(Base):
    """Somebody looked at the documents of an entry: first, last, and how often."""

    __tablename__ = "ledger_look"

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_request.id"), primary_key=True)
    shown_to_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]

    shown_to: Mapped[Person] = relationship()


class Appeal(Base):
    """A link to a charity's filed campaign. The exchange itself collects nothing."""

    __tablename__ = "project_appeal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(sa.String(30))
    link: Mapped[str] = mapped_column(sa.String(LONGEST_LINK))
    linked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship()
    organisation: Mapped[Organisation] = relationship()


BOOKED.guard(Account.__table__)
BOOKED.guard(Entry.__table__)
