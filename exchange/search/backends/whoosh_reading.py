"""Reading Whoosh segments: each opened once, postings kept, one unchanging view per commit."""

import re
import weakref
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import FixedBytesColumn
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC
from whoosh.reading import SegmentReader, TermNotFound

from exchange.search.backends.damage import damage_is_named
from exchange.search.backends.generations import Lengths
from exchange.search.backends.whoosh_files import INDEX_NAME, DurableStorage
from exchange.search.corpus import FACTS, FILTER, NO_POSTINGS, Postings, Shown, find_keys
from exchange.search.encoder import Vectors
from exchange.search.port import IndexUnavailable
from exchange.search.vectors import small_cosines, small_rows

KEPT_POSTINGS = 1_000_000  # numbers of documents kept in memory for each segment, 8 bytes each
KEPT_TERMS = 20_000
KEPT_JOINED = 500
COPYING = 4  # times as dear as reading: of more vectors than a fourth all are multiplied
_CONTENTS = re.compile(rf"_{INDEX_NAME}_(\d+)\.toc")

_toc: Any = TOC
_segment_reader: Any = SegmentReader
_fixed_bytes: Any = FixedBytesColumn
_codec: Any = W3Codec
_compound: Any = CompoundStorage
_struct_file: Any = StructFile


def latest_contents(path: Path) -> int:
    """The number of the newest table of contents; -1 when there is none.

    Raises IndexUnavailable where it cannot be looked for.
    """
    with damage_is_named():
        try:
            found = [_CONTENTS.fullmatch(entry.name) for entry in path.iterdir()]
        except FileNotFoundError:
            return -1
    return max((int(match.group(1)) for match in found if match), default=-1)


def map_column(folder: Path, segment: Any, field: str, kind: np.dtype[Any]) -> NDArray[Any]:
    """A column as it lies in a segment's file, shared by all processes that read it.

    Fewer rows than documents where the last ones have no value.
    """
    name = _codec.column_filename(segment, field)
    path, offset, length = folder / name, 0, 0
    with damage_is_named():
        if segment.is_compound():
            path = folder / segment.make_filename(segment.COMPOUND_EXT)
            with path.open("rb") as file:
                inside = _compound(_struct_file(file), use_mmap=False)
                offset, length = inside.range(name) if inside.file_exists(name) else (0, 0)
        elif path.exists():
            length = path.stat().st_size
        rows = length // kind.itemsize
        if not rows:
            return np.empty(0, kind)
        if path.stat().st_size < offset + length:
            raise IndexUnavailable(reason="damaged")
        return np.memmap(path, kind, "r", offset, rows)


def _let_go(reader: Any) -> None:
    """Close a reader whose files were closed before when a later segment could not be opened."""
    with suppress(Exception):
        reader.close()


