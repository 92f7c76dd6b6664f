"""What the database knows of its tables."""

import sqlalchemy as sa
from flask import Flask

from exchange.jobs.upkeep_jobs import statistics_job
from exchange.kernel.database import db, is_sqlite
from tests.cast import Cast


def test_tables_are_counted_again(app: Flask, cast: Cast) -> None:
    assert cast.officer
    with app.app_context():
        statistics_job.handler(app.extensions["exchange.jobs"], [{}])
        statistics_job.handler(app.extensions["exchange.jobs"], [{}])  # a second time is no harm
        if is_sqlite(db.session):
            counted = db.session.execute(sa.text("SELECT tbl FROM sqlite_stat1"))
            assert "person" in set(counted.scalars())
