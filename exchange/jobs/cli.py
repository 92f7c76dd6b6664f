"""The commands of background work: the worker, and giving back what was set aside."""

from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from exchange.jobs.runner import JobRun
from exchange.jobs.service import retry_failed
from exchange.jobs.single import only_worker
from exchange.jobs.worker import Worker
from exchange.kernel.act import House
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.starting import check_start

WORKER_PATIENCE = 10.0  # seconds for one that is just ending


def job_run(app: Flask) -> JobRun:
    """What jobs of this application run with."""
    house = cast("House", app.extensions["exchange"])
    return JobRun(house=house, get_session=db.session, context=app.app_context)


def run_worker(app: Flask) -> None:
    """Run background jobs until a signal stops the process.

    Raises ConfigurationError while another worker runs on the same data folder.
    """
    run = job_run(app)
    folder = run.house.settings.data_dir
    with only_worker(folder, WORKER_PATIENCE):
        Worker(run, folder / "queue.db").serve()


@exchange_commands.command("worker")
@with_appcontext
def worker_command() -> None:
    """Run background jobs: index, match, notify."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the documented way to the real application
    try:
        check_start(app.extensions["exchange"], db.engine)
        run_worker(app)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error


@exchange_commands.group("jobs")
def job_commands() -> None:
    """Background jobs."""


@job_commands.command("retry")
@with_appcontext
def retry_command() -> None:
    """Give the jobs that were set aside back to the worker, once their cause is mended."""
    run: JobRun = current_app.extensions["exchange.jobs"]
    with run.act() as act:
        count = retry_failed(act)
    click.echo(f"{count:,} jobs run again." if count else "No job was set aside.")
