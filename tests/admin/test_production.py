"""A production site does not start while demonstration accounts could sign in."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange import create_app
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings
from exchange.web.preparation import STEPS
from tests.cast import Cast
from tests.conftest import SettableClock


@pytest.mark.parametrize("closed", [False, True])
def test_production_starts_only_when_demonstration_accounts_are_closed(
    app: Flask, session: Session, settings: Settings, clock: SettableClock, closed: bool
) -> None:
    cast = Cast(app, session)
    person = cast.stranger.person
    person.is_demonstration = True
    person.closed_at = cast.now if closed else None
    session.commit()
    secret = "kT4-9zQm_" * 5
    site = create_app(replace(settings, env="production", encoder="usem", secret_key=secret), clock)
    steps = [step for step in site.extensions[STEPS] if step.order == 1]
    with site.app_context():
        if closed:
            steps[0].run(site, lambda _done, _total: None)
        else:
            with pytest.raises(ConfigurationError, match="demonstration"):
                steps[0].run(site, lambda _done, _total: None)
