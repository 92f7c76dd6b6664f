"""What the database knows of its tables."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.jobs.upkeep_jobs import statistics_job
from exchange.kernel.database import is_sqlite


def test_tables_are_counted_again(app: Flask, session: Session) -> None:
    with app.app_context():
        statistics_job.handler(app.extensions["exchange.jobs"], [{}])
        statistics_job.handler(app.extensions["exchange.jobs"], [{}])  # a second time is no harm
    if is_sqlite(session):
        counted = set(session.execute(sa.text("SELECT tbl FROM sqlite_stat1")).scalars())
        assert "division" in counted
