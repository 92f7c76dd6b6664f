"""Whether every book adds up, entry by entry, whatever the database was made to hold."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.projects.ledger.kinds import RequestState
from exchange.projects.ledger.models import Account, Entry, EntryRequest
from exchange.projects.ledger.rules import Fault, Line, faults


@dataclass(frozen=True)
class Reconciled:
    """How many books and entries were looked through, and what is wrong with them."""

    books: int
    entries: int
    faults: tuple[tuple[int, Fault], ...]  # the project's id, and the fault


MOST_FAULTS = 50


def reconcile(session: Session, project_id: int | None = None) -> Reconciled:
    """Look through one book, or all: numbers without gaps, balances that follow, sums that equal
    the balances, counter-entries of the exact opposite amount, and a request behind each entry.
    """
    chosen = sa.select(Entry.project_id).distinct().order_by(Entry.project_id)
    if project_id is not None:
        chosen = chosen.where(Entry.project_id == project_id)
    found: list[tuple[int, Fault]] = []
    entries = books = 0
    for key in session.scalars(chosen).all():
        books += 1
        lines = list(_lines(session, key))
        entries += len(lines)
        found += [(key, fault) for fault in faults(lines)]
        found += [(key, fault) for fault in _wrong_sums(lines)]
        found += [(key, fault) for fault in _wrong_rows(session, key)]
    return Reconciled(books, entries, tuple(found[:MOST_FAULTS]))


def _lines(session: Session, project_id: int) -> Iterator[Line]:
    other = aliased(Entry)
    query = (
        sa.select(
            Entry.number, Entry.account_id, Entry.account_number, Entry.sign, Entry.amount,
            Entry.balance_before, Entry.balance_after, other.number, Entry.corrects_id,
        )
        .outerjoin(other, other.id == Entry.corrects_id)
        .where(Entry.project_id == project_id)
        .order_by(Entry.number)
    )  # fmt: skip
    for row in session.execute(query):
        lost = row[8] is not None and row[7] is None
        yield Line(*row[:7], corrects=0 if lost else row[7])


def _wrong_sums(lines: list[Line]) -> Iterator[Fault]:
    """The sum of all entries of an account is its last balance."""
    sums: dict[int, int] = {}
    last: dict[int, Line] = {}
    for line in lines:
        sums[line.account] = sums.get(line.account, 0) + line.sign * line.amount
        last[line.account] = line
    for account, line in last.items():
        if sums[account] != line.balance_after:
            yield Fault(line.number, "balance")


def _wrong_rows(session: Session, project_id: int) -> Iterator[Fault]:
    """Each entry is what its booked request says, in an account of the project."""
    query = (
        sa.select(Entry.number)
        .outerjoin(EntryRequest, EntryRequest.id == Entry.request_id)
        .outerjoin(Account, Account.id == Entry.account_id)
        .where(
            Entry.project_id == project_id,
            sa.or_(
                EntryRequest.id.is_(None),
                EntryRequest.state != RequestState.BOOKED,
                EntryRequest.amount != Entry.amount,
                EntryRequest.sign != Entry.sign,
                EntryRequest.account_id != Entry.account_id,
                sa.and_(EntryRequest.needs_second, Entry.approved_by_id.is_(None)),
                (EntryRequest.corrects_number.is_(None)) != (Entry.corrects_id.is_(None)),
                Account.id.is_(None),
                Account.project_id != Entry.project_id,
            ),
        )
    )
    for number in session.scalars(query.order_by(Entry.number)):
        yield Fault(number, "request")
    unbooked = (
        sa.select(sa.func.count(EntryRequest.id))
        .outerjoin(Entry, Entry.request_id == EntryRequest.id)
        .where(
            EntryRequest.project_id == project_id,
            EntryRequest.state == RequestState.BOOKED,
            Entry.id.is_(None),
        )
    )
    if session.scalar(unbooked):
        yield Fault(0, "unbooked")
