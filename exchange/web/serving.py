"""A whole site: the web server and the worker, started, watched and stopped together.

The supervisor opens the listening socket itself and hands it to gunicorn, so that a port that is
taken is known at once and a web server that has to be started anew loses no visitor. Children are
forks of the supervisor: the application is loaded once and its memory shared. They run in
sessions of their own: Ctrl-C reaches the supervisor alone, which then stops them in order.
"""

import contextvars
import http.client
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from flask import Flask
from gunicorn.app.base import Application

from exchange.jobs.cli import run_worker
from exchange.kernel.database import db
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.supervision import stop_with_parent

STOP_SECONDS = 8.0
READY_SECONDS = 60.0
LOOK_SECONDS = 0.1
STEADY_SECONDS = 60.0
LONGEST_PAUSE = 30.0
PORT_PATIENCE = 3.0


@dataclass
class Child:
    """A process that should be running: a fork of the supervisor that calls ``work``."""

    name: str
    work: Callable[[], None]
    pid: int | None = None
    status: int = 0
    started: float = 0.0
    pause: float = 1.0
    due: float = 0.0

    def start(self) -> None:
        """Start it."""
        self.pid = fork(self.work)
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Whether it runs; notes how it ended when it has."""
        if self.pid is None:
            return False
        ended, status = os.waitpid(self.pid, os.WNOHANG)
        if ended:
            self.pid, self.status = None, os.waitstatus_to_exitcode(status)
        return self.pid is not None

    def note_end(self, now: float) -> float:
        """It has ended: return the seconds to wait before the next start, longer each time."""
        steady = now - self.started > STEADY_SECONDS
        self.pause = 1.0 if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.due = now + self.pause
        return self.pause

    def stop(self, number: signal.Signals) -> None:
        """Send a signal if it runs."""
        if self.is_running and self.pid is not None:
            os.kill(self.pid, number)


def fork(work: Callable[[], None]) -> int:
    """Do the work in a process of its own and return its id.

    The process has a session of its own, none of the parent's signal handlers or context, and
    stops when the parent is gone.
    """
    parent = os.getpid()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        stop_with_parent(parent)
        contextvars.Context().run(work)
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001 - the process ends here, with the whole story
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


@dataclass
class Supervisor:
    """Keeps the children of one site running until it is told to stop."""

    children: Sequence[Child]
    is_ready: Callable[[], bool]
    on_ready: Callable[[], None]
    say: Callable[[str], None]
    stopping: bool = field(default=False, init=False)

    def run(self) -> int:
        """Start all, wait until the site answers, watch. Returns the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told_to_stop)
        try:
            for child in self.children:
                child.start()
            if not self._wait_until_ready():
                return 0 if self.stopping else 1
            self.on_ready()
            while not self.stopping:
                self._look_after()
                time.sleep(LOOK_SECONDS)
            return 0
        finally:
            self.stop_all()

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _wait_until_ready(self) -> bool:
        limit = time.monotonic() + READY_SECONDS
        while not self.stopping and time.monotonic() < limit:
            ended = next((child for child in self.children if not child.is_running), None)
            if ended is not None:
                self.say(f"The {ended.name} could not start; the reason stands above.")
                return False
            if self.is_ready():
                return not self.stopping
            time.sleep(LOOK_SECONDS)
        if not self.stopping:
            self.say(f"The site did not answer within {READY_SECONDS:.0f} seconds.")
        return False

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            was_running = child.pid is not None
            if child.is_running:
                continue
            if was_running:
                pause = child.note_end(now)
                self.say(
                    f"The {child.name} ended ({child.status}); starting it again in {pause:.0f} s."
                )
            elif now >= child.due:
                child.start()

    def stop_all(self) -> None:
        """Ask every child to stop, wait a few seconds, then insist."""
        for child in self.children:
            child.stop(signal.SIGTERM)
        limit = time.monotonic() + STOP_SECONDS
        while time.monotonic() < limit and any(child.is_running for child in self.children):
            time.sleep(LOOK_SECONDS)
        for child in self.children:
            child.stop(signal.SIGKILL)


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket. Raises ConfigurationError when the port is taken.

    Web processes that outlive a killed supervisor notice within a second; so long it waits.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    limit = time.monotonic() + PORT_PATIENCE
    while True:
        opened = socket.socket(family, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, port))
            opened.listen(2048)
        except OSError as error:
            opened.close()
            if time.monotonic() > limit:
                raise ConfigurationError(
                    f"cannot listen on {host}, port {port}: {error.strerror}. "
                    "Choose another port, for example PORT=8080."
                ) from error
            time.sleep(LOOK_SECONDS)
        else:
            opened.set_inheritable(True)
            return opened


def answers(host: str, port: int) -> bool:
    """Whether the site says that it is ready."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(near, port, timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class SiteServer(Application):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn over an application that is already loaded and a socket that is already open."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        self.application = app
        self.listening = listening
        super().__init__()

    def load_config(self) -> None:
        self.load_config_from_module_name_or_filename("python:exchange.web.gunicorn_conf")
        self.cfg.set("bind", f"fd://{self.listening.fileno()}")

    def load(self) -> Flask:
        return self.application


def site_children(app: Flask, listening: socket.socket) -> list[Child]:
    """The web server on an open socket, and the worker."""

    def work() -> None:
        listening.close()
        with app.app_context():
            db.engine.dispose(close=False)
        run_worker(app)

    return [Child("web server", SiteServer(app, listening).run), Child("worker", work)]
