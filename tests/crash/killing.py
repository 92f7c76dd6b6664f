"""Posting to a site through its API while its processes are killed at random moments."""

import http.client
import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from tests.running_site import RunningSite, eventually

POSTERS = 4
AGAIN_SECONDS = 0.1
LONGEST_WAIT = 0.8
WHOLE_EVERY = 5
VICTIMS = ("worker", "web server", "web process")


@dataclass
class KilledSite:
    """A site of which any process may be gone at any moment; its folder stays."""

    folder: Path
    settings: dict[str, str]
    through: Sequence[str] = ()
    site: RunningSite = field(init=False)
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start the whole site on the same folder."""
        self.site = RunningSite(self.folder, self.through, **self.settings)
        self.site.wait_until_ready()

    def call(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any]:
        """One request; returns status and JSON. Raises OSError or HTTPException when cut off."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        try:
            connection.request(
                method,
                f"/api/v1{path}",
                body=None if body is None else json.dumps(body),
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def found(self, words: str, token: str) -> list[str]:
        """The external ids that a search through the API brings up."""
        status, page = self.call("GET", f"/listings?{urlencode({'q': words})}", token)
        assert status == 200, page
        return [item["external_id"] for item in page["items"]]

    def kill(self, victim: str, chance: random.Random) -> None:
        """End one process, or all of them, without a word of warning; see that it comes back."""
        self.kills[victim] += 1
        if victim == "everything":
            for process in [*self.site.children(), psutil.Process(self.site.process.pid)]:
                _end(process)
            self.site.process.wait(60)
            self.start()
            return
        process = self._alive(victim, chance)
        _end(process)
        eventually(lambda: not process.is_running() or _is_zombie(process), f"{victim} has ended")
        eventually(self._is_whole, f"everything runs again after the end of the {victim}")

    def _alive(self, victim: str, chance: random.Random) -> psutil.Process:
        """One process of a whole site, from one look: between two looks another may be starting."""
        found: list[psutil.Process] = []

        def is_there() -> bool:
            found[:] = self._candidates(victim)
            return bool(found)

        eventually(is_there, "all processes run")
        return chance.choice(found)

    def _candidates(self, victim: str) -> list[psutil.Process]:
        """The processes that the victim may be; none as long as the site is not whole."""
        try:
            web, worker = self.site.web(), self.site.worker()
            servers = sorted(web.children(), key=lambda child: child.pid) if web else []
        except psutil.NoSuchProcess:
            return []
        if web is None or worker is None or not servers:
            return []
        return {"web process": servers, "worker": [worker], "web server": [web]}[victim]

    def _is_whole(self) -> bool:
        return bool(self._candidates("worker"))


def _end(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@dataclass
class Posting:
    """Posts listings from several threads; tries again, under the same key, until acknowledged."""

    site: KilledSite
    bodies: Sequence[dict[str, Any]]
    token_for: Callable[[dict[str, Any]], str]
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: list[Any] = field(default_factory=list)
    failed: list[Any] = field(default_factory=list)
    cut_off: int = 0
    allowed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin; each listing waits until it is allowed."""
        for number in range(POSTERS):
            share = self.bodies[number::POSTERS]
            thread = threading.Thread(target=self._post_all, args=(share,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def allow(self, count: int) -> None:
        """Let so many more be posted."""
        self.allowed.release(count)

    def stop(self) -> None:
        """Post no more than what was begun."""
        self.stopping.set()
        self.allow(POSTERS)

    def wait(self, patience: float) -> None:
        """Wait for the last answer."""
        limit = time.monotonic() + patience
        for thread in self.threads:
            thread.join(max(0.1, limit - time.monotonic()))
            assert not thread.is_alive(), f"{len(self.acknowledged)} acknowledged, then silence"

    def _post_all(self, share: Sequence[dict[str, Any]]) -> None:
        for body in share:
            self.allowed.acquire()
            if self.stopping.is_set():
                return
            while not self._is_answered(body):
                time.sleep(AGAIN_SECONDS)

    def _is_answered(self, body: dict[str, Any]) -> bool:
        try:
            status, answer = self.site.call("POST", "/listings", self.token_for(body), body)
        except (OSError, http.client.HTTPException, ValueError):
            with self.lock:
                self.cut_off += 1
            return False
        if status >= 500:
            with self.lock:
                self.failed.append((status, answer))
            return False
        with self.lock:
            if status in (200, 201):
                self.acknowledged[body["external_id"]] = status
            else:
                self.refused.append((status, answer))
        return True


def kill_while_posting(posting: Posting, kills: int, chance: random.Random) -> None:
    """Allow an equal share of the listings before each kill, and kill at a random moment."""
    count = len(posting.bodies)
    posting.start()
    for number in range(kills):
        posting.allow(count * (number + 1) // kills - count * number // kills)
        time.sleep(chance.uniform(0, LONGEST_WAIT))
        whole = number % WHOLE_EVERY == WHOLE_EVERY - 1 or number == kills - 1
        posting.site.kill("everything" if whole else chance.choice(VICTIMS), chance)
