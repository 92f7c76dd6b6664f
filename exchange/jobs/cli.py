"""The worker command."""

from typing import cast

from flask import Flask, current_app
from flask.cli import with_appcontext

from exchange.jobs.runner import JobRun
from exchange.jobs.worker import Worker
from exchange.kernel.act import House
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.supervision import stop_with_supervisor


def job_run(app: Flask) -> JobRun:
    """What jobs of this application run with."""
    house = cast("House", app.extensions["exchange"])
    return JobRun(house=house, get_session=db.session, context=app.app_context)


@exchange_commands.command("worker")
@with_appcontext
def worker_command() -> None:
    """Run background jobs: index, match, notify."""
    stop_with_supervisor()
    run = job_run(current_app._get_current_object())  # type: ignore[attr-defined]  # the documented way to the real application
    Worker(run, run.house.settings.data_dir / "queue.db").serve()
