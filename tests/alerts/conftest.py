"""People who follow searches, and listings that are published meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.alerts.models import SavedSearch
from exchange.notifications.models import Notice
from tests.cast import Cast, Player
from tests.conftest import SettableClock
from tests.discovery.conftest import DirectStage
from tests.discovery.conftest import cast as cast  # noqa: PLC0414 - the fixtures of discovery
from tests.discovery.conftest import stage as stage  # noqa: PLC0414 - likewise


@dataclass
class Follower:
    """Follows searches in a browser, and reads what comes of it."""

    cast: Cast
    client: FlaskClient
    clock: SettableClock
    jobs: Callable[[], int]
    stage: DirectStage
    session: Session

    def save(self, who: Player, question: str, rhythm: str = "at_once") -> str:
        """Save a question through the door; the public id of the saved search."""
        self.cast.sign_in(self.client, who)
        answer = self.client.post("/me/searches", data={"question": question, "rhythm": rhythm})
        assert answer.status_code == 302, answer.text
        self.clock.forward(minutes=2)
        return self.rows(who)[0].public_id

    def rows(self, who: Player) -> list[SavedSearch]:
        """The person's saved searches, the newest first."""
        self.session.rollback()
        query = sa.select(SavedSearch).where(SavedSearch.person_id == who.person_id)
        return list(self.session.scalars(query.order_by(SavedSearch.id.desc())))

    def wait(self, **span: float) -> None:
        """Let time pass, and the worker do what is due then."""
        self.clock.forward(**(span or {"seconds": 30}))
        self.jobs()

    def told(self, who: Player) -> list[str]:
        """The Chinese titles that the person's notices of saved searches name, in order."""
        self.session.rollback()
        query = sa.select(Notice).where(
            Notice.person_id == who.person_id, Notice.code.startswith("search_found")
        )
        return [one.params["titles"]["zh"] for one in self.session.scalars(query)]


@pytest.fixture
def follower(
    app: Flask,
    cast: Cast,
    client: FlaskClient,
    clock: SettableClock,
    run_jobs: Callable[[], int],
    stage: DirectStage,
    session: Session,
) -> Follower:
    """The enterprise follows; the village officer publishes."""
    for player in (cast.officer, cast.enterprise, cast.stranger):
        assert player.person_id
    return Follower(cast, client, clock, run_jobs, stage, session)
