"""A village with needs, and somebody to act: for the tests of undertakings."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.listings.undertakings.service import (
    make_undertaking,
)
from tests.cast import Cast, Player
from tests.factories import make_listing

NAME = "办一个茶叶加工坊"
ActAs = Callable[..., AbstractContextManager[Act]]


class Village:
    """The officer's village with needs, and somebody to act."""

    def __init__(self, app: Flask, session: Session, act_as: ActAs) -> None:
        self.cast, self.session, self.act_as = Cast(app, session), session, act_as
        self.house = app.extensions["exchange"]

    def need(self, title: str, owner: Player | None = None, **values: object) -> Listing:
        return make_listing(
            self.house, owner or self.cast.officer, Side.NEED, title=title, **values
        )

    def make(self, *needs: Listing, who: Player | None = None, name: str = NAME) -> str:
        ids = [need.id for need in needs]
        with self.act_as((who or self.cast.officer).actor) as act:
            found = [act.session.get_one(Listing, key) for key in ids]
            return make_undertaking(act, name, "", found).public_id

    def inside(self, public_id: str) -> list[int]:
        self.session.rollback()
        query = (
            sa.select(UndertakingPart.listing_id)
            .join(Undertaking)
            .where(Undertaking.public_id == public_id)
            .order_by(UndertakingPart.listing_id)
        )
        return list(self.session.scalars(query))

    def events(self) -> list[str]:
        self.session.rollback()
        query = sa.select(AuditEntry.event).order_by(AuditEntry.id)
        ours = ("Undertaking", "NeedGrouped", "NeedUngrouped")
        return [one for one in self.session.scalars(query) if one.startswith(ours)]

    def page(self, client: FlaskClient, public_id: str, who: Player | None) -> str:
        if who is None:
            self.cast.sign_out(client)
        else:
            self.cast.sign_in(client, who)
        client.get("/locale/en")
        answer = client.get(f"/undertakings/{public_id}")
        return answer.text if answer.status_code == 200 else ""


@pytest.fixture
def village(app: Flask, session: Session, act_as: ActAs) -> Village:
    return Village(app, session, act_as)


@pytest.fixture
def cast(village: Village) -> Cast:
    return village.cast


@pytest.fixture
def two(village: Village) -> list[Listing]:
    return [village.need("要一台理条机"), village.need("请人教做茶", quantity_milli=None)]
