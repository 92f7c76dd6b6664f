"""A village's project with a need, an enterprise that would help, and a social worker."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.notifications.models import Notice
from exchange.projects.intentions import declaring
from exchange.projects.intentions.kinds import IntentionKind
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.values import IntentionValues
from exchange.projects.models import Project, ProjectNeed
from tests.cast import Cast, Player
from tests.factories import make_listing
from tests.projects.making import make_project

OpenAct = Callable[..., AbstractContextManager[Act]]
WORDS = "可以派两名冷链工程师，帮村里设计冷库。"


@dataclass
class Scene:
    """The players, the project and its need."""

    cast: Cast
    project_id: int
    public_id: str
    need_id: int
    need_public_id: str
    open: OpenAct

    @property
    def session(self) -> Session:
        return self.cast.session

    @property
    def project(self) -> Project:
        self.session.rollback()
        return self.session.get_one(Project, self.project_id, populate_existing=True)

    @property
    def need(self) -> Listing:
        self.session.rollback()
        return self.session.get_one(Listing, self.need_id, populate_existing=True)

    def act(self, who: Player | Actor) -> AbstractContextManager[Act]:
        return self.open(who.actor if isinstance(who, Player) else who)

    def intention(self, public_id: str) -> Intention:
        self.session.rollback()
        query = sa.select(Intention).where(Intention.public_id == public_id)
        return self.session.scalars(query).one()

    def declared(self, who: Player | None = None, **values: Any) -> str:
        """An intention of the enterprise; its public id."""
        with self.act(who or self.cast.enterprise) as act:
            return declaring.declare(act, self.public_id, said(**values)).public_id

    def give_worker(self, who: Player) -> None:
        """The project gets a social worker."""
        with self.open() as act:
            act.session.get_one(Project, self.project_id).worker_id = who.person_id

    def told(self, who: Player) -> list[str]:
        """Codes of somebody's notices, the oldest first."""
        self.session.rollback()
        query = sa.select(Notice.code).where(Notice.person_id == who.person_id)
        return list(self.session.scalars(query.order_by(Notice.id)))


def said(**values: Any) -> IntentionValues:
    """What is said in an intention; each call states what matters."""
    usual: dict[str, Any] = {
        "kind": IntentionKind.TECHNOLOGY, "text": WORDS, "until": date(2027, 1, 31),
    }  # fmt: skip
    return IntentionValues(**{**usual, **values})


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def scene(app: Flask, cast: Cast, act_as: OpenAct) -> Scene:
    officer = cast.officer
    need = make_listing(app.extensions["exchange"], officer, Side.NEED)
    ids = need.id, need.public_id
    for player in (cast.enterprise, cast.broker, cast.supervisor, cast.stranger):
        assert player.person_id
    with act_as() as act:
        project = make_project(act, officer.organisation, now=act.now)
        project.author_id = officer.person_id
        act.session.flush()
        act.session.add(
            ProjectNeed(listing_id=ids[0], project_id=project.id, added_at=act.now)
        )
        made = project.id, project.public_id
    return Scene(cast, *made, *ids, act_as)
