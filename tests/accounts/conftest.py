"""The room's own fixtures: the cast, and codes as the sending job reads them."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.codes.service import code_to_send
from exchange.accounts.models import OneTimeCode
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.events import Event
from tests.cast import Cast


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def last_code(house: House, session: Session) -> Callable[[], str | None]:
    """The newest code in the clear, or None when there is none to send."""

    def read() -> str | None:
        session.commit()
        with open_act(house, lambda: session, SYSTEM) as act:
            newest = act.session.scalar(sa.select(sa.func.max(OneTimeCode.id)))
            code = code_to_send(act, newest) if newest else None
        return code.code if code else None

    return read


@pytest.fixture
def news(house: House) -> list[Event]:
    """Every event that is published during the test."""
    heard: list[Event] = []
    house.bus.listen(Event, lambda _act, event: heard.append(event))
    return heard
