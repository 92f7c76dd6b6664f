"""Writing the trail: every event is heard, every flush of an act is looked at."""

from typing import Any

from sqlalchemy import event as sa_event
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from exchange.audit.noticing import Notebook, forget, notebook_of, open_notebook
from exchange.audit.trail import write_trail
from exchange.kernel.act import Act, act_of
from exchange.kernel.events import Event


def record(act: Act, event: Event) -> None:
    """Note an event; its entry is written when the act commits, with what the act has changed."""
    if act_of(act.session) is not None:
        open_notebook(act).hear(event)
        return
    alone = Notebook(act)
    alone.hear(event)
    write_trail(alone)


def _book(session: Session) -> Notebook | None:
    act = act_of(session)
    return None if act is None else open_notebook(act)


def before_flush(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Note what is about to be written."""
    book = _book(session)
    if book is not None and not book.is_closed:
        book.look()


def after_flush(session: Session, context: UOWTransaction) -> None:
    """Note rows that go with others."""
    book = notebook_of(session)
    if book is not None and not book.is_closed:
        removed = [state for state, (gone, listed) in context.states.items() if gone and not listed]
        book.look_back(removed)


def before_commit(session: Session) -> None:
    """Write the entries of the act."""
    book = _book(session)
    if book is None or book.is_closed or session.in_nested_transaction():
        return
    session.flush()
    book.complete()
    book.is_closed = True
    if book.events or book.changes:
        write_trail(book)


def after_transaction_create(session: Session, transaction: SessionTransaction) -> None:
    """Remember where a savepoint begins."""
    book = _book(session) if transaction.nested else None
    if book is not None:
        book.marks[transaction] = (len(book.events), len(book.changes))


def after_soft_rollback(session: Session, transaction: SessionTransaction) -> None:
    """Forget what a savepoint, or the whole act, has undone."""
    book = notebook_of(session)
    if book is None:
        return
    if not transaction.nested:
        if transaction.parent is None:
            forget(session)
        return
    mark = book.marks.pop(transaction, None)
    if mark is not None:
        book.go_back(mark)


def after_commit(session: Session) -> None:
    """The act is over; letting go of a savepoint is no end."""
    if not session.in_nested_transaction():
        forget(session)


def listen() -> None:
    """Hear every session once; only those with an open act are looked at."""
    for listener in (
        before_flush,
        after_flush,
        before_commit,
        after_transaction_create,
        after_soft_rollback,
        after_commit,
    ):
        if not sa_event.contains(Session, listener.__name__, listener):
            sa_event.listen(Session, listener.__name__, listener)
