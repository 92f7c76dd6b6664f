"""Whoosh's files: the schema, writing that reaches the disk, and a policy for merging.

Whoosh itself never calls fsync, so ``DurableStorage`` does before a commit becomes visible. The
names of its files come from the global random, which this program never seeds.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.columns import FixedBytesColumn
from whoosh.fields import COLUMN, KEYWORD, STORED, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader

from exchange.search.backends.generations import sync_directory, sync_file
from exchange.search.corpus import CHARACTERS, FACTS, FILTER, SCORED_FIELDS, Entry
from exchange.search.vectors import pack_small, small_rows

INDEX_NAME = "MAIN"
TIER_FACTOR = 6
MERGE_UP_TO = 50_000  # documents; larger segments stay as they are unless mostly deleted
MOSTLY_DELETED = 0.5
LIGHT = 60  # documents that are rewritten within a commit: about a fourth of a second
CROWDED = 40  # segments of one tier that become one however long it takes

# The library's functions carry no complete types; they are named once here.
_keyword: Any = KEYWORD
_column: Any = COLUMN
_fixed_bytes: Any = FixedBytesColumn
_file_index: Any = FileIndex
_segment_reader: Any = SegmentReader
_storage: Any = FileStorage


def schema(dimensions: int) -> Schema:
    """Fields hold terms that were analysed before; lengths and sort values stand in one column,
    vectors in another."""
    indexed = {name: _keyword() for name in (*SCORED_FIELDS, CHARACTERS, FILTER)}
    facts = _column(_fixed_bytes(FACTS.itemsize))
    make: Any = Schema
    vector = _column(_fixed_bytes(small_rows(dimensions).itemsize))
    made: Schema = make(
        facts=facts, vector=vector, shown_title=STORED(), shown_text=STORED(), **indexed
    )
    return made


def fields_of_entry(entry: Entry) -> dict[str, Any]:
    """An entry as the keyword arguments of ``add_document``."""
    vector = np.frombuffer(entry.vector, "<f4")
    meaning = {"vector": pack_small(vector[None, :]).tobytes()} if len(vector) else {}
    return {
        **meaning,
        **entry.fields,
        CHARACTERS: sorted(entry.characters),
        FILTER: sorted(entry.filters),
        "facts": entry.facts,
        "shown_title": entry.shown.title,
        "shown_text": entry.shown.text,
    }


class DurableStorage(_storage):  # type: ignore[misc]  # the library's class is taken as Any
    """Brings every new file to the disk before the table of contents that names it appears."""

    def __init__(self, path: Path) -> None:
        # A mapped file would be copied whole into each process by the library.
        super().__init__(str(path), supports_mmap=False)
        self._fresh: set[str] = set()
        self._opened: list[Any] = []

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Open a file and remember it until ``all_or_nothing`` ends."""
        opened = super().open_file(name, **kwargs)
        self._opened.append(opened)
        return opened

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Close what was opened inside when it fails: the library leaves damaged files open."""
        self._opened = []
        try:
            yield
        except BaseException:
            for opened in self._opened:
                with suppress(Exception):
                    opened.close()
            raise
        finally:
            self._opened = []

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Create a file and remember it."""
        self._fresh.add(name)
        return super().create_file(name, *args, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename; a table of contents only after all it names is on the disk."""
        folder = Path(self.folder)
        if newname.endswith(".toc"):
            for name in sorted(self._fresh):
                sync_file(folder / name)
            self._fresh.clear()
        super().rename_file(oldname, newname, safe=safe)
        sync_directory(folder)


def open_files(path: Path) -> Any:
    """Whoosh's index object for a directory that has one."""
    return _file_index(DurableStorage(path), indexname=INDEX_NAME)


def create_files(path: Path, dimensions: int) -> None:
    """Make an empty index in a new directory."""
    path.mkdir(parents=True)
    _file_index.create(DurableStorage(path), schema(dimensions), INDEX_NAME)
    sync_directory(path.parent)


def sweep(path: Path) -> None:
    """Remove what a killed commit left and Whoosh does not; only the holder of the lock may."""
    for leftover in path.glob(f"_{INDEX_NAME}_*.toc.*"):
        leftover.unlink(missing_ok=True)


def merge_tiers(most: int) -> Callable[[Any, list[Any]], list[Any]]:
    """Merge policy: segments of like size become one, so n commits leave O(log n) segments.

    Each document is rewritten O(log n) times in its life. Segments without living documents are
    dropped. What would rewrite more than ``most`` documents waits for ``tidy``, unless the segments
    have become so many that every question suffers.
    """

    def policy(writer: Any, segments: list[Any]) -> list[Any]:
        kept, groups = sorted_out(segments, most)
        for segment in (segment for group in groups for segment in group):
            _absorb(writer, segment)
        return kept

    return policy


def sorted_out(segments: list[Any], most: int) -> tuple[list[Any], list[list[Any]]]:
    """The segments that stay as they are, and the groups of those that are to become one."""
    kept: list[Any] = []
    groups: list[list[Any]] = []
    tiers: dict[int, list[Any]] = {}
    for segment in segments:
        living = segment.doc_count()
        if not living:
            continue
        deleted = segment.deleted_count() / segment.doc_count_all()
        if deleted > MOSTLY_DELETED:
            tiers.setdefault(-1, []).append(segment)
        elif living > MERGE_UP_TO:
            kept.append(segment)
        else:
            tiers.setdefault(int(math.log(living, TIER_FACTOR)), []).append(segment)
    for tier, members in sorted(tiers.items()):
        members.sort(key=lambda segment: segment.doc_count())
        sizes = accumulate(segment.doc_count() for segment in members)
        light = sum(1 for size in sizes if size <= most)
        joined = light if light >= (1 if tier < 0 else TIER_FACTOR) else 0
        if len(members) >= CROWDED:
            joined = len(members)
        if joined:
            groups.append(members[:joined])
        kept += members[joined:]
    return kept, groups


def _absorb(writer: Any, segment: Any) -> None:
    reader = _segment_reader(writer.storage, writer.schema, segment)
    writer.add_reader(reader)
    reader.close()
