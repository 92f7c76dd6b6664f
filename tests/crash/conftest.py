"""A site in processes of its own, and a look at it from outside."""

import sys
from collections.abc import Iterator
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
from tests.running_site import environment

BOUND = Path(__file__).with_name("bound.py")


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
    search_url: str,
    extra_settings: dict[str, str],
) -> Iterator[KilledSite]:
    """A site without demonstration data, on a database of its own. File modes bind it."""
    with database_copies.empty() as address:
        settings = {
            "EXCHANGE_ENV": "development",
            "EXCHANGE_DATABASE_URL": address,
            "EXCHANGE_SEARCH_URL": search_url,
            **extra_settings,
        }
        made = KilledSite(tmp_path / "site", settings, (sys.executable, str(BOUND)))
        yield made
        made.site.close()


@pytest.fixture
def books(site: KilledSite) -> Iterator[Books]:
    app = create_app(load_settings(environment(site.folder, **site.settings)))
    with app.app_context(), Session(db.engine) as session:
        yield Books(app, session, Cast(app, session))
        session.rollback()
        db.engine.dispose()
