"""People who report, those who decide, and what was posted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.events import Event
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.moderation.case_service import Ruling, decide_case
from exchange.moderation.kinds import Reason, TargetKind, Verdict
from exchange.moderation.models import ModerationCase
from exchange.moderation.report_service import report
from exchange.notifications.models import Notice
from tests.cast import FIRM_AREA, VILLAGE, Cast, Player
from tests.factories import make_listing

ActAs = Callable[..., AbstractContextManager[Act]]
SAID = "内容和实际不符，请改正。"


@dataclass
class Street:
    """A need of the village, and everybody who has to do with it."""

    cast: Cast
    session: Session
    act_as: ActAs
    need_id: int

    @property
    def need(self) -> Listing:
        self.session.rollback()
        return self.session.get_one(Listing, self.need_id)

    @property
    def case(self) -> ModerationCase:
        self.session.rollback()
        newest = sa.select(ModerationCase).order_by(ModerationCase.id.desc()).limit(1)
        return self.session.scalars(newest).one()

    def report(self, who: Player, reason: Reason = Reason.WRONG, text: str = "") -> str:
        """Report the need; the public id of the case."""
        address = self.need.public_id
        with self.act_as(who.actor) as act:
            made = report(act, TargetKind.LISTING, address, reason, text)
            return made.case.public_id

    def decide(self, who: Player, verdict: Verdict, said: str = SAID) -> None:
        """Decide about the newest case."""
        case = self.case.public_id
        with self.act_as(who.actor) as act:
            decide_case(act, case, Ruling(verdict, "看过了", said))

    def neighbours(self, count: int) -> list[Player]:
        """So many people without a part in it."""
        return [self.cast.make_player(f"邻居{number}", FIRM_AREA) for number in range(count)]

    def told(self, who: Player) -> list[str]:
        """The codes of somebody's notices."""
        self.session.rollback()
        query = sa.select(Notice.code).where(Notice.person_id == who.person_id)
        return list(self.session.scalars(query.order_by(Notice.id)))

    def reads(self, client: FlaskClient, who: Player | None, path: str) -> Any:
        """What somebody gets there."""
        if who is None:
            self.cast.sign_out(client)
        else:
            self.cast.sign_in(client, who)
        return client.get(path)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def street(app: Flask, cast: Cast, session: Session, act_as: ActAs) -> Street:
    need = make_listing(
        app.extensions["exchange"], cast.officer, Side.NEED, division_code=VILLAGE
    )
    need_id = need.id
    for player in (cast.broker, cast.supervisor, cast.stranger):
        assert player.person_id
    return Street(cast, session, act_as, need_id)


@pytest.fixture
def news(app: Flask) -> list[Event]:
    """Every event that is published during the test."""
    heard: list[Event] = []
    app.extensions["exchange"].bus.listen(Event, lambda _act, event: heard.append(event))
    return heard
