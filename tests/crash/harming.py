"""Doing harm to the index directory of a running site, and reading from the site meanwhile."""

import http.client
import json
import random
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from exchange.search.backends.generations import CURRENT, PREFIX
from tests.crash.killing import KilledSite

NOTICE = "只找含有这些字的"
READERS = 2
ASKED_TO_WAIT = 5.0  # seconds
OPEN, CLOSED = (0o755, 0o644), (0o555, 0o444)  # of folders, of files


def current_generation(root: Path) -> Path:
    """The generation that answers."""
    return root / (root / CURRENT).read_text(encoding="utf-8")


def delete(root: Path, chance: random.Random) -> str:
    """Delete the directory or a part of it, or put a file in its place; return which."""
    part = chance.choice(("directory", "generation", "name", "replaced"))
    if part == "name":
        (root / CURRENT).unlink(missing_ok=True)
    elif part == "generation":
        shutil.rmtree(current_generation(root), ignore_errors=True)
    else:
        clear(root)
    if part == "replaced":
        with suppress(FileExistsError):  # the site was quicker
            root.touch(exist_ok=False)
    return part


def clear(root: Path) -> None:
    """Delete all of it, also what is made meanwhile."""
    while root.exists():
        shutil.rmtree(root, ignore_errors=True)


def make_closed(root: Path) -> None:
    """An empty directory in its place, in which nothing can be made from the first moment on."""
    while True:
        clear(root)
        with suppress(FileExistsError):  # the site was quicker
            root.mkdir(CLOSED[0])
            return


def truncate(root: Path, chance: random.Random) -> str:
    """Cut some files of the present generation short; return how many of how many."""
    files = sorted(path for path in current_generation(root).iterdir() if path.is_file())
    chosen = chance.sample(files, chance.randint(1, len(files)))
    for path in chosen:
        with suppress(FileNotFoundError), path.open("r+b") as file:  # merged away meanwhile
            size = path.stat().st_size
            file.truncate(chance.randrange(size) if size else 0)
    return f"{len(chosen)} of {len(files)} files"


def set_modes(root: Path, modes: tuple[int, int]) -> None:
    """Let the site write there, or not. What is made or goes meanwhile is looked at again."""
    for _ in range(3):
        for path in (root, *root.rglob("*")):
            with suppress(FileNotFoundError):
                path.chmod(modes[0] if path.is_dir() else modes[1])


@contextmanager
def unwritable(root: Path) -> Iterator[None]:
    """Nothing can be written there, as on a disk that is full or mounted for reading."""
    set_modes(root, CLOSED)
    try:
        yield
    finally:
        set_modes(root, OPEN)


def is_being_rebuilt(root: Path) -> bool:
    """Whether a generation is being filled."""
    try:
        present = (root / CURRENT).read_text(encoding="utf-8")
    except OSError:
        present = ""
    return any(path.name != present for path in root.glob(f"{PREFIX}*"))


@dataclass
class Watch:
    """Readers that search without pause for listings that were findable before.

    ``answers`` counts what answered: "index", or "database" with its notice. ``faults`` are
    answers that must not be: an error, or a listing that was not found.
    """

    site: KilledSite
    token: str
    chance: random.Random
    keys: list[tuple[str, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    cut_off: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to read; ``keys`` are pairs of external id and title, at least one."""
        for seed in range(READERS):
            each = random.Random(self.chance.random() + seed)
            thread = threading.Thread(target=self._read, args=(each,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def stop(self) -> None:
        """End reading."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(90)

    def look(self, chance: random.Random) -> str:
        """One search through the page or the API; returns what answered. Raises as ``get``."""
        key, title = chance.choice(self.keys)
        return self._api(key) if chance.random() < 0.5 else self._page(key, title)

    def _read(self, chance: random.Random) -> None:
        while not self.stopping.is_set():
            try:
                who = self.look(chance)
            except (OSError, http.client.HTTPException):
                with self.lock:
                    self.cut_off += 1
                time.sleep(0.1)
                continue
            with self.lock:
                self.answers[who] += 1

    def _api(self, key: str) -> str:
        status, text = self._get(f"/api/v1/listings?{urlencode({'q': key})}")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self.stopping.wait(ASKED_TO_WAIT)  # the readers are one client, and a fast one
            return "asked to wait"
        if status != HTTPStatus.OK:
            return self._fault(f"API, {key}: {status} {text[:200]}")
        page = json.loads(text)
        if key not in [item["external_id"] for item in page["items"]]:
            return self._fault(f"API, {key}: not found, plain {page['is_plain']}")
        return "database" if page["is_plain"] else "index"

    def _page(self, key: str, title: str) -> str:
        status, text = self._get(f"/search?{urlencode({'q': key})}")
        said = unescape(re.sub(r"<[^>]+>", "", text))
        if status != 200:
            return self._fault(f"page, {key}: {status} {said[:200]}")
        is_plain = NOTICE in said
        if title not in said:
            return self._fault(f"page, {key}: not found, plain {is_plain}")
        return "database" if is_plain else "index"

    def _fault(self, said: str) -> str:
        with self.lock:
            self.faults.append(said)
        return "fault"

    def _get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.site.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def repeated(act: Callable[[], None], seconds: float) -> Iterator[None]:
    """Do something again and again in the background."""
    stopping = threading.Event()

    def loop() -> None:
        while not stopping.wait(seconds):
            act()

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(60)
