"""Reading the book of a project."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from exchange.kernel.errors import NotFound
from exchange.projects.ledger.kinds import AccountKind, CopyKind, EntryKind, RequestState
from exchange.projects.ledger.models import (
    Account,
    Appeal,
    DocumentCopy,
    DocumentLook,
    Entry,
    EntryRequest,
    Ledger,
    RoleHolder,
)
from exchange.projects.ledger.rules import Tip

PAGE = 20
CHUNK = 500
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Balance:
    """An account with what is in it."""

    account: Account
    balance: int
    entries: int


@dataclass(frozen=True)
class Sum:
    """What entries of one kind and direction come to, for a line of the budget ("" for none)."""

    account_id: int
    kind: EntryKind
    sign: int
    budget_key: str
    budget_name: str
    amount: int


def ledger_of(session: Session, project_id: int) -> Ledger | None:
    """What was set for the book; None where nothing was."""
    return session.get(Ledger, project_id)


def holders_of(session: Session, project_id: int) -> Sequence[RoleHolder]:
    """Who is in office, with their names, the first named first."""
    query = (
        sa.select(RoleHolder)
        .where(RoleHolder.project_id == project_id, RoleHolder.ended_at.is_(None))
        .options(joinedload(RoleHolder.person, innerjoin=True))
        .order_by(RoleHolder.id)
    )
    return session.scalars(query).all()


def balances_of(session: Session, project_id: int) -> list[Balance]:
    """Every account that has an entry, money first, with its balance: two columns of a row each."""
    last = (
        sa.select(Entry.account_id, sa.func.max(Entry.account_number).label("number"))
        .where(Entry.project_id == project_id)
        .group_by(Entry.account_id)
        .subquery()
    )
    query = (
        sa.select(Account, Entry.balance_after, Entry.account_number)
        .join(Entry, Entry.account_id == Account.id)
        .join(
            last,
            sa.and_(
                last.c.account_id == Entry.account_id, last.c.number == Entry.account_number
            ),
        )
        .order_by(Account.kind == AccountKind.GOODS, Account.id)
    )
    return [Balance(*row) for row in session.execute(query)]


def has_entries(session: Session, project_id: int) -> bool:
    """Whether anything was booked."""
    query = sa.select(Entry.id).where(Entry.project_id == project_id)
    return session.scalar(query.limit(1)) is not None


def accounts_of(session: Session, project_id: int) -> Sequence[Account]:
    """Every account, also those in which nothing is booked yet."""
    query = sa.select(Account).where(Account.project_id == project_id).order_by(Account.id)
    return session.scalars(query).all()


def tip_of(session: Session, project_id: int, account_id: int) -> Tip:
    """Where the book ends. Whoever books holds the lock of the ledger."""
    numbers = sa.select(sa.func.max(Entry.number)).where(Entry.project_id == project_id)
    last = (
        sa.select(Entry.account_number, Entry.balance_after)
        .where(Entry.account_id == account_id)
        .order_by(Entry.account_number.desc())
        .limit(1)
    )
    number, row = session.scalar(numbers), session.execute(last).first()
    return Tip(number or 0, *(row or (0, 0)))


def _loaded() -> tuple[ORMOption, ...]:
    return (
        joinedload(Entry.account, innerjoin=True),
        joinedload(Entry.request, innerjoin=True),
        joinedload(Entry.recorded_by, innerjoin=True),
        joinedload(Entry.approved_by),
        joinedload(Entry.corrects),
    )


def entries_page(
    session: Session, project_id: int, before: int | None = None, limit: int = PAGE
) -> tuple[list[Entry], int | None]:
    """Entries, the newest first, below a number; and where the next page begins, if there is one.
    """
    query = sa.select(Entry).where(Entry.project_id == project_id)
    if before is not None:
        query = query.where(Entry.number < min(before, LARGEST_NUMBER))
    ordered = query.order_by(Entry.number.desc()).options(*_loaded()).limit(limit + 1)
    found = list(session.scalars(ordered))
    more = found[limit - 1].number if len(found) > limit else None
    return found[:limit], more


def every_entry(session: Session, project_id: int) -> Iterator[Entry]:
    """All entries in their order, read in chunks."""
    after = 0
    while True:
        query = (
            sa.select(Entry)
            .where(Entry.project_id == project_id, Entry.number > after)
            .order_by(Entry.number)
            .options(*_loaded())
            .limit(CHUNK)
        )
        found = session.scalars(query).all()
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1].number


def entries_between(
    session: Session, project_id: int, first: date, last: date
) -> Sequence[Entry]:
    """What was booked from a first to a last civil day, in its order."""
    query = (
        sa.select(Entry)
        .where(Entry.project_id == project_id, Entry.booked_on.between(first, last))
        .order_by(Entry.number)
        .options(*_loaded())
    )
    return session.scalars(query).all()


def balances_before(session: Session, project_id: int, day: date) -> dict[int, int]:
    """What was in each account when a day began, by the account's id."""
    last = (
        sa.select(sa.func.max(Entry.id).label("id"))
        .where(Entry.project_id == project_id, Entry.booked_on < day)
        .group_by(Entry.account_id)
        .subquery()
    )
    query = sa.select(Entry.account_id, Entry.balance_after).join(last, last.c.id == Entry.id)
    return dict(session.execute(query).all())


