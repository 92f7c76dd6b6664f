"""A project of the demonstration and what became of it, told by its people as it went on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Organisation
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.admin.city import FOLDER
from exchange.files.pictures import Picture, read_picture
from exchange.files.rules import PictureStatement
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.projects.kinds import Publication, Stage, Template
from exchange.projects.models import Milestone, Project, ProjectDivision
from exchange.projects.news.following import follow_project
from exchange.projects.news.rules import Figure
from exchange.projects.news.service import NewsValues, Pictures, post_news
from exchange.projects.queries import project_with_id


def go_on(house: House) -> None:
    """Each project, those who follow it, and its news in their order."""
    text = (FOLDER / "progress.json").read_text(encoding="utf-8")
    for told in json.loads(text):
        _tell(house, told)


def _tell(house: House, told: Mapping[str, Any]) -> None:
    worker = _person(house, told["worker"])
    with open_act(_days_ago(house, told["days_ago"]), db.session, SYSTEM, "demonstration") as act:
        project_id = _begin(act, told, worker).id
    for phone in told["followers"]:
        past = _days_ago(house, told["days_ago"] - 1)
        with open_act(past, db.session, _person(house, phone), "demonstration") as act:
            follow_project(act, _project(act, project_id))
    for one in told["news"]:
        past = _days_ago(house, one["days_ago"])
        with open_act(past, db.session, _person(house, one["phone"]), "demonstration") as act:
            _post(act, _project(act, project_id), one)


def _begin(act: Act, told: Mapping[str, Any], worker: Actor) -> Project:
    owner = act.session.scalars(
        sa.select(Organisation).where(Organisation.external_id == told["organisation"])
    ).one()
    made = Project(
        organisation_id=owner.id, worker_id=worker.person_id,
        template=Template(told["template"]), stage=Stage.RUNNING,
        publication=Publication.PUBLISHED, title=told["title"], aim=told["aim"],
        plan=told["plan"], beneficiaries=["general"], beneficiary_count=told["people"],
        category_code=told["category"], created_at=act.now, updated_at=act.now,
        published_at=act.now - timedelta(days=told.get("quiet_days", 0)), from_date=act.today,
    )  # fmt: skip
    made.divisions = [ProjectDivision(division_code=told["division"])]
    made.milestones = [
        Milestone(position=number, title=title, due_on=act.today + timedelta(days=days))
        for number, (title, days) in enumerate(told["milestones"])
    ]
    act.session.add(made)
    act.session.flush()
    return made


def _post(act: Act, project: Project, one: Mapping[str, Any]) -> None:
    figures = [Figure(label, milli, unit) for label, milli, unit in one.get("figures", ())]
    step = one.get("milestone")
    reached = project.milestones[step].public_id if step is not None else ""
    pictures = Pictures(_pictures(one.get("pictures", ())), PictureStatement.NO_CHILD)
    post_news(act, project, NewsValues(one["text"], figures, reached), pictures)


def _pictures(names: Sequence[str]) -> list[Picture]:
    """Drawn for the demonstration: nobody is on them."""
    return [read_picture((FOLDER / name).read_bytes()) for name in names]


def _project(act: Act, project_id: int) -> Project:
    found = project_with_id(act.session, project_id)
    if found is None:
        raise LookupError("the project of the demonstration is gone")
    return found


def _person(house: House, phone: str) -> Actor:
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if person is None:
        raise LookupError("the project is told by somebody who is not in the story")
    return load_actor(db.session(), person.id)


def _days_ago(house: House, days: int) -> House:
    return replace(house, clock=FrozenClock(house.clock.now() - timedelta(days=days)))
