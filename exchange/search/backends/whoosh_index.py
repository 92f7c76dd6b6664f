"""Whoosh, the embedded default engine.

Each generation (see ``generations``) is a Whoosh index. One process writes (Whoosh's own file lock
guards it); any number read and notice a commit or a switch at their next question. Whoosh keeps
terms, postings and stored words; scores are computed in ``finding``.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any, Self

from whoosh.index import LockError

from exchange.search.analysis import Analyzer
from exchange.search.answering import Answered, AnsweringIndex
from exchange.search.backends.damage import damage_is_named
from exchange.search.backends.generations import (
    Generations,
    discard,
    doubting,
    format_of,
    has_format,
    is_doubted,
    write_manifest,
)
from exchange.search.backends.whoosh_files import (
    LIGHT,
    create_files,
    fields_of_entry,
    merge_tiers,
    open_files,
    sorted_out,
    sweep,
)
from exchange.search.backends.whoosh_reading import Snapshot, SnapshotReader
from exchange.search.corpus import Entry, take_apart
from exchange.search.encoder import Space
from exchange.search.engine import Engine
from exchange.search.port import (
    Document,
    Health,
    IndexBusy,
    IndexUnavailable,
)
from exchange.search.scanning import ScanningEngine

FORMAT = {"format": 2}
WRITER_MEMORY_MB = 64


class GenerationFiles:
    """One generation's directory."""

    def __init__(self, path: Path, space: Space, timeout: float) -> None:
        self.path = path
        self._space = space
        self._timeout = timeout
        self._reader = SnapshotReader(path, space.dimensions)
        self._filling: Any = None

    @classmethod
    def create(cls, path: Path, space: Space, timeout: float) -> Self:
        """Make an empty generation."""
        create_files(path, space.dimensions)
        write_manifest(path, format_of(space, FORMAT))
        return cls(path, space, timeout)

    def snapshot(self) -> Snapshot:
        """The last commit. Raises IndexUnavailable. The caller keeps other threads out."""
        return self._reader.current()

    def has_right_format(self) -> bool:
        """Whether this program's analysis and encoder made it."""
        return has_format(self.path, format_of(self._space, FORMAT))

    def write(self, entries: dict[str, Entry], gone: set[str]) -> None:
        """Replace and remove in one durable commit. Raises IndexBusy, IndexUnavailable."""
        with doubting(self.path), damage_is_named():
            if not self.path.is_dir():
                raise IndexUnavailable(reason="missing")
            writer = self._writer()
            try:
                sweep(self.path)
                before = self.snapshot()
                for number in before.numbers_of(gone | set(entries)):
                    writer.delete_document(int(number))
                for entry in entries.values():
                    writer.add_document(**fields_of_entry(entry))
            except BaseException:
                writer.cancel()
                raise
            writer.commit(mergetype=merge_tiers(LIGHT))
            before.is_whole()  # else what was joined from a file cut short would pass for all of it

    def fill(self, entries: Iterable[Entry]) -> None:
        """Add to a generation that nobody reads; ``fill_up`` ends it. Raises IndexUnavailable."""
        with damage_is_named():
            self._filling = self._filling or self._writer()
            for entry in entries:
                self._filling.add_document(**fields_of_entry(entry))

    def fill_up(self) -> None:
        """Make durable, as one part, what was added."""
        with damage_is_named():
            if self._filling is not None:
                self._filling.commit(merge=False)
                self._filling = None

    def stop_filling(self) -> None:
        """Throw away what was added since the last ``fill_up``."""
        if self._filling is not None:
            with suppress(Exception):  # a full disk
                self._filling.cancel()
            self._filling = None

    def tidy(self, most: int) -> bool:
        """See ``TidiesUp.tidy_up``. Raises IndexBusy, IndexUnavailable."""
        with damage_is_named():
            writer = self._writer()
            try:
                is_due = any(sorted_out(writer.segments, most)[1])
            except BaseException:
                writer.cancel()
                raise
            if is_due:
                writer.commit(mergetype=merge_tiers(most))
            else:
                writer.cancel()
        return is_due

    def _writer(self) -> Any:
        files = open_files(self.path)
        try:
            return files.writer(timeout=self._timeout, limitmb=WRITER_MEMORY_MB)
        except LockError as error:
            raise IndexBusy from error


