"""The command that computes all suggestions anew, says how far that is, stops it and goes on."""

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

import exchange
from exchange.jobs.cli import job_run
from exchange.jobs.runner import JobRun
from exchange.kernel.clock import civil_date
from exchange.kernel.commands import exchange_commands
from exchange.kernel.settings import Settings
from exchange.matching.jobs import continue_refresh, halt_refresh, request_refresh
from exchange.matching.models import RefreshState
from exchange.matching.refresh.queries import RefreshStatus, refresh_status
from exchange.matching.refresh.refreshing import Progress, drive_refresh

MOST_PROCESSES = 8
# What a refresh remembers is large and holds no circles: a search for them is seldom worth it.
COLLECTIONS = (20_000, 50, 100)
NEVER = "Suggestions were never computed anew here."


@exchange_commands.command("rematch")
@click.option(
    "--processes", type=click.IntRange(1, MOST_PROCESSES), default=1, show_default=True,
    help="How many processes share the work.",
)  # fmt: skip
@click.option("--status", "wanted", flag_value="status", help="Only say how far it is.")
@click.option("--stop", "wanted", flag_value="stop", help="Stop it, whoever runs it.")
@click.option("--resume", "wanted", flag_value="resume", help="Let the worker go on with it.")
@with_appcontext
def rematch_command(processes: int, wanted: str | None) -> None:
    """Compute the suggestions of all open listings anew; the site may go on running.

    Interrupted, it is gone on with by the worker, or by this command when given again.
    """
    run: JobRun = current_app.extensions["exchange.jobs"]
    orders = {"status": _say, "stop": _stop, "resume": _resume}
    if wanted is not None:
        orders[wanted](run)
        return
    with run.act() as act:
        request_refresh(act)
    listings, changed = _drive(run, processes)
    click.echo(f"{listings:,} listings, {changed:,} suggestions changed")
    _say(run)


def _drive(run: JobRun, processes: int) -> tuple[int, int]:
    gc.set_threshold(*COLLECTIONS)
    with _others(run.house.settings, processes), click.progressbar(length=1) as bar:
        return drive_refresh(run, _shown_on(bar), (0, processes))


@contextmanager
def _others(settings: Settings, processes: int) -> Iterator[None]:
    """All but the first process; they end with their share."""
    context = multiprocessing.get_context("spawn")
    others = [
        context.Process(target=take_share, args=(settings, which, processes), daemon=True)
        for which in range(1, processes)
    ]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.join()


def take_share(settings: Settings, which: int, of: int) -> None:
    """Do one share of the refresh that runs, in a process of its own."""
    gc.set_threshold(*COLLECTIONS)
    app: Flask = exchange.create_app(settings)
    with app.app_context():
        drive_refresh(job_run(app), None, (which, of))


def _shown_on(bar: "click._termui_impl.ProgressBar[int]") -> Progress:
    def show(done: int, total: int) -> None:
        bar.length = max(total, 1)
        bar.update(done - bar.pos)

    return show


def _status(run: JobRun) -> RefreshStatus | None:
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    return refresh_status(run.read(), today)


def _say(run: JobRun) -> None:
    status = _status(run)
    click.echo(NEVER if status is None else sentence_of(status))


def sentence_of(status: RefreshStatus) -> str:
    """One line for people who run a site."""
    words = {
        RefreshState.RUNNING: "running",
        RefreshState.STOPPED: "stopped",
        RefreshState.DONE: "done",
    }
    said = (
        f"{words[status.state]}: {status.done:,} of {status.total:,} listings "
        f"({status.percent} %), {status.changed:,} suggestions changed, "
        f"since {status.started_at:%Y-%m-%d %H:%M} UTC, engine {status.engine}"
    )
    return f"{said}; {status.failed:,} listings failed" if status.failed else said


def _stop(run: JobRun) -> None:
    _order(run, halt_refresh, "No refresh runs.")


def _resume(run: JobRun) -> None:
    _order(run, continue_refresh, "No refresh was stopped.")


def _order(run: JobRun, verb: Callable[..., bool], otherwise: str) -> None:
    with run.act() as act:
        done = verb(act)
    if not done:
        raise click.ClickException(otherwise)
    _say(run)
