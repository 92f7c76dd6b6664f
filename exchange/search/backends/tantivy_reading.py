"""A view of one commit, and noticing the next one.

tantivy replaces ``meta.json`` at every commit and merge, also in other processes: one look at the
file's number and time before each question tells whether to open the index anew.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from exchange.search.backends.damage import damage_is_named
from exchange.search.backends.generations import Lengths
from exchange.search.backends.tantivy_queries import MUST, Clause, Queries, both
from exchange.search.backends.tantivy_schema import KEY, ROW, STORED, library, unpack
from exchange.search.backends.vector_rows import VectorRows
from exchange.search.port import IndexUnavailable
from exchange.search.staged import Stored

META = "meta.json"
KEPT_DOCUMENTS = 2_000  # some kilobytes each
KEPT_COUNTS = 2_000
MANY = 5_000  # documents, from which on a count may be some seconds old
FRESH = 5.0  # seconds
TRIES = 10

Mark = tuple[int, int, int]
T = TypeVar("T")


class Counts:
    """Counts that are dear to make. Small ones hold for their commit only, great ones for seconds.

    Safe for threads; two may make the same count at once.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Any, Mark, float]] = OrderedDict()
        self._lock = Lock()

    def get(
        self, what: Hashable, mark: Mark, make: Callable[[], T], weigh: Callable[[T], int]
    ) -> T:
        """The kept count, or a new one. ``weigh`` says of how many documents it tells."""
        now = time.monotonic()
        with self._lock:
            found = self._kept.get(what)
        if found is not None:
            kept: T = found[0]
            if found[1] == mark or (weigh(kept) > MANY and now - found[2] < FRESH):
                return kept
        value = make()
        with self._lock:
            self._kept[what] = (value, mark, now)
            self._kept.move_to_end(what)
            while len(self._kept) > KEPT_COUNTS:
                self._kept.popitem(last=False)
        return value


class View:
    """The index as one commit left it."""

    def __init__(
        self, index: Any, mark: Mark, lengths: Lengths, vectors: VectorRows, counts: Counts
    ) -> None:
        self.mark = mark
        self._lengths = lengths
        self.searcher = index.searcher()
        self.queries = Queries(index.schema)
        self.vectors = vectors
        self.counts = counts
        self._documents: OrderedDict[tuple[int, int], Stored] = OrderedDict()
        self._lock = Lock()

    def is_whole(self) -> None:
        """Raise IndexUnavailable when a file was cut short since the view was opened."""
        self._lengths.are_kept()

    @property
    def size(self) -> int:
        """How many documents there are."""
        return int(self.searcher.num_docs)

    def has_any(self, keys: set[str]) -> bool:
        """Whether there is a document with one of these keys."""
        with damage_is_named():
            return self.count([(MUST, self.queries.keys(keys))]) > 0

    def count(self, clauses: list[Clause]) -> int:
        """How many documents match."""
        return int(self.searcher.search(both(clauses), 1).count)

    def best(self, clauses: list[Clause], limit: int) -> list[Any]:
        """Addresses of the documents that score most."""
        found = self.searcher.search(both(clauses), max(1, limit), count=False)
        return [address for _, address in found.hits[:limit]]

    def best_counted(self, clauses: list[Clause], limit: int) -> tuple[list[Any], int]:
        """Addresses of the documents that score most, and how many match."""
        found = self.searcher.search(both(clauses), max(1, limit))
        return [address for _, address in found.hits[:limit]], int(found.count)

    def by(
        self, field: str, clauses: list[Clause], limit: int, *, falling: bool
    ) -> list[tuple[Any, Any]]:
        """Pairs of a column's value and an address, in the column's order."""
        order = library.Order.Desc if falling else library.Order.Asc
        found = self.searcher.search(
            both(clauses), max(1, limit), count=False, order_by_field=field, order=order
        )
        return list(found.hits[:limit])

    def column(self, field: str, addresses: list[Any]) -> list[Any]:
        """A column's values, None where a document has none."""
        return list(self.searcher.fast_field_values(field, addresses)) if addresses else []

    def aggregate(self, clauses: list[Clause], asked: dict[str, Any]) -> dict[str, Any]:
        """What tantivy's aggregations tell of the matching documents."""
        found: dict[str, Any] = self.searcher.aggregate(both(clauses), asked)
        return found

    def stored(self, addresses: list[Any]) -> list[Stored]:
        """The documents at these addresses, in their order."""
        places = [(address.segment_ord, address.doc) for address in addresses]
        with self._lock:
            known = {place: self._documents.get(place) for place in places}
        missing = [a for a, place in zip(addresses, places, strict=True) if not known[place]]
        rows = self.column(ROW, missing)
        for address, row in zip(missing, rows, strict=True):
            known[address.segment_ord, address.doc] = self._read(address, row)
        with self._lock:
            for place, document in known.items():
                if document is not None:
                    self._documents[place] = document
                    self._documents.move_to_end(place)
            while len(self._documents) > KEPT_DOCUMENTS:
                self._documents.popitem(last=False)
        return [document for place in places if (document := known[place]) is not None]

    def _read(self, address: Any, row: int | None) -> Stored:
        found = self.searcher.doc(address)
        vector = b"" if row is None else self.vectors.packed(row)
        return unpack(found.get_first(KEY), bytes(found.get_first(STORED)), vector)


class Reader:
    """Opens the newest view of a generation. The caller keeps other threads out."""

    def __init__(self, path: Path, dimensions: int) -> None:
        self._path = path
        self._vectors = VectorRows(path, dimensions)
        self._counts = Counts()
        self._index: Any = None
        self._view: View | None = None

    def current(self) -> View:
        """The view of the last commit. Raises IndexUnavailable."""
        mark = mark_of(self._path)
        if self._view is None or self._view.mark != mark:
            self._view = self._open()
        else:
            self._view.is_whole()
        return self._view

    def _open(self) -> View:
        for last_try in (False,) * (TRIES - 1) + (True,):
            mark = mark_of(self._path)
            try:
                lengths = self._lengths()  # before they are opened and looked at
                with damage_is_named():
                    self._load()
                    view = View(self._index, mark, lengths, self._vectors, self._counts)
            except IndexUnavailable:
                self._index = None
                # A commit may have removed what this one names meanwhile.
                if last_try or mark == mark_of(self._path):
                    raise
                continue
            if mark == mark_of(self._path):
                return view
        return view  # of a commit between two looks; the next question looks again

    def _lengths(self) -> Lengths:
        """Of the files that are mapped; they never become shorter."""
        with damage_is_named():
            return Lengths(
                file
                for file in self._path.iterdir()
                if file.name != META and not file.name.startswith(".")
            )

    def _load(self) -> None:
        if self._index is None:
            self._index = library.Index.open(str(self._path))
            self._index.config_reader("manual")
        self._index.reload()
        self._vectors.refresh()


def mark_of(path: Path) -> Mark:
    """What changes with every commit. Raises IndexUnavailable where there is none."""
    try:
        seen = (path / META).stat()
    except FileNotFoundError as error:
        reason = "damaged" if path.is_dir() else "missing"
        raise IndexUnavailable(reason=reason, detail=META) from error
    except OSError as error:
        raise IndexUnavailable(reason="damaged", detail=META) from error
    return seen.st_ino, seen.st_mtime_ns, seen.st_size
