"""Writing to one generation: a lock, one commit, and all of it on the disk.

tantivy brings its files to the disk before it renames ``meta.json``, but not that renaming itself.
Its lock does not wait, and a killed process lets go of it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from exchange.search.backends.damage import damage_is_named
from exchange.search.backends.generations import sync_directory
from exchange.search.backends.tantivy_queries import MUST
from exchange.search.backends.tantivy_reading import META, View
from exchange.search.backends.tantivy_schema import (
    KEY,
    ROW,
    library,
    library_document,
    plain,
    schema,
)
from exchange.search.backends.vector_rows import VectorRows
from exchange.search.corpus import Entry
from exchange.search.port import IndexBusy, IndexUnavailable
from exchange.search.vectors import pack_small

HEAP = 32_000_000  # bytes; tantivy takes no less than 15 million
PAUSE = 0.02  # seconds between two looks at the lock
Taken = tuple[Entry, tuple[str, ...]]  # a document taken apart, and its flat texts


def create(path: Path) -> None:
    """Make an empty index in a new directory."""
    path.mkdir(parents=True)
    library.Index(schema(), str(path))
    VectorRows.create(path)
    sync_directory(path)
    sync_directory(path.parent)


class Writer:
    """Writes into one generation. ``timeout`` is how long it waits for another, in seconds."""

    def __init__(self, path: Path, dimensions: int, timeout: float) -> None:
        self._path = path
        self._dimensions = dimensions
        self._timeout = timeout

    def write(self, view: View, taken: Mapping[str, Taken], gone: set[str]) -> None:
        """Replace and remove in one durable commit. Raises IndexBusy, IndexUnavailable."""
        with damage_is_named(), self._locked() as writer:
            rows = self._rows(view, taken)
            for key in sorted(gone | set(taken)):
                writer.delete_documents_by_term(KEY, plain(key))
            for key, (entry, flats) in taken.items():
                writer.add_document(library_document(entry, flats, rows.get(key)))
            writer.commit()
            sync_directory(self._path)

    @contextmanager
    def _locked(self) -> Iterator[Any]:
        writer = self._open()
        try:
            for leftover in self._path.glob(".tmp*"):  # of a killed commit
                leftover.unlink(missing_ok=True)
            yield writer
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()

    def _open(self) -> Any:
        if not (self._path / META).exists():
            raise IndexUnavailable(reason="damaged" if self._path.is_dir() else "missing")
        index = library.Index.open(str(self._path))
        end = time.monotonic() + self._timeout
        while True:
            try:
                return index.writer(HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise
                if time.monotonic() >= end:
                    raise IndexBusy from error
                time.sleep(PAUSE)

    def _rows(self, view: View, taken: Mapping[str, Taken]) -> dict[str, int]:
        """Where each document's vector lies: where it lay when it is still the same."""
        packed = {
            key: pack_small(np.frombuffer(entry.vector, "<f4")[None, :]).tobytes()
            for key, (entry, _) in taken.items()
            if len(entry.vector) == 4 * self._dimensions
        }
        vectors = VectorRows(self._path, self._dimensions)
        vectors.refresh()
        if vectors.count < view.vectors.count:  # new rows would stand where others are named
            raise IndexUnavailable(reason="damaged", detail="vectors")
        rows = {
            key: row
            for key, row in _present(view, list(packed)).items()
            if vectors.packed(row) == packed[key]
        }
        fresh = [key for key in packed if key not in rows]
        if fresh:
            first = vectors.add([packed[key] for key in fresh])
            rows |= {key: first + number for number, key in enumerate(fresh)}
        return rows


def _present(view: View, keys: list[str]) -> dict[str, int]:
    """The rows of documents that are there already."""
    if not keys or not view.size:
        return {}
    found = view.by(KEY, [(MUST, view.queries.keys(keys))], len(keys), falling=False)
    rows = view.column(ROW, [address for _, address in found])
    return {key: row for (key, _), row in zip(found, rows, strict=True) if row is not None}
