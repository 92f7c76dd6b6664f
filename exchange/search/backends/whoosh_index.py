"""Whoosh, the embedded default engine.

A root directory holds generations, each a Whoosh index, and a file ``current`` that names the one
that answers. One process writes (Whoosh's own file lock guards it); any number read and notice a
commit or a switch at their next question. Whoosh keeps terms, postings and stored words; scores
are computed in ``finding``.
"""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import Any, Self

from whoosh.index import LockError

from exchange.search.analysis import ANALYSIS_VERSION, Analyzer
from exchange.search.backends.whoosh_files import (
    create_files,
    fields_of_entry,
    merge_tiers,
    open_files,
    sweep,
    sync_directory,
    sync_file,
)
from exchange.search.backends.whoosh_reading import Snapshot, SnapshotReader, damage_is_named
from exchange.search.corpus import FACTS, Entry, take_apart
from exchange.search.encoder import Space
from exchange.search.finding import find, find_candidates, find_like, find_titles
from exchange.search.port import (
    Answer,
    Candidate,
    Document,
    Filters,
    Health,
    IndexBusy,
    IndexUnavailable,
    Query,
)
from exchange.search.scanning import ScanningEngine

FORMAT = {"format": 1, "analysis": ANALYSIS_VERSION, "facts": FACTS.itemsize}
CURRENT = "current"
MANIFEST = "manifest.json"
PREFIX = "generation-"
WRITER_MEMORY_MB = 64


def write_whole(path: Path, text: str) -> None:
    """Replace a small file at one moment, surviving a power failure."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    sync_file(draft)
    draft.replace(path)
    sync_directory(path.parent)


def format_of(space: Space) -> dict[str, object]:
    """What must be the same for an index to be understood by this program."""
    return {
        "format": FORMAT,
        "analysis": ANALYSIS_VERSION,
        "facts": FACTS.itemsize,
        "encoder": space.encoder,
        "dimensions": space.dimensions,
    }


class GenerationFiles:
    """One generation's directory."""

    def __init__(self, path: Path, space: Space, timeout: float) -> None:
        self.path = path
        self._space = space
        self._timeout = timeout
        self._reader = SnapshotReader(path, space.dimensions)

    @classmethod
    def create(cls, path: Path, space: Space, timeout: float) -> Self:
        """Make an empty generation."""
        create_files(path, space.dimensions)
        write_whole(path / MANIFEST, json.dumps(format_of(space)))
        return cls(path, space, timeout)

    def snapshot(self) -> Snapshot:
        """The last commit. Raises IndexUnavailable. The caller keeps other threads out."""
        return self._reader.current()

    def has_right_format(self) -> bool:
        """Whether this program's analysis and encoder made it."""
        try:
            found = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(found == format_of(self._space))

    def write(self, entries: dict[str, Entry], gone: set[str]) -> None:
        """Replace and remove in one durable commit. Raises IndexBusy, IndexUnavailable."""
        with damage_is_named():
            if not self.path.is_dir():
                raise IndexUnavailable(reason="missing")
            writer = self._writer()
            try:
                sweep(self.path)
                for number in self.snapshot().numbers_of(gone | set(entries)):
                    writer.delete_document(int(number))
                for entry in entries.values():
                    writer.add_document(**fields_of_entry(entry))
            except BaseException:
                writer.cancel()
                raise
            writer.commit(mergetype=merge_tiers)

    def _writer(self) -> Any:
        files = open_files(self.path)
        try:
            return files.writer(timeout=self._timeout, limitmb=WRITER_MEMORY_MB)
        except LockError as error:
            raise IndexBusy from error


