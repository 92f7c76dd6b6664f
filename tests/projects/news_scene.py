"""A project with people around it: for the tests of news."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.notifications.models import Notice
from exchange.projects.models import Milestone, Project, ProjectUpdate
from exchange.projects.news.service import NewsValues, post_news
from exchange.projects.queries import project_with_id
from tests.cast import VILLAGE, Cast, Player
from tests.projects.making import make_project

ActAs = Callable[..., AbstractContextManager[Act]]


def camera_picture(place: str = "") -> bytes:
    """A picture as a phone takes it, with the description of a place among its metadata."""
    made = io.BytesIO()
    image = Image.new("RGB", (64, 48), (30, 120, 60))
    exif = Image.Exif()
    exif[270] = place or "朵贝村"  # ImageDescription
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


class NewsScene:
    """The village's project with two steps; its news are posted by whoever is named."""

    def __init__(self, app: Flask, session: Session, act_as: ActAs) -> None:
        self.app, self.session, self.act_as = app, session, act_as
        self.cast, self.house = Cast(app, session), app.extensions["exchange"]
        self.project_id = self.make("冷链项目").id
        self.key = self.project.public_id

    @property
    def project(self) -> Project:
        self.session.rollback()
        found = project_with_id(self.session, self.project_id)
        assert found is not None
        return found

    @property
    def path(self) -> str:
        return f"/projects/{self.key}/news"

    def make(self, title: str, **values: Any) -> Project:
        owner = values.pop("owner", None) or self.cast.officer
        with self.act_as() as act:
            project = make_project(act, owner.organisation, title=title, now=act.now, **values)
            project.milestones = [
                Milestone(position=number, title=step)
                for number, step in enumerate(("建冷库", "买车"))
            ]
            act.session.flush()
            project_id = project.id
        return self.session.get_one(Project, project_id)

    def member(self, name: str) -> Player:
        """Another of the village committee."""
        return self.cast.make_player(
            name, VILLAGE, self.cast.officer.organisation, Role.MEMBER
        )

    def post(
        self, text: str, who: Player | None = None, project: Project | None = None, **values: Any
    ) -> ProjectUpdate:
        project_id = project.id if project else self.project_id
        with self.act_as((who or self.cast.officer).actor) as act:
            found = project_with_id(act.session, project_id)
            assert found is not None
            update_id = post_news(act, found, NewsValues(text, **values)).id
        return self.session.get_one(ProjectUpdate, update_id)

    def send(self, client: FlaskClient, pictures: int = 0, **fields: Any) -> TestResponse:
        """What the form sends, with figures looked at."""
        sent = {"looked": "1", **fields}
        sent["photos"] = [(io.BytesIO(camera_picture()), f"{n}.jpg") for n in range(pictures)]
        where = fields.pop("path", f"{self.path}/new")
        return client.post(where, data=sent, content_type="multipart/form-data")

    def updates(self) -> list[ProjectUpdate]:
        self.session.rollback()
        return list(self.session.scalars(sa.select(ProjectUpdate).order_by(ProjectUpdate.id)))

    def events(self) -> list[str]:
        self.session.rollback()
        query = sa.select(AuditEntry.event).order_by(AuditEntry.id)
        return [one for one in self.session.scalars(query) if "News" in one or "ollow" in one]

    def notices(self, who: Player) -> list[Notice]:
        self.session.rollback()
        query = sa.select(Notice).where(Notice.person_id == who.person_id).order_by(Notice.id)
        return list(self.session.scalars(query))


@pytest.fixture
def scene(app: Flask, session: Session, act_as: ActAs) -> NewsScene:
    return NewsScene(app, session, act_as)