class SegmentView:
    """One segment's facts and postings. It never changes; deletions stand in the snapshot."""

    def __init__(self, storage: DurableStorage, schema: Any, segment: Any, dimensions: int) -> None:
        self._lock = Lock()  # a reader's position in its file is shared by all who read
        folder = Path(storage.folder)
        self.lengths = Lengths(folder.glob(f"*{segment.segment_id()}*"))
        reader = _segment_reader(storage, schema, segment)
        self._reader = reader
        self._finalizer = weakref.finalize(self, _let_go, reader)
        self.size = int(reader.doc_count_all())
        self.facts: NDArray[np.void] = np.array(map_column(folder, segment, "facts", FACTS))
        self._dimensions = dimensions
        self._vectors: NDArray[np.void] = map_column(
            folder, segment, "vector", small_rows(dimensions)
        )
        self._kept: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._kept_numbers = 0
        self._tokens: list[str] | None = None

    def postings(self, field: str, term: str) -> Postings:
        """See ``Corpus.postings``; numbers count from 0 in each segment."""
        place = (field, term)
        with self._lock:
            found = self._kept.get(place)
            if found is None:
                found = self._read(field, term)
                self._keep(place, found)
            else:
                self._kept.move_to_end(place)
        return found

    def _read(self, field: str, term: str) -> Postings:
        with damage_is_named():
            try:
                matcher = self._reader.postings(field, term)
            except TermNotFound:
                return NO_POSTINGS
            numbers: list[int] = []
            counts: list[float] = []
            while matcher.is_active():
                numbers.append(matcher.id())
                counts.append(matcher.weight())
                matcher.next()
        return np.array(numbers, np.int32), np.array(counts, np.float32)

    def _keep(self, place: tuple[str, str], found: Postings) -> None:
        self._kept[place] = found
        self._kept_numbers += len(found[0])
        while self._kept and (self._kept_numbers > KEPT_POSTINGS or len(self._kept) > KEPT_TERMS):
            _, gone = self._kept.popitem(last=False)
            self._kept_numbers -= len(gone[0])

    def shown(self, number: int) -> Shown:
        """See ``Corpus.shown``."""
        with self._lock, damage_is_named():
            stored = self._reader.stored_fields(number)
        return Shown(stored.get("shown_title") or "", stored.get("shown_text") or "")

    def filter_tokens(self, begin: str) -> list[str]:
        """See ``Corpus.filter_tokens``."""
        with self._lock, damage_is_named():
            if self._tokens is None:
                self._tokens = sorted(term.decode() for term in self._reader.lexicon(FILTER))
        first = bisect_left(self._tokens, begin)
        last = bisect_left(self._tokens, begin + "\U0010ffff")
        return self._tokens[first:last]

    def nearness(self, vector: Vectors, numbers: NDArray[np.intp]) -> NDArray[np.float64]:
        """See ``Corpus.nearness``."""
        found = np.full(len(numbers), np.nan)
        stored = numbers < len(self._vectors)
        wanted = numbers[stored]
        if self._dimensions != len(vector) or not len(wanted):
            return found
        self.lengths.are_kept()  # reading behind the end would kill the process
        if len(wanted) * COPYING < len(self._vectors):
            found[stored] = small_cosines(self._vectors[wanted], vector)
        else:
            found[stored] = small_cosines(self._vectors, vector)[wanted]
        return found

    def verify(self) -> None:
        """Read something of every kind of file. Raises IndexUnavailable when one is damaged."""
        if len(self.facts) != self.size:
            raise IndexUnavailable(reason="damaged")
        if not self.size:
            return
        self.shown(0)
        self.shown(self.size - 1)
        with self._lock, damage_is_named():
            terms = [term.decode() for term in self._reader.lexicon(FILTER)]
        for term in terms[:: max(1, len(terms) // 50)]:
            self._read(FILTER, term)


class Snapshot:
    """The corpus as one commit left it. Numbers are those of Whoosh's own documents."""

    def __init__(self, views: list[SegmentView], deleted: list[list[int]], mark: str) -> None:
        self.mark = mark
        self.views = views
        sizes = [view.size for view in views]
        self._bases = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        parts = [view.facts for view in views] or [np.empty(0, FACTS)]
        self.facts: NDArray[np.void] = parts[0] if len(parts) == 1 else np.concatenate(parts)
        self.live: NDArray[np.bool_] = np.ones(len(self.facts), np.bool_)
        for base, numbers in zip(self._bases[:-1], deleted, strict=True):
            self.live[np.array(numbers, np.int64) + base] = False
        self._joined: dict[tuple[str, str], Postings] = {}
        self._by_key: NDArray[np.intp] | None = None

    def is_whole(self) -> None:
        """Raise IndexUnavailable when a file was cut short since it was opened."""
        for view in self.views:
            view.lengths.are_kept()

    def postings(self, field: str, term: str) -> Postings:
        """See ``Corpus.postings``."""
        if len(self.views) == 1:
            return self.views[0].postings(field, term)
        if field != FILTER:
            return self._join(field, term)
        found = self._joined.get((field, term))  # the same few are asked for by every question
        if found is None:
            if len(self._joined) > KEPT_JOINED:
                self._joined.clear()
            found = self._joined[field, term] = self._join(field, term)
        return found

    def _join(self, field: str, term: str) -> Postings:
        numbers, counts = [], []
        for base, view in zip(self._bases[:-1], self.views, strict=True):
            found = view.postings(field, term)
            if len(found[0]):
                numbers.append(found[0] + np.int32(base))
                counts.append(found[1])
        if not numbers:
            return NO_POSTINGS
        return np.concatenate(numbers), np.concatenate(counts)

    def shown(self, number: int) -> Shown:
        """See ``Corpus.shown``."""
        at = int(np.searchsorted(self._bases, number, side="right")) - 1
        return self.views[at].shown(int(number - self._bases[at]))

    def filter_tokens(self, begin: str) -> set[str]:
        """See ``Corpus.filter_tokens``."""
        return {token for view in self.views for token in view.filter_tokens(begin)}

    def nearness(self, vector: Vectors, numbers: NDArray[np.intp]) -> NDArray[np.float64]:
        """See ``Corpus.nearness``; numbers ascend."""
        cuts = np.searchsorted(numbers, self._bases)
        parts = [
            view.nearness(vector, numbers[first:last] - base)
            for view, base, first, last in zip(
                self.views, self._bases[:-1], cuts[:-1], cuts[1:], strict=True
            )
        ]
        return np.concatenate(parts) if parts else np.empty(0)

    def numbers_of(self, keys: Collection[str]) -> NDArray[np.intp]:
        """See ``Corpus.numbers_of``."""
        if self._by_key is None:
            self._by_key = np.argsort(self.facts["key"])
        return find_keys(self.facts["key"], self._by_key, self.live, keys)


class SnapshotReader:
    """Opens the newest snapshot of a directory, keeping open what did not change."""

    def __init__(self, path: Path, dimensions: int) -> None:
        self._path = path
        self._dimensions = dimensions
        self._storage = DurableStorage(path)
        self._views: dict[str, SegmentView] = {}
        self._snapshot: Snapshot | None = None
        self._seen = -1

    def current(self) -> Snapshot:
        """The snapshot of the last commit. Raises IndexUnavailable. Not for several threads."""
        latest = latest_contents(self._path)
        if self._snapshot is not None and latest == self._seen:
            return self._snapshot
        return self._load()

    def _load(self) -> Snapshot:
        for last_try in (False,) * 9 + (True,):
            latest = latest_contents(self._path)
            if latest < 0:
                raise IndexUnavailable(reason="missing")
            try:
                with damage_is_named(), self._storage.all_or_nothing():
                    return self._read(latest)
            except IndexUnavailable:
                # A commit may have removed the files of this table of contents meanwhile.
                if last_try or latest_contents(self._path) == latest:
                    raise
        raise IndexUnavailable(reason="changing")

    def _read(self, latest: int) -> Snapshot:
        contents = _toc.read(self._storage, INDEX_NAME, gen=latest)
        views: dict[str, SegmentView] = {}
        deleted: list[list[int]] = []
        for segment in contents.segments:
            name = segment.segment_id()
            known = self._views.get(name)
            views[name] = known or SegmentView(
                self._storage, contents.schema, segment, self._dimensions
            )
            deleted.append(sorted(segment.deleted_docs()))
        snapshot = Snapshot(list(views.values()), deleted, f"{self._path.name}/{latest}")
        self._views, self._snapshot, self._seen = views, snapshot, latest
        return snapshot