class WhooshIndex:
    """See ``SearchIndex``. ``timeout`` is how long a write waits for another, in seconds."""

    def __init__(self, root: Path, analyzer: Analyzer, space: Space, timeout: float = 10.0) -> None:
        self._root = root
        self._space = space
        self._analyzer = analyzer
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

    def search(self, query: Query) -> Answer:
        """See ``SearchIndex.search``."""
        return find(self._engine(), query, self._analyzer)

    def suggest(
        self, text: str, filters: Filters, limit: int, audience: frozenset[str] | None
    ) -> list[str]:
        """See ``SearchIndex.suggest``."""
        return find_titles(self._engine(), text, filters, limit, audience, self._analyzer)

    def candidates(
        self, text: str, filters: Filters, limit: int, audience: frozenset[str] | None = None
    ) -> list[Candidate]:
        """See ``SearchIndex.candidates``."""
        return find_candidates(self._engine(), text, filters, limit, audience, self._analyzer)

    def more_like(
        self, key: str, filters: Filters, limit: int, audience: frozenset[str] | None
    ) -> list[Candidate]:
        """See ``SearchIndex.more_like``."""
        return find_like(self._engine(), key, filters, limit, audience, self._analyzer)

    def start_generation(self) -> "WhooshGeneration":
        """See ``SearchIndex.start_generation``. An unfinished earlier one is thrown away."""
        with self._lock:
            self._root.mkdir(parents=True, exist_ok=True)
            present = self._current_name()
            names = [path.name for path in self._root.glob(f"{PREFIX}*")]
            for name in names:
                if name != present:
                    shutil.rmtree(self._root / name, ignore_errors=True)
            last = max((int(name.removeprefix(PREFIX)) for name in names), default=0)
            path = self._root / f"{PREFIX}{last + 1:06}"
            files = GenerationFiles.create(path, self._space, self._timeout)
            return WhooshGeneration(self, files, self._analyzer)

    def adopt(self, files: GenerationFiles) -> None:
        """Let a finished generation answer from now on."""
        with self._lock:
            former = self._current_name()
            write_whole(self._root / CURRENT, files.path.name)
            self._files = None
            if former and former != files.path.name:
                shutil.rmtree(self._root / former, ignore_errors=True)

    def count(self) -> int:
        """See ``SearchIndex.count``."""
        return int(self._snapshot().live.sum())

    def high_water(self) -> int:
        """See ``SearchIndex.high_water``."""
        snapshot = self._snapshot()
        return int(snapshot.facts["version"][snapshot.live].max(initial=0))

    def check(self) -> Health:
        """See ``SearchIndex.check``. Problems: missing, damaged, other_format, not_writable."""
        try:
            with self._lock:
                files = self._current()
                snapshot = files.snapshot()
                for view in snapshot.views:
                    view.verify()
        except IndexUnavailable as error:
            return Health(0, "", 0, 0, (str(error.params.get("reason", "damaged")),))
        doubts = {
            "other_format": not files.has_right_format(),
            "not_writable": not os.access(files.path, os.W_OK),
        }
        problems = tuple(code for code, found in doubts.items() if found)
        living = int(snapshot.live.sum())
        return Health(living, snapshot.mark, len(snapshot.views), self.high_water(), problems)

    def close(self) -> None:
        """See ``SearchIndex.close``."""
        with self._lock:
            self._files = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _engine(self) -> ScanningEngine:
        return ScanningEngine(self._snapshot())

    def _snapshot(self) -> Snapshot:
        with self._lock:
            return self._current().snapshot()

    def _current(self) -> GenerationFiles:
        """The generation that answers, opened anew after a switch or in a forked process."""
        name = self._current_name()
        if not name:
            raise IndexUnavailable(reason="missing")
        files = self._files
        if files is None or files.path.name != name or self._process != os.getpid():
            self._process = os.getpid()
            files = self._files = GenerationFiles(self._root / name, self._space, self._timeout)
        return files

    def _current_name(self) -> str:
        try:
            name = (self._root / CURRENT).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            raise IndexUnavailable(reason="damaged") from error
        return name if name.removeprefix(PREFIX).isdigit() else ""


class WhooshGeneration:
    """See ``Generation``."""

    def __init__(self, index: WhooshIndex, files: GenerationFiles, analyzer: Analyzer) -> None:
        self._index = index
        self._files = files
        self._analyzer = analyzer

    def index(self, documents: Iterable[Document]) -> int:
        """See ``Generation.index``; call it with thousands at a time, each call is a commit."""
        entries = {document.key: take_apart(document, self._analyzer) for document in documents}
        if entries:
            self._files.write(entries, set())
        return len(entries)

    def switch(self) -> None:
        """See ``Generation.switch``."""
        self._index.adopt(self._files)

    def abandon(self) -> None:
        """See ``Generation.abandon``."""
        shutil.rmtree(self._files.path, ignore_errors=True)
