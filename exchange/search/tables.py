"""A table whose rows are documents of the index: what is the same in every room that has one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.database import Base
from exchange.search.corpus import microseconds
from exchange.search.jobs import request_indexing
from exchange.search.port import Document
from exchange.search.sources import Census, Source, Subject, register_source


class Named(Protocol):
    """A row as its document is named after it."""

    @property
    def id(self) -> int: ...
    @property
    def public_id(self) -> str: ...


Build = Callable[[Session, Sequence[int]], list[Document]]
Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class IndexedTable(Generic[Row]):
    """The rows of one model as documents of one kind; those that ``belong`` stand in the index.

    The model has ``id``, ``public_id`` and, unless ``changed`` says otherwise, ``updated_at``: the
    version of its documents.
    """

    kind: str
    model: type[Row]
    belong: sa.ColumnElement[bool]
    changed: sa.ColumnElement[datetime] | None = None

    def register(self, house: House, build: Build) -> None:
        """Make the rows findable by the documents that ``build`` makes (see ``Source``)."""
        source = Source(self.kind, build=build, walk=self.walk, census=self.census)
        register_source(house, source)

    def key_of(self, public_id: str) -> str:
        """The key of a row's document."""
        return f"{self.kind}:{public_id}"

    def request(self, act: Act, row: Named) -> None:
        """Have a row's document brought in line after this act commits."""
        request_indexing(act, self.kind, row.id, self.key_of(row.public_id))

    def request_where(self, act: Act, *conditions: sa.ColumnElement[bool]) -> None:
        """Have the documents of all such rows that belong in the index brought in line."""
        query = sa.select(self._columns.id, self._columns.public_id)
        for row in act.session.execute(query.where(self.belong, *conditions)):
            self.request(act, row)

    def chosen(self, ids: Sequence[int]) -> sa.Select[Row]:
        """Those of these ids that belong in the index, by id."""
        column = self._columns.id
        return sa.select(self.model).where(column.in_(ids), self.belong).order_by(column)

    def walk(
        self, session: Session, after: int, limit: int, since: datetime | None
    ) -> list[Subject]:
        """Rows by id, in the index or not; with ``since`` those changed from then on."""
        columns = self._columns
        query = sa.select(columns.id, columns.public_id).where(columns.id > after)
        if since is not None:
            query = query.where(self._changed >= since)
        rows = session.execute(query.order_by(columns.id).limit(limit))
        return [Subject(id=row_id, key=self.key_of(public_id)) for row_id, public_id in rows]

    def census(self, session: Session) -> Census:
        """How many rows belong in the index, and the latest change among them."""
        query = sa.select(sa.func.count(), sa.func.max(self._changed))
        count, latest = session.execute(query.where(self.belong)).one()
        return Census(count, microseconds(latest))

    @property
    def _changed(self) -> sa.ColumnElement[datetime]:
        return self._columns.updated_at if self.changed is None else self.changed

    @property
    def _columns(self) -> sa.ColumnCollection[str, sa.Column[Any]]:
        return self.model.__table__.c  # type: ignore[return-value]  # typed as any selectable


def public_id_of(key: str) -> str:
    """The row's public id in a document's key."""
    return key.partition(":")[2]
