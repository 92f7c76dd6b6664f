"""One command runs a whole site and stops it whole."""

import http.client
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import sqlalchemy as sa

from tests.running_site import (
    ROOT,
    RunningCommand,
    RunningSite,
    command_line,
    environment,
    eventually,
)

pytestmark = pytest.mark.processes
Start = Callable[..., RunningSite]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that was prepared once."""
    folder = tmp_path_factory.mktemp("prepared")
    command = RunningCommand(folder, "prepare")
    assert command.process.wait(900) == 0, command.output
    return folder


@pytest.fixture
def start(prepared: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts sites on a copy of the prepared folder and ends what is left of them."""
    started: list[RunningSite] = []
    folder = tmp_path / "site"
    shutil.copytree(prepared, folder)

    def starting(**settings: str) -> RunningSite:
        started.append(RunningSite(folder, **settings))
        return started[-1]

    yield starting
    for site in started:
        site.close()


def gone(processes: list[psutil.Process]) -> bool:
    return not any(command_line(each) for each in processes)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_without_a_word_of_complaint(
    start: Start, number: signal.Signals
) -> None:
    site = start()
    site.wait_until_ready()
    eventually(lambda: len(site.children()) >= 4, "web server, its workers and the worker run")
    below = site.children()
    assert site.send(number) == 0
    assert gone(below)
    assert "Traceback" not in site.output


def test_nothing_outlives_a_supervisor_that_was_killed(start: Start) -> None:
    site = start()
    site.wait_until_ready()
    below = site.children()
    site.send(signal.SIGKILL)
    eventually(lambda: gone(below), "all children have ended")


def test_connections_that_ask_nothing_keep_nobody_waiting(start: Start) -> None:
    site = start()
    site.wait_until_ready()
    parts = urlsplit(site.address)
    place = (parts.hostname or "", parts.port or 0)
    with ExitStack() as stack:
        for _ in range(12):  # more than all threads together
            stack.enter_context(socket.create_connection(place))
        connection = http.client.HTTPConnection(*place, timeout=2)  # a silent one is left after 5
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()


@pytest.mark.parametrize("which", ["worker", "web"])
def test_a_process_that_dies_is_started_again(start: Start, which: str) -> None:
    site = start()
    site.wait_until_ready()
    first = getattr(site, which)()
    first.kill()
    eventually(lambda: getattr(site, which)() not in (None, first), "a new process")
    eventually(site.is_ready, "the site is ready again")
    assert site.send(signal.SIGTERM) == 0


def test_a_taken_port_is_named_and_nothing_is_started(prepared: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "exchange", "serve"],
            cwd=ROOT,
            env=environment(prepared, PORT=port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert f"port {port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_production_without_secrets_says_what_is_missing(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "exchange", "serve"],
        cwd=ROOT,
        env=environment(tmp_path, EXCHANGE_ENV="production"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "EXCHANGE_SECRET_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_start_keeps_what_was_entered(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    secrets = (first.folder / "secrets.json").read_text(encoding="utf-8")
    assert first.send(signal.SIGTERM) == 0
    engine = sa.create_engine(f"sqlite:///{first.folder / 'exchange.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO outbox_job (name, payload, created_at, run_after, attempts, failed_at) "
            "VALUES ('kept', '{}', '2026-01-01', '2026-01-01', 5, '2026-01-01')"
        )
    second = start()
    second.wait_until_ready()
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM outbox_job WHERE name = 'kept'")
        assert kept.scalar() == 1
    engine.dispose()
    assert (second.folder / "secrets.json").read_text(encoding="utf-8") == secrets
