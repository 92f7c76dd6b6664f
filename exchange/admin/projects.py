"""The demonstration's projects: one under way with partners, steps, a budget and needs; one that
waits for its station. Each step is taken by who would take it.
"""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Organisation
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.admin.city import FOLDER
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.listings.importing import import_listings
from exchange.listings.models import Listing
from exchange.projects.budget import add_budget_line
from exchange.projects.changing import choose_worker, go_to_stage
from exchange.projects.kinds import PartnerRole, Stage, Template
from exchange.projects.making import Beginning, make_project
from exchange.projects.milestones import Step, change_milestone, reach_milestone
from exchange.projects.models import Project
from exchange.projects.needs import add_needs
from exchange.projects.partnering import answer_invitation, invite_partner, invited_project
from exchange.projects.publishing import submit_project
from exchange.projects.queries import seen_project
from exchange.projects.templates import outline_of
from exchange.projects.values import ProjectValues


def begin_projects(house: House, shift: timedelta) -> None:
    """All of them; ``shift`` moves the dates of their needs."""
    for told in json.loads((FOLDER / "projects.json").read_text(encoding="utf-8")):
        Story(house, told, shift).walk()


@dataclass
class Story:
    """One project on its way."""

    house: House
    told: Mapping[str, Any]
    shift: timedelta
    public_id: str = ""

    def act(self, actor: Actor, days_ago: int | None = None) -> AbstractContextManager[Act]:
        """An act of somebody, as long ago as the project began or as is said."""
        ago = self.told["begun_days_ago"] if days_ago is None else days_ago
        moment = self.house.clock.now() - timedelta(days=ago)
        past = replace(self.house, clock=FrozenClock(moment))
        return open_act(past, db.session, actor, "demonstration")

    def actor(self, phone: str) -> Actor:
        address = Address(AddressKind.PHONE, phone)
        person = find_person(db.session(), self.house.secrets, address)
        if person is None:
            raise LookupError(f"the story has nobody with {phone}")
        return load_actor(db.session(), person.id)

    def project(self, act: Act) -> Project:
        return seen_project(act.session, act.actor, self.public_id)

    def walk(self) -> None:
        """As far as the story says."""
        leader = self.actor(self.told["phone"])
        self._begin(leader)
        self._partners(leader)
        self._needs(leader)
        with self.act(leader) as act:
            submit_project(act, self.project(act))
        self._go_on(leader)

    def _begin(self, leader: Actor) -> None:
        told, template = self.told, Template(self.told["template"])
        with self.act(leader) as act:
            first = act.today + timedelta(days=told["begun_days_ago"])
            values = ProjectValues(
                title=told["title"], aim=told["aim"], plan=told["plan"],
                category_code=told["category"], beneficiaries=tuple(told["for_whom"]),
                beneficiary_count=told["people"], places=(leader.division or "",),
                from_date=first + timedelta(days=told["begins_in"]),
                to_date=first + timedelta(days=told["ends_in"]),
            )  # fmt: skip
            beginning = Beginning(template, outline_of(template, "zh"))
            made = make_project(act, leader.organisation_id or 0, values, beginning)
            self.public_id = made.public_id
            for purpose, fen in told["budget"]:
                add_budget_line(act, made, purpose, fen)
            for number, days in told["due"]:
                step = made.milestones[number]
                said = Step(step.title, first + timedelta(days=days))
                change_milestone(act, made, step.public_id, said)

    def _partners(self, leader: Actor) -> None:
        for key, phone, role in self.told["partners"]:
            with self.act(leader) as act:
                query = sa.select(Organisation).where(Organisation.external_id == key)
                organisation = act.session.scalars(query).one()
                invite_partner(act, self.project(act), organisation, PartnerRole(role))
            with self.act(self.actor(phone)) as act:
                project, organisation_id = invited_project(act.session, act.actor, self.public_id)
                answer_invitation(act, project, organisation_id, yes=True)

    def _needs(self, leader: Actor) -> None:
        posts = [self._moved(row) for row in self.told["posts"]]
        if not posts:
            return
        with self.act(SYSTEM, 9) as act:
            import_listings(act, posts)
        with self.act(leader, 8) as act:
            query = sa.select(Listing).where(Listing.external_id.in_([row["id"] for row in posts]))
            add_needs(act, self.project(act), act.session.scalars(query).all())

    def _go_on(self, leader: Actor) -> None:
        for stage in (Stage.PLANNED, Stage.RUNNING):
            if self.told["stage"] == Stage.RUNNING.value:
                with self.act(leader) as act:
                    go_to_stage(act, self.project(act), stage)
        for number, days_ago in self.told["done"]:
            with self.act(leader, days_ago) as act:
                project = self.project(act)
                step = sorted(project.milestones, key=lambda one: one.position)[number]
                reach_milestone(act, project, step.public_id, act.today)
        if self.told.get("worker"):
            worker = self.actor(self.told["worker"])
            with self.act(worker, 7) as act:
                choose_worker(act, self.project(act), worker.person_id)

    def _moved(self, row: Mapping[str, Any]) -> dict[str, Any]:
        moved = dict(row)
        for name in ("from_date", "to_date"):
            if moved.get(name):
                moved[name] = (date.fromisoformat(moved[name]) + self.shift).isoformat()
        return moved
