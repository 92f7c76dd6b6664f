"""A site in processes of its own, and a look at it from outside."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from exchange import create_app
from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from tests.cast import Cast
from tests.conftest import PostgresCopies, SqliteCopies
from tests.crash.books import Books
from tests.crash.killing import KilledSite
from tests.running_site import PATIENCE, RunningCommand, environment

BOUND = Path(__file__).with_name("bound.py")


@dataclass(frozen=True)
class Prepared:
    """A site without demonstration data that has been prepared and never served."""

    folder: Path
    address: str


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, database_copies: SqliteCopies | PostgresCopies
) -> Iterator[Prepared]:
    """Loading the divisions of the whole country is done once for all that starts a site."""
    folder = tmp_path_factory.mktemp("prepared") / "site"
    with database_copies.empty() as address:
        settings = {"EXCHANGE_ENV": "development", "EXCHANGE_DATABASE_URL": address}
        preparing = RunningCommand(folder, "prepare", **settings)
        assert preparing.process.wait(PATIENCE) == 0, preparing.output
        yield Prepared(folder, address)


@pytest.fixture
def search_url() -> str:
    """Which engine; empty for the one that goes with the database."""
    return ""


@pytest.fixture
def extra_settings() -> dict[str, str]:
    """What a test sets besides."""
    return {}


@pytest.fixture
def site(
    tmp_path: Path,
    database_copies: SqliteCopies | PostgresCopies,
    prepared: Prepared,
    search_url: str,
    extra_settings: dict[str, str],
) -> Iterator[KilledSite]:
    """A site without demonstration data, on a database of its own. File modes bind it."""
    folder = tmp_path / "site"
    shutil.copytree(prepared.folder, folder)
    with database_copies.again(prepared.address) as address:
        settings = {
            "EXCHANGE_ENV": "development",
            "EXCHANGE_DATABASE_URL": address,
            "EXCHANGE_SEARCH_URL": search_url,
            **extra_settings,
        }
        made = KilledSite(folder, settings, (sys.executable, str(BOUND)))
        yield made
        made.site.close()


@pytest.fixture
def books(site: KilledSite) -> Iterator[Books]:
    app = create_app(load_settings(environment(site.folder, **site.settings)))
    with app.app_context(), Session(db.engine) as session:
        yield Books(app, session, Cast(app, session))
        session.rollback()
        db.engine.dispose()
