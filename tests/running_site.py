"""A real site in processes of its own, as `make run` starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
PATIENCE = 600.0  # seconds, for machines that are slow and busy
SOLVER = "plan_flow.py"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until something holds; fail with its name when it never does."""
    limit = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < limit, f"never happened: {what}"
        time.sleep(0.05)


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """This environment without the exchange's own variables, and a data folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("EXCHANGE_") and name not in ("PORT", "HOST")
    }
    return {
        **kept,
        "EXCHANGE_DATA_DIR": str(folder),
        "EXCHANGE_ENV": "demonstration",
        "EXCHANGE_ENCODER": "hash",
        **settings,
    }


def has_servers(process: psutil.Process) -> bool:
    """Whether it has children that serve; the solver of a plan is the worker's own."""
    lines = [command_line(each) for each in process.children()]
    return any(line and SOLVER not in line for line in lines)


class RunningCommand:
    """A flask command that runs in the background; what it says goes into a file.

    ``through`` is a command that runs the command given behind it in its own place.
    """

    def __init__(
        self,
        folder: Path,
        *command: str,
        app: str = "wsgi",
        through: Sequence[str] = (),
        **settings: str,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.said = folder / "said.txt"
        with self.said.open("ab") as output:
            self.process = subprocess.Popen(
                [*through, sys.executable, "-m", "flask", "--app", app, "exchange", *command],
                cwd=ROOT,
                env=environment(folder, **settings),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def children(self) -> list[psutil.Process]:
        """Every process below this one."""
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def send(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End whatever is left."""
        if self.process.poll() is None:
            self.send(signal.SIGTERM)


class RunningSite(RunningCommand):
    """`exchange serve` on a free port."""

    def __init__(self, folder: Path, through: Sequence[str] = (), **settings: str) -> None:
        self.port = free_port()
        super().__init__(folder, "serve", through=through, PORT=str(self.port), **settings)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310 - our own site
                return int(answer.status) == 200
        except (OSError, urllib.error.URLError):
            return False

    def observed(self) -> dict[str, bool]:
        """What the site says of its parts."""
        with urllib.request.urlopen(f"{self.address}/readyz", timeout=30) as answer:  # noqa: S310 - our own site
            found: dict[str, bool] = json.load(answer)["checks"]
            return found

    def wait_until_ready(self) -> None:
        """Wait for the site to answer; show what it said when it ends instead."""

        def ready() -> bool:
            assert self.process.poll() is None, self.output
            return self.is_ready() and self.address in self.output

        eventually(ready, f"{self.address} is ready")

    def web(self) -> psutil.Process | None:
        """The web server's first process: the child that has children."""
        return next((each for each in self._direct() if has_servers(each)), None)

    def worker(self) -> psutil.Process | None:
        """The background worker: the child without children, once the web server has some."""
        alone = [each for each in self._direct() if not has_servers(each)]
        return alone[0] if len(alone) == 1 and self.web() else None

    def _direct(self) -> list[psutil.Process]:
        return [each for each in psutil.Process(self.process.pid).children() if command_line(each)]


def command_line(process: psutil.Process) -> str:
    """How a process was started; nothing when it has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
