"""What the contract is tried on: an empty index, and a filled one that tests only read.

They ask for a database so that the run on PostgreSQL tries the engine that lives there.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.search.port import SearchIndex
from tests.conftest import PostgresCopies, SqliteCopies
from tests.search.engines import ENGINES, SHELF, engines_here


@pytest.fixture(params=engines_here())
def index(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    database_copies: SqliteCopies | PostgresCopies,
) -> Iterator[SearchIndex]:
    with ENGINES[request.param](tmp_path / "index") as opened:
        yield opened


@pytest.fixture(scope="module", params=engines_here())
def shelf(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    database_copies: SqliteCopies | PostgresCopies,
) -> Iterator[SearchIndex]:
    """A filled index that tests only read."""
    with ENGINES[request.param](tmp_path_factory.mktemp("shelf") / "index") as opened:
        opened.index(SHELF)
        yield opened
