"""The officer's village with projects, and somebody to act: for the tests of projects."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.notifications.models import Notice
from exchange.projects.kinds import Template
from exchange.projects.making import Beginning
from exchange.projects.making import make_project as begin
from exchange.projects.models import Project
from exchange.projects.templates import outline_of
from exchange.projects.values import ProjectValues
from tests.cast import VILLAGE, Cast, Player
from tests.factories import make_listing
from tests.projects.making import make_project

ActAs = Callable[..., AbstractContextManager[Act]]
VALUES = ProjectValues(
    title="朵贝贡茶一村一品", aim="打响自己的牌子。", places=(VILLAGE,), beneficiaries=("general",)
)


class Village:
    """What the tests of projects start from."""

    def __init__(self, app: Flask, session: Session, act_as: ActAs) -> None:
        self.cast, self.session, self.act_as = Cast(app, session), session, act_as
        self.house = app.extensions["exchange"]

    def need(self, title: str, owner: Player | None = None, **values: object) -> Listing:
        return make_listing(
            self.house, owner or self.cast.officer, Side.NEED, title=title, **values
        )

    def project(self, owner: Player | None = None, **values: Any) -> str:
        who = owner or self.cast.officer
        made = make_project(self.session, who.organisation, now=self.cast.now, **values)
        return made.public_id

    def begin(self, who: Player | None = None, *needs: Listing, **values: Any) -> str:
        who = who or self.cast.officer
        ids = [need.id for need in needs]
        said = ProjectValues(**{**vars(VALUES), **values})
        with self.act_as(who.actor) as act:
            found = tuple(act.session.get_one(Listing, one) for one in ids)
            start = Beginning(
                Template.ONE_PRODUCT, outline_of(Template.ONE_PRODUCT, "zh"), needs=found
            )
            return begin(act, who.organisation_id, said, start).public_id

    def do(self, who: Player, public_id: str, verb: Callable[..., object], **more: object) -> None:
        with self.act_as(who.actor) as act:
            verb(act, self.load(public_id, act.session), **more)

    def load(self, public_id: str, session: Session | None = None) -> Project:
        session = session or self.session
        if session is self.session and not session.in_transaction():
            session.expire_all()
        query = sa.select(Project).where(Project.public_id == public_id)
        return session.scalars(query).one()

    def fresh(self, public_id: str) -> Project:
        self.session.rollback()
        self.session.expire_all()
        return self.load(public_id)

    def told(self, who: Player) -> list[str]:
        self.session.rollback()
        query = sa.select(Notice.code).where(Notice.person_id == who.person_id)
        return list(self.session.scalars(query.order_by(Notice.id)))

    def sign_in(self, client: FlaskClient, who: Player | None) -> None:
        if who is None:
            self.cast.sign_out(client)
        else:
            self.cast.sign_in(client, who)
        client.get("/locale/en")

    def page(self, client: FlaskClient, address: str, who: Player | None) -> str:
        self.sign_in(client, who)
        answer = client.get(address)
        return answer.text if answer.status_code == 200 else f"{answer.status_code}"


@pytest.fixture
def village(app: Flask, session: Session, act_as: ActAs) -> Village:
    return Village(app, session, act_as)


@pytest.fixture
def cast(village: Village) -> Cast:
    return village.cast
