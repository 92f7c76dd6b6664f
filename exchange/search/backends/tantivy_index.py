"""tantivy, the fast embedded engine; it comes with the optional extra ``fast``.

Each generation (see ``generations``) is a tantivy index and two files of vectors. One process
writes, guarded by tantivy's own file lock; any number read and notice a commit or a switch at their
next question. tantivy chooses candidates; they are scored in ``staged``.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from threading import RLock

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
from exchange.search.backends.tantivy_checking import verify
from exchange.search.backends.tantivy_reading import Reader, View
from exchange.search.backends.tantivy_retriever import TantivyRetriever
from exchange.search.backends.tantivy_schema import FORMAT, VERSION
from exchange.search.backends.tantivy_writing import Taken, Writer, create
from exchange.search.corpus import take_apart
from exchange.search.encoder import Space
from exchange.search.engine import Engine
from exchange.search.port import (
    Document,
    Health,
    IndexUnavailable,
)
from exchange.search.staged import StagedEngine, flats_of


class GenerationFiles:
    """One generation's directory. The caller keeps other threads out."""

    def __init__(self, path: Path, space: Space, timeout: float) -> None:
        self.path = path
        self._reader = Reader(path, space.dimensions)
        self._writer = Writer(path, space.dimensions, timeout)

    def view(self) -> View:
        """The last commit. Raises IndexUnavailable."""
        return self._reader.current()

    def write(self, taken: Mapping[str, Taken], gone: set[str]) -> None:
        """Replace and remove in one durable commit. Raises IndexBusy, IndexUnavailable."""
        with doubting(self.path):
            view = self.view()
            self._writer.write(view, taken, gone)
            view.is_whole()  # else what was joined from a file cut short would pass for all of it


class TantivyIndex(AnsweringIndex):
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
        taken = take_all(documents, self._analyzer)
        if taken:
            with self._lock:
                self._current().write(taken, set())
        return len(taken)

    def delete(self, keys: Iterable[str]) -> None:
        """See ``SearchIndex.delete``."""
        gone = set(keys)
        with self._lock:
            files = self._current()
            if gone and files.view().has_any(gone):
                files.write({}, gone)

    def start_generation(self) -> "TantivyGeneration":
        """See ``SearchIndex.start_generation``. An unfinished earlier one is thrown away."""
        with self._lock, damage_is_named():
            path = self._generations.next_path()
            create(path)
            write_manifest(path, format_of(self._space, FORMAT))
            files = GenerationFiles(path, self._space, self._timeout)
            return TantivyGeneration(self, files, self._analyzer)

    def adopt(self, files: GenerationFiles) -> None:
        """Let a finished generation answer from now on."""
        with self._lock, damage_is_named():
            self._files = None
            self._generations.adopt(files.path)

    def count(self) -> int:
        """See ``SearchIndex.count``."""
        return self._view().size

    def high_water(self) -> int:
        """See ``SearchIndex.high_water``."""
        return high_water_of(self._view())

    def check(self, *, whole: bool = True) -> Health:
        """See ``SearchIndex.check``. Problems: missing, damaged, other_format, not_writable."""
        try:
            with self._lock:
                path = self._current().path
                view = verify(path, self._space.dimensions, whole=whole)
                highest = high_water_of(view)
        except IndexUnavailable as error:
            return Health(0, "", 0, 0, (str(error.params.get("reason", "damaged")),))
        doubts = {
            "other_format": not has_format(path, format_of(self._space, FORMAT)),
            "not_writable": not os.access(path, os.W_OK),
            "damaged": is_doubted(path),
        }
        problems = tuple(code for code, found in doubts.items() if found)
        return Health(view.size, path.name, int(view.searcher.num_segments), highest, problems)

    def close(self) -> None:
        """See ``SearchIndex.close``."""
        with self._lock:
            self._files = None

    def _ask(self, answer: Callable[[Engine], Answered]) -> Answered:
        with self._lock:
            files = self._current()
        with doubting(files.path):
            with self._lock:
                view = files.view()
            answered = answer(StagedEngine(TantivyRetriever(view)))
            view.is_whole()  # else what is missing would pass for what is not there
            return answered

    def _view(self) -> View:
        with self._lock:
            return self._current().view()

    def _current(self) -> GenerationFiles:
        """The generation that answers, opened anew after a switch or in a forked process."""
        path = self._generations.current()
        files = self._files
        if files is None or files.path != path or self._process != os.getpid():
            self._process = os.getpid()
            files = self._files = GenerationFiles(path, self._space, self._timeout)
        return files


class TantivyGeneration:
    """See ``Generation``."""

    def __init__(self, index: TantivyIndex, files: GenerationFiles, analyzer: Analyzer) -> None:
        self._index = index
        self._files = files
        self._analyzer = analyzer

    def index(self, documents: Iterable[Document]) -> int:
        """See ``Generation.index``; call it with thousands at a time, each call is a commit."""
        taken = take_all(documents, self._analyzer)
        if taken:
            self._files.write(taken, set())
        return len(taken)

    def switch(self) -> None:
        """See ``Generation.switch``."""
        self._index.adopt(self._files)

    def abandon(self) -> None:
        """See ``Generation.abandon``."""
        discard(self._files.path)


def take_all(documents: Iterable[Document], analyzer: Analyzer) -> dict[str, Taken]:
    """Documents taken apart, by key; of two with one key the later."""
    return {one.key: (take_apart(one, analyzer), flats_of(one, analyzer)) for one in documents}


def high_water_of(view: View) -> int:
    """The greatest version."""
    with damage_is_named():
        highest = view.by(VERSION, [], 1, falling=True)
    return max(0, int(highest[0][0])) if highest else 0
