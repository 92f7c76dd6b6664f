"""Generations in a directory, as engines with files keep them.

A root directory holds generations, each a directory, and a file ``current`` that names the one
that answers. Whoever rebuilds fills a new one beside it and lets ``current`` name that at one
moment; readers of other processes look at the name at their next question. No name is given
twice, not even after a generation was deleted: what is being filled would answer already where
``current`` names a former one, and readers would not notice that it is another.
"""

import json
import os
import shutil
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from exchange.search.analysis import ANALYSIS_VERSION
from exchange.search.corpus import FACTS
from exchange.search.encoder import Space
from exchange.search.port import IndexUnavailable

CURRENT = "current"
MANIFEST = "manifest.json"
PREFIX = "generation-"
DOUBTED = "doubted"
MOST_OPEN = 256  # files that a view keeps open beside those of the library


def sync_file(path: Path) -> None:
    """fsync one file; a file that is gone (merged into another) needs none."""
    if not path.exists():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """fsync a directory, so that names in it survive a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, text: str) -> None:
    """Replace a small file at one moment, surviving a power failure."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    sync_file(draft)
    draft.replace(path)
    sync_directory(path.parent)


def format_of(space: Space, form: object) -> dict[str, object]:
    """What must be the same for an index to be understood by this program.

    ``form`` is the engine's own part of it; it must be what JSON gives back.
    """
    return {
        "format": form,
        "analysis": ANALYSIS_VERSION,
        "facts": FACTS.itemsize,
        "encoder": space.encoder,
        "dimensions": space.dimensions,
    }


def write_manifest(path: Path, form: dict[str, object]) -> None:
    """Note in a generation what made it."""
    write_whole(path / MANIFEST, json.dumps(form))


def has_format(path: Path, form: dict[str, object]) -> bool:
    """Whether a generation was made by this program's analysis and encoder."""
    try:
        found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == form)


@contextmanager
def doubting(path: Path) -> Iterator[None]:
    """Note in a generation that a reader met damage, which a look at it may miss."""
    try:
        yield
    except IndexUnavailable as error:
        if error.params.get("reason") == "damaged":
            with suppress(OSError):
                (path / DOUBTED).touch()
        raise


def is_doubted(path: Path) -> bool:
    """Whether a reader met damage; the note goes with the generation."""
    return (path / DOUBTED).exists()


class Generations:
    """The root directory. The caller keeps other threads out."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path:
        """The one that answers. Raises IndexUnavailable."""
        name = self._name()
        if not name:
            raise IndexUnavailable(reason="missing")
        return self.root / name

    def next_path(self) -> Path:
        """Where a new one belongs; unfinished earlier ones are thrown away, and so is a file in
        the place of the directory."""
        if self.root.is_file() and not self.root.is_symlink():
            self.root.unlink(missing_ok=True)
        self.root.mkdir(parents=True, exist_ok=True)
        present = self._readable_name()
        names = [path.name for path in self.root.glob(f"{PREFIX}*")]
        for name in names:
            if name != present:
                discard(self.root / name)
        known = [*names, present] if present else names
        last = max((int(name.removeprefix(PREFIX)) for name in known), default=0)
        return self.root / f"{PREFIX}{max(last + 1, time.time_ns())}"

    def adopt(self, path: Path) -> None:
        """Let a finished one answer from now on; the former one is removed."""
        former = self._readable_name()
        write_whole(self.root / CURRENT, path.name)
        if former and former != path.name:
            discard(self.root / former)

    def _readable_name(self) -> str:
        """The present name; none where it cannot be read, which a rebuild mends."""
        try:
            return self._name()
        except IndexUnavailable:
            return ""

    def _name(self) -> str:
        try:
            name = (self.root / CURRENT).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            raise IndexUnavailable(reason="damaged") from error
        return name if name.removeprefix(PREFIX).isdigit() else ""


def sizes_of(paths: Iterable[Path]) -> dict[Path, int]:
    """How long these files are now; what is gone is left out."""
    found: dict[Path, int] = {}
    for path in paths:
        with suppress(FileNotFoundError):
            found[path] = path.stat().st_size
    return found


class Lengths:
    """How long files were when they were about to be opened.

    Behind the end of a file that was cut short a library finds zeros or nothing, which would pass
    for documents that are not there, or end the process. Such a file may be gone by the time
    somebody looks, merged into another or removed with its generation; so the smaller ones, which
    go soonest, are kept open.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._of_open: dict[int, int] = {}
        self._of_others: dict[Path, int] = {}
        weakref.finalize(self, _close_all, self._of_open)
        for path, size in sorted(sizes_of(paths).items(), key=lambda pair: pair[1]):
            self._note(path, size)

    def _note(self, path: Path, size: int) -> None:
        if len(self._of_open) < MOST_OPEN:
            try:
                descriptor = os.open(path, os.O_RDONLY)
            except FileNotFoundError:
                return
            except OSError:  # too many are open in this process
                pass
            else:
                self._of_open[descriptor] = os.fstat(descriptor).st_size
                return
        self._of_others[path] = size

    def are_kept(self) -> None:
        """Raise IndexUnavailable when a file is shorter by now."""
        for descriptor, size in self._of_open.items():
            if os.fstat(descriptor).st_size < size:
                raise IndexUnavailable(reason="damaged", detail="length")
        for path, size in self._of_others.items():
            with suppress(OSError):  # gone; what is open stays
                if path.stat().st_size < size:
                    raise IndexUnavailable(reason="damaged", detail=path.name)


def _close_all(descriptors: dict[int, int]) -> None:
    for descriptor in descriptors:
        with suppress(OSError):
            os.close(descriptor)


def discard(path: Path) -> None:
    """Remove a generation."""
    shutil.rmtree(path, ignore_errors=True)