def entry_numbered(session: Session, project_id: int, number: int) -> Entry:
    """The entry with a number. Raises NotFound."""
    if not 0 < number <= LARGEST_NUMBER:
        raise NotFound
    query = sa.select(Entry).where(Entry.project_id == project_id, Entry.number == number)
    found = session.scalars(query.options(*_loaded())).first()
    if found is None:
        raise NotFound
    return found


def corrected_by(session: Session, entry_ids: Collection[int]) -> dict[int, int]:
    """Of these entries, those that were taken back: the number of the counter-entry by their id."""
    query = sa.select(Entry.corrects_id, Entry.number).where(
        Entry.corrects_id.in_(sorted(entry_ids))
    )
    return {key: number for key, number in session.execute(query) if key is not None}


def sums_of(session: Session, project_id: int) -> list[Sum]:
    """What all entries come to, by account, kind, direction and line of the budget."""
    query = (
        sa.select(
            Entry.account_id, Entry.kind, Entry.sign, Entry.budget_key,
            sa.func.max(Entry.budget_name), sa.func.sum(Entry.amount),
        )
        .where(Entry.project_id == project_id)
        .group_by(Entry.account_id, Entry.kind, Entry.sign, Entry.budget_key)
    )  # fmt: skip
    return [Sum(*row[:5], int(row[5])) for row in session.execute(query)]


def waiting_requests(session: Session, project_id: int) -> Sequence[EntryRequest]:
    """What waits for a second person, the oldest first."""
    query = (
        sa.select(EntryRequest)
        .where(
            EntryRequest.project_id == project_id, EntryRequest.state == RequestState.PROPOSED
        )
        .options(
            joinedload(EntryRequest.account, innerjoin=True),
            joinedload(EntryRequest.proposed_by, innerjoin=True),
        )
        .order_by(EntryRequest.id)
    )
    return session.scalars(query).all()


def count_waiting(session: Session, project_id: int) -> int:
    """How many entries wait for a second person."""
    query = sa.select(sa.func.count(EntryRequest.id)).where(
        EntryRequest.project_id == project_id, EntryRequest.state == RequestState.PROPOSED
    )
    return session.scalar(query) or 0


def refused_requests(session: Session, project_id: int, most: int = PAGE) -> Sequence[EntryRequest]:
    """What was refused or taken back, the latest first."""
    gone = (RequestState.REFUSED, RequestState.WITHDRAWN)
    query = (
        sa.select(EntryRequest)
        .where(EntryRequest.project_id == project_id, EntryRequest.state.in_(gone))
        .options(
            joinedload(EntryRequest.account, innerjoin=True),
            joinedload(EntryRequest.proposed_by, innerjoin=True),
        )
        .order_by(EntryRequest.id.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def request_called(session: Session, project_id: int, public_id: str) -> EntryRequest:
    """A request of the project. Raises NotFound."""
    query = sa.select(EntryRequest).where(
        EntryRequest.project_id == project_id, EntryRequest.public_id == public_id[:20]
    )
    found = session.scalars(
        query.options(
            joinedload(EntryRequest.account, innerjoin=True),
            joinedload(EntryRequest.proposed_by, innerjoin=True),
            joinedload(EntryRequest.decided_by),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def entry_of_request(session: Session, request_id: int) -> Entry | None:
    """What a request was booked as."""
    query = sa.select(Entry).where(Entry.request_id == request_id)
    return session.scalars(query.options(*_loaded())).first()


def waiting_counter(session: Session, project_id: int, number: int) -> bool:
    """Whether a counter-entry to this one waits for its second person."""
    query = sa.select(EntryRequest.id).where(
        EntryRequest.project_id == project_id,
        EntryRequest.corrects_number == number,
        EntryRequest.state == RequestState.PROPOSED,
    )
    return session.scalar(query.limit(1)) is not None


def copies_of(
    session: Session, request_ids: Collection[int]
) -> Mapping[int, list[DocumentCopy]]:
    """The documents and public copies of requests that stand, in the order in which they came."""
    query = (
        sa.select(DocumentCopy)
        .where(
            DocumentCopy.request_id.in_(sorted(request_ids)),
            DocumentCopy.withdrawn_at.is_(None),
        )
        .options(joinedload(DocumentCopy.file, innerjoin=True))
        .order_by(DocumentCopy.id)
    )
    found: dict[int, list[DocumentCopy]] = defaultdict(list)
    for copy in session.scalars(query):
        found[copy.request_id].append(copy)
    return found


def of_kind(copies: Sequence[DocumentCopy], kind: CopyKind) -> list[DocumentCopy]:
    """Those of a kind."""
    return [one for one in copies if one.kind is kind]


def looks_at(session: Session, request_id: int) -> Sequence[DocumentLook]:
    """Who looked at the documents, the latest first."""
    query = (
        sa.select(DocumentLook)
        .where(DocumentLook.request_id == request_id)
        .options(joinedload(DocumentLook.shown_to, innerjoin=True))
        .order_by(DocumentLook.last_at.desc(), DocumentLook.shown_to_id)
    )
    return session.scalars(query.limit(50)).all()


def appeals_of(session: Session, project_id: int) -> Sequence[Appeal]:
    """The campaigns that are linked to, the latest first."""
    query = (
        sa.select(Appeal)
        .where(Appeal.project_id == project_id, Appeal.unlinked_at.is_(None))
        .options(joinedload(Appeal.organisation, innerjoin=True))
        .order_by(Appeal.id.desc())
    )
    return session.scalars(query).all()
