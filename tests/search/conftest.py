"""What the contract is tried on: an empty index, and a filled one that tests only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.search.port import SearchIndex
from tests.search.engines import ENGINES, SHELF


@pytest.fixture(params=sorted(ENGINES))
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    with ENGINES[request.param](tmp_path / "index") as opened:
        yield opened


@pytest.fixture(scope="module", params=sorted(ENGINES))
def shelf(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchIndex]:
    """A filled index that tests only read."""
    with ENGINES[request.param](tmp_path_factory.mktemp("shelf") / "index") as opened:
        opened.index(SHELF)
        yield opened
