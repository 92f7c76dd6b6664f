"""Noticing what an act changes: the columns of its rows, at every flush and at every event.

The session is listened to, so no service has to say what it changes. Only rows of audited tables
are looked at, and only while an act is open.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstanceState, Mapper, Session, SessionTransaction, object_mapper

from exchange.audit.audited import Audited
from exchange.audit.columns import AUDITED
from exchange.kernel.act import Act, act_of
from exchange.kernel.actor import Actor
from exchange.kernel.events import Event

NOTEBOOK = "exchange_audit_notebook"


class Kind(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Change:
    """A column that changed. ``turn`` counts the events that the act had emitted before."""

    row: Any
    kind: Kind
    column: str
    before: Any
    after: Any
    turn: int


@dataclass
class Notebook:
    """What an act has done so far: its events, each with who did it, and its changes."""

    act: Act
    events: list[tuple[Event, Actor]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    noted: dict[tuple[int, str], Any] = field(default_factory=dict)
    marks: dict[SessionTransaction, tuple[int, int]] = field(default_factory=dict)
    is_closed: bool = False

    def hear(self, event: Event, actor: Actor) -> None:
        """Note an event, after what changed before it. Within the act of a person the system may
        do something by itself.
        """
        self.look()
        self.events.append((event, actor))

    def look(self) -> None:
        """Note what has changed in the session since the last look."""
        session = self.act.session
        with session.no_autoflush:
            for row in session.new:
                self._note_all(row, Kind.NEW, sa.inspect(row).dict)
            for row in session.dirty:
                self._note_changed(row)
            for row in session.deleted:
                self._note_all(row, Kind.GONE, _Loading(row))

    def look_back(self, removed: Iterable[InstanceState[Any]]) -> None:
        """After a flush: rows that went because what they belonged to let go of them."""
        for state in removed:
            self._note_all(state.obj(), Kind.GONE, state.dict)
        self.noted.clear()

    def go_back(self, mark: tuple[int, int]) -> None:
        """Forget what a savepoint has undone."""
        del self.events[mark[0] :], self.changes[mark[1] :]
        self.noted.clear()

    def _note_all(self, row: Any, kind: Kind, values: Mapping[str, Any]) -> None:
        found = audited(object_mapper(row))
        if found is None:
            return
        for key, column in found.attributes:
            value = values.get(key)
            if value is not None:
                pair = (value, None) if kind is Kind.GONE else (None, value)
                self._note(row, kind, column, *pair)

    def _note_changed(self, row: Any) -> None:
        found = audited(object_mapper(row))
        if found is None:
            return
        state = sa.inspect(row)
        for key, column in found.attributes:
            history = state.attrs[key].history
            if not history.added:
                continue
            if (id(row), column) in self.noted:
                before = self.noted[id(row), column]
            else:
                before = history.deleted[0] if history.deleted else self._stored(row, key)
            self._note(row, Kind.CHANGED, column, before, history.added[0])

    def _note(self, row: Any, kind: Kind, column: str, before: Any, after: Any) -> None:
        last = self.noted.get((id(row), column), before)
        if last == after:
            return
        self.noted[id(row), column] = after
        self.changes.append(Change(row, kind, column, last, after, len(self.events)))

    def _stored(self, row: Any, key: str) -> Any:
        """What the database holds of an attribute that was overwritten without being read."""
        mapper = object_mapper(row)
        keys = zip(mapper.primary_key, sa.inspect(row).identity or (), strict=True)
        query = sa.select(mapper.attrs[key].columns[0]).where(
            *(column == value for column, value in keys)
        )
        return self.act.session.scalar(query)

    def note_statement(self, row: Any, column: str, before: Any, after: Any) -> None:
        """Note what a statement has changed, past the session."""
        if before != after:
            turn = len(self.events)
            self.changes.append(Change(row, Kind.CHANGED, column, before, after, turn))

    def complete(self) -> None:
        """Add to new rows what the database or a default gave them."""
        self.noted.clear()
        news: dict[int, Change] = {}
        for change in self.changes:
            if change.kind is Kind.NEW:
                news.setdefault(id(change.row), change)
        known = {(id(change.row), change.column) for change in self.changes}
        for change in news.values():
            found = audited(object_mapper(change.row))
            given = sa.inspect(change.row).dict
            for key, column in found.attributes if found else ():
                value = given.get(key)
                if value is not None and (id(change.row), column) not in known:
                    self.changes.append(
                        Change(change.row, Kind.NEW, column, None, value, change.turn)
                    )


class _Loading(Mapping[str, Any]):
    """The attributes of a row, read when they are asked for."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getitem__(self, key: str) -> Any:
        return getattr(self._row, key)

    def __iter__(self) -> Iterator[str]:
        return iter(sa.inspect(self._row).attrs.keys())

    def __len__(self) -> int:
        return len(sa.inspect(self._row).attrs)


@dataclass(frozen=True)
class AuditedTable:
    """A table of which changes are kept: (attribute, column) of each kept column."""

    name: str
    rules: Audited
    attributes: tuple[tuple[str, str], ...]


@cache
def audited(mapper: Mapper[Any]) -> AuditedTable | None:
    """What is kept of a mapped class; None when nothing is."""
    table = mapper.local_table
    rules = AUDITED.get(str(getattr(table, "name", "")))
    if rules is None:
        return None
    pairs = tuple(
        (mapper.get_property_by_column(column).key, column.name)
        for column in table.columns
        if column.name in rules.kept
    )
    return AuditedTable(table.name, rules, pairs)  # type: ignore[attr-defined]  # a table has a name


def table_of(row: Any) -> AuditedTable:
    """What is kept of a row that was noted. Raises LookupError for one that never is."""
    found = audited(object_mapper(row))
    if found is None:
        raise LookupError(f"{type(row).__name__} is not audited")
    return found


def notebook_of(session: Session) -> Notebook | None:
    """The notebook of the act that is open in a session."""
    found = session.info.get(NOTEBOOK)
    return found if isinstance(found, Notebook) else None


def note_statement(act: Act, row: Any, column: str, before: Any, after: Any) -> None:
    """Note what a statement of its own has changed in a column of a row, which no flush shows.

    The caller has the values from the statement itself; nothing is noted of a column that is not
    audited.
    """
    found = audited(object_mapper(row))
    if found is None or column not in found.rules.kept or act_of(act.session) is None:
        return
    open_notebook(act).note_statement(row, column, before, after)


def open_notebook(act: Act) -> Notebook:
    """The act's notebook, begun when there is none."""
    found = notebook_of(act.session)
    if found is None:
        found = act.session.info[NOTEBOOK] = Notebook(act)
    return found


def forget(session: Session) -> None:
    """End the notebook."""
    session.info.pop(NOTEBOOK, None)
