"""A production site does not start while demonstration accounts could sign in."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.database import db
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings
from exchange.kernel.starting import check_start
from tests.cast import Cast
from tests.conftest import MakeApp, SettableClock
from tests.running_site import ROOT, environment

SECRET = "kT4-9zQm_wR7uXbN2vLcYh6pDsJgAefi3Z"
OpenAccount = Callable[..., None]


def start(site: Flask) -> None:
    """What every way of starting calls first."""
    with site.app_context():
        check_start(site.extensions["exchange"], db.engine)


@pytest.fixture
def open_account(app: Flask, session: Session) -> OpenAccount:
    """Makes a demonstration account, an open one unless told ``closed=True``."""
    cast = Cast(app, session)

    def make(*, closed: bool = False) -> None:
        person = cast.stranger.person
        person.is_demonstration = True
        person.closed_at = cast.now if closed else None
        session.commit()

    return make


@pytest.fixture
def production(settings: Settings, clock: SettableClock, make_app: MakeApp) -> Flask:
    """The same site, put into service."""
    real = replace(settings, env="production", encoder="usem", secret_key=SECRET)
    return make_app(real, clock)


def test_an_open_demonstration_account_forbids_to_start(
    open_account: OpenAccount, production: Flask
) -> None:
    open_account()
    with pytest.raises(ConfigurationError, match="demonstration"):
        start(production)


def test_a_closed_demonstration_account_does_not(
    open_account: OpenAccount, production: Flask
) -> None:
    open_account(closed=True)
    start(production)


def test_a_database_without_tables_holds_no_accounts(
    settings: Settings, tmp_path: Path, make_app: MakeApp
) -> None:
    new = replace(settings, env="production", encoder="usem", secret_key=SECRET)
    start(make_app(replace(new, database_url=f"sqlite:///{tmp_path / 'new.db'}")))


def test_a_database_that_is_away_is_named(settings: Settings, make_app: MakeApp) -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    real = replace(settings, env="production", encoder="usem", secret_key=SECRET)
    with pytest.raises(ConfigurationError, match="database"):
        start(make_app(replace(real, database_url=away)))


@pytest.mark.processes
@pytest.mark.parametrize("command", ["gunicorn --check-config wsgi:app", "exchange worker"])
def test_no_way_of_starting_goes_round_it(
    open_account: OpenAccount, settings: Settings, command: str
) -> None:
    open_account()
    module = ["flask", "--app", "wsgi"] if command.startswith("exchange") else []
    ended = subprocess.run(
        [sys.executable, "-m", *module, *command.split()],
        cwd=ROOT,
        env=environment(
            settings.data_dir,
            EXCHANGE_ENV="production",
            EXCHANGE_ENCODER="usem",
            EXCHANGE_DATABASE_URL=settings.database_url,
            EXCHANGE_SECRET_KEY=SECRET,
            EXCHANGE_ENCRYPTION_KEYS=settings.encryption_keys,
            EXCHANGE_LOOKUP_KEY=settings.lookup_key,
        ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert "demonstration accounts" in ended.stderr
    assert "Traceback" not in ended.stderr
