"""The migrations make the same database as the models say, and all of it or nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import check, upgrade
from sqlalchemy.engine import Engine

from exchange.kernel.database import db
from exchange.kernel.settings import Settings
from exchange.web.preparation import prepare_site
from tests.conftest import MakeApp


def tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


@pytest.fixture
def empty(settings: Settings, tmp_path: Path, make_app: MakeApp) -> Iterator[Flask]:
    """An application whose database holds nothing yet."""
    address = settings.database_url
    if address.startswith("sqlite"):
        address = f"sqlite:///{tmp_path / 'empty.db'}"
    app = make_app(replace(settings, database_url=address))
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
        yield app


def test_an_empty_database_is_brought_to_what_the_models_say(empty: Flask) -> None:
    assert tables(db.engine) == set()
    upgrade()
    assert tables(db.engine) == {*db.metadata.tables, "alembic_version"}
    check()


def test_a_second_upgrade_finds_nothing_to_do(empty: Flask) -> None:
    upgrade()
    before = tables(db.engine)
    upgrade()
    assert tables(db.engine) == before


def test_foreign_keys_hold_again_after_an_upgrade(empty: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox_job").scalar() == 0


def test_a_folder_that_does_not_exist_yet_is_made(
    settings: Settings, tmp_path: Path, make_app: MakeApp
) -> None:
    folder = tmp_path / "not" / "yet"
    app = make_app(replace(settings, data_dir=folder, database_url=""))
    app.extensions["exchange.preparation"] = []
    prepare_site(app)
    assert (folder / "exchange.db").exists()
