"""Work outside the database, as rows in the writer's commit.

A service or a listener enqueues a job: an outbox row that commits or rolls back with the act. The
worker's relay hands rows to a queue library (Huey), which runs, retries and schedules them. A row
goes only after its job has run, so a killed worker loses nothing; a job may therefore run twice.
"""

from flask import Flask

from exchange.jobs import upkeep_jobs
from exchange.jobs.cli import job_run

__all__ = ["register", "upkeep_jobs"]


def register(app: Flask) -> None:
    """Make the means to run jobs available to commands and tests."""
    app.extensions["exchange.jobs"] = job_run(app)