class WhooshIndex(AnsweringIndex):
    """See ``SearchIndex``. ``timeout`` is how long a write waits for another, in seconds."""

    def __init__(self, root: Path, analyzer: Analyzer, space: Space, timeout: float = 10.0) -> None:
        self._generations = Generations(root)
        self._space = space
        super().__init__(analyzer)
        self._timeout = timeout
        self._lock = RLock()
        self._files: GenerationFiles | None = None
        self._process = os.getpid()

    def index(self, documents: Iterable[Document]) -> int:
        """See ``SearchIndex.index``."""
        entries = {document.key: take_apart(document, self._analyzer) for document in documents}
        if entries:
            with self._lock:
                self._current().write(entries, set())
        return len(entries)

    def delete(self, keys: Iterable[str]) -> None:
        """See ``SearchIndex.delete``."""
        gone = set(keys)
        with self._lock:
            files = self._current()
            if len(files.snapshot().numbers_of(gone)):
                files.write({}, gone)

    def start_generation(self) -> "WhooshGeneration":
        """See ``SearchIndex.start_generation``. An unfinished earlier one is thrown away."""
        with self._lock, damage_is_named():
            path = self._generations.next_path()
            files = GenerationFiles.create(path, self._space, self._timeout)
            return WhooshGeneration(self, files, self._analyzer)

    def adopt(self, files: GenerationFiles) -> None:
        """Let a finished generation answer from now on."""
        with self._lock, damage_is_named():
            self._files = None
            self._generations.adopt(files.path)

    def tidy_up(self, most: int) -> bool:
        """See ``TidiesUp.tidy_up``."""
        with self._lock:
            return self._current().tidy(most)

    def count(self) -> int:
        """See ``SearchIndex.count``."""
        return int(self._snapshot().live.sum())

    def high_water(self) -> int:
        """See ``SearchIndex.high_water``."""
        return high_water_of(self._snapshot())

    def check(self, *, whole: bool = True) -> Health:
        """See ``SearchIndex.check``. Problems: missing, damaged, other_format, not_writable."""
        try:
            # Opened anew: what is open already hides that its files were cut short or replaced.
            files = GenerationFiles(self._generations.current(), self._space, self._timeout)
            snapshot = files.snapshot()
            for view in snapshot.views if whole else ():
                view.verify()
        except IndexUnavailable as error:
            return Health(0, "", 0, 0, (str(error.params.get("reason", "damaged")),))
        doubts = {
            "other_format": not files.has_right_format(),
            "not_writable": not os.access(files.path, os.W_OK),
            "damaged": is_doubted(files.path),
        }
        problems = tuple(code for code, found in doubts.items() if found)
        living, highest = int(snapshot.live.sum()), high_water_of(snapshot)
        return Health(living, snapshot.mark, len(snapshot.views), highest, problems)

    def close(self) -> None:
        """See ``SearchIndex.close``."""
        with self._lock:
            self._files = None

    def _ask(self, answer: Callable[[Engine], Answered]) -> Answered:
        with self._lock:
            files = self._current()
        with doubting(files.path):
            with self._lock:
                snapshot = files.snapshot()
            answered = answer(ScanningEngine(snapshot))
            snapshot.is_whole()  # else what is missing would pass for what is not there
            return answered

    def _snapshot(self) -> Snapshot:
        with self._lock:
            return self._current().snapshot()

    def _current(self) -> GenerationFiles:
        """The generation that answers, opened anew after a switch or in a forked process."""
        path = self._generations.current()
        files = self._files
        if files is None or files.path != path or self._process != os.getpid():
            self._process = os.getpid()
            files = self._files = GenerationFiles(path, self._space, self._timeout)
        return files


class WhooshGeneration:
    """See ``Generation``."""

    def __init__(self, index: WhooshIndex, files: GenerationFiles, analyzer: Analyzer) -> None:
        self._index = index
        self._files = files
        self._analyzer = analyzer
        self._keys: set[str] = set()

    def index(self, documents: Iterable[Document]) -> int:
        """See ``Generation.index``. All becomes one part, which is what answers fastest."""
        entries = {document.key: take_apart(document, self._analyzer) for document in documents}
        if self._keys.isdisjoint(entries):
            self._files.fill(entries.values())
        else:
            self._files.fill_up()
            self._files.write(entries, set())
        self._keys |= entries.keys()
        return len(entries)

    def switch(self) -> None:
        """See ``Generation.switch``."""
        self._files.fill_up()
        self._index.adopt(self._files)

    def abandon(self) -> None:
        """See ``Generation.abandon``."""
        self._files.stop_filling()
        discard(self._files.path)


def high_water_of(snapshot: Snapshot) -> int:
    """The greatest version."""
    return int(snapshot.facts["version"][snapshot.live].max(initial=0))
