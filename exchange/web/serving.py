"""A whole site: the web server and the worker, started, watched and stopped together.

The supervisor opens the listening socket itself and hands it to gunicorn, so that a port that is
taken is known at once and a web server that has to be started anew loses no visitor. Children run
in sessions of their own: Ctrl-C reaches the supervisor alone, which then stops them in order.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from exchange.kernel.errors import ConfigurationError
from exchange.kernel.supervision import SUPERVISOR

STOP_SECONDS = 8.0
READY_SECONDS = 60.0
LOOK_SECONDS = 0.1
STEADY_SECONDS = 60.0
LONGEST_PAUSE = 30.0
PORT_PATIENCE = 3.0


@dataclass
class Child:
    """A process that should be running."""

    name: str
    command: Sequence[str]
    keep: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    due: float = 0.0

    def start(self, environ: Mapping[str, str]) -> None:
        """Start it in a session of its own."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command, env=dict(environ), pass_fds=self.keep, start_new_session=True
        )
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_end(self, now: float) -> float:
        """It has ended: return the seconds to wait before the next start, longer each time."""
        steady = now - self.started > STEADY_SECONDS
        self.pause = 1.0 if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.due = now + self.pause
        self.process = None
        return self.pause

    def stop(self, number: signal.Signals) -> None:
        """Send a signal if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


@dataclass
class Supervisor:
    """Keeps the children of one site running until it is told to stop."""

    children: Sequence[Child]
    environ: Mapping[str, str]
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
                child.start(self.environ)
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
            if child.process is not None and child.process.poll() is not None:
                status = child.process.returncode
                pause = child.note_end(now)
                self.say(f"The {child.name} ended ({status}); starting it again in {pause:.0f} s.")
            elif child.process is None and now >= child.due:
                child.start(self.environ)

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


def site_children(number: int) -> list[Child]:
    """The web server on an open socket, and the worker."""
    python = sys.executable
    web = [python, "-m", "gunicorn", "--config", "python:exchange.web.gunicorn_conf", "wsgi:app"]
    worker = [python, "-m", "flask", "--app", "wsgi", "exchange", "worker"]
    return [Child("web server", web, keep=(number,)), Child("worker", worker)]


def site_environ(number: int) -> dict[str, str]:
    """What the children are told."""
    return {**os.environ, "EXCHANGE_BIND": f"fd://{number}", SUPERVISOR: str(os.getpid())}
