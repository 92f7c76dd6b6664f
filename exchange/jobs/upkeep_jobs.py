"""Keeping what the database knows of its own tables up to date."""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.database import is_sqlite

LOOKED_AT = 1_000  # rows of each index; more would make little difference and take long


@job("database.statistics", every_minutes=60)
def statistics_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Count, so that SQLite chooses good indexes; PostgreSQL does so by itself."""
    refresh_statistics(run)


def refresh_statistics(run: Run) -> None:
    """Takes some hundredths of a second, whatever the size."""
    with run.act() as act:
        if is_sqlite(act.session):
            act.session.execute(sa.text(f"PRAGMA analysis_limit={LOOKED_AT}"))
            act.session.execute(sa.text("ANALYZE"))
