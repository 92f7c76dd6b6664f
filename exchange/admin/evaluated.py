"""Projects of the demonstration that are looked at: one evaluated by all, one asking half-way."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Membership, Organisation, Person
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.admin.city import FOLDER
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, VISITOR, Actor
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db, new_public_id
from exchange.listings.models import Listing
from exchange.projects.evaluation.account_service import Account, Line, write_account
from exchange.projects.evaluation.kinds import (
    Again,
    Choice,
    LineKind,
    Mark,
    Question,
    Reach,
    RoundKind,
)
from exchange.projects.evaluation.models import EvaluationRound, VillagerWords
from exchange.projects.evaluation.queries import rounds_of
from exchange.projects.evaluation.round_service import close_round, open_due, schedule_round
from exchange.projects.evaluation.statement_service import Said, speak
from exchange.projects.evaluation.survey_service import answer_by_link, release_words
from exchange.projects.events import ProjectPublished, ProjectStaged
from exchange.projects.kinds import PartnerState, Publication, Stage, Template
from exchange.projects.models import (
    Milestone,
    Project,
    ProjectDivision,
    ProjectNeed,
    ProjectPartner,
)

WORKER = "19900000003"
HALFWAY_AGO = 6


def evaluate(house: House) -> None:
    """Every project of the file, by the verbs that people use, each at its day."""
    told = json.loads((FOLDER / "evaluations.json").read_text(encoding="utf-8"))
    for one in told:
        Evaluated(house, one).walk()


class Evaluated:
    """One project on its way."""

    def __init__(self, house: House, told: Mapping[str, Any]) -> None:
        self.house, self.told = house, told
        self.kind = RoundKind(told["round"])
        self.project_id, self.public_id = 0, ""

    def act(self, actor: Actor, days_ago: float) -> AbstractContextManager[Act]:
        """An act of somebody, so many days ago."""
        moment = self.house.clock.now() - timedelta(days=days_ago)
        house = replace(self.house, clock=FrozenClock(moment))
        return open_act(house, db.session, actor, "demonstration")

    def walk(self) -> None:
        """Begin it, complete it where it is complete, and let everybody speak."""
        self._begin()
        asked = self.told["ended"] or HALFWAY_AGO
        with self.act(SYSTEM, asked) as act:
            self._reach(act)
        self._speak(asked - 2)
        self._account(asked - 3)
        self._answer(asked - 4)
        if self.told["open_until"] is not None:
            self._close()

    def _begin(self) -> None:
        told = self.told
        with self.act(SYSTEM, told["begun"]) as act:
            worker = _worker(self.house)
            lead, partner = (_organisation(told[name]) for name in ("organisation", "partner"))
            made = Project(
                organisation_id=lead.id, worker_id=worker.id,
                template=Template(told["template"]), stage=Stage.RUNNING,
                publication=Publication.PUBLISHED, title=told["title"], aim=told["aim"],
                category_code=told["category"], beneficiary_count=told["people"],
                from_date=act.today, created_at=act.now, updated_at=act.now,
                to_date=act.today + timedelta(days=told["begun"] + told["ends_in"]),
                published_at=act.now, divisions=[ProjectDivision(division_code=told["place"])],
                milestones=[Milestone(position=n, title=text)
                            for n, text in enumerate(told["milestones"])],
                partners=[ProjectPartner(organisation_id=partner.id, state=PartnerState.ACCEPTED,
                                         invited_at=act.now, answered_at=act.now)],
            )  # fmt: skip
            act.session.add(made)
            act.session.flush()
            for need in act.session.scalars(
                sa.select(Listing).where(Listing.external_id.in_(told["needs"]))
            ):
                act.session.add(
                    ProjectNeed(listing_id=need.id, project_id=made.id, added_at=act.now)
                )
            self.project_id, self.public_id = made.id, made.public_id
            act.emit(ProjectPublished(made.id, made.organisation_id))

    def _reach(self, act: Act) -> None:
        project = act.session.get_one(Project, self.project_id)
        if self.told["ended"] is None:
            open_due(act, project)
            return
        project.stage, project.ended_at = Stage.COMPLETED, act.now
        for step in project.milestones:
            step.done_on = act.today
        act.emit(ProjectStaged(project.id, project.organisation_id))
        day = act.today + timedelta(days=self.told["ended"] - self.told["open_until"])
        schedule_round(act, self.public_id, self.kind, day)

    def _speak(self, days_ago: float) -> None:
        for said in self.told["statements"]:
            marks = dict(zip(Mark, said["marks"], strict=True))
            with self.act(_speaker(said["organisation"]), days_ago) as act:
                told = Said(marks, Again(said["again"]), said["note"])
                speak(act, self.public_id, self.kind, told)

    def _account(self, days_ago: float) -> None:
        told = self.told["account"]
        if told is None:
            return
        lines = [
            Line(
                LineKind(row["kind"]), row["label"], Reach(row["reach"]), row.get("planned"),
                row.get("reached"), row.get("unit", ""),
            )
            for row in told["lines"]
        ]  # fmt: skip
        account = Account(
            lines, self.told["people"], told["people"], told["went_well"], told["went_badly"],
            told["lessons"], told["released"],
        )  # fmt: skip
        with self.act(_speaker(self.told["organisation"]), days_ago) as act:
            write_account(act, self.public_id, self.kind, account)

    def _answer(self, days_ago: float) -> None:
        words = [text for text, _released in self.told["words"]]
        for number, chosen in enumerate(self.told["answers"]):
            given = {q: Choice(one) for q, one in zip(Question, chosen, strict=True)}
            with self.act(VISITOR, days_ago) as act:
                code = self._round(act).survey_code
                text = words[number] if number < len(words) else ""
                answer_by_link(act, code, new_public_id(), given, text, is_old_enough=True)
        released = [text for _words, text in self.told["words"] if text]
        worker = load_actor(db.session(), _worker(self.house).id)
        for text in released:
            with self.act(worker, days_ago - 0.5) as act:
                query = sa.select(VillagerWords.public_id).where(
                    VillagerWords.round_id == self._round(act).id,
                    VillagerWords.released_text.is_(None),
                )
                key = act.session.scalars(query.limit(1)).one()
                release_words(act, self.public_id, self.kind, key, text)

    def _round(self, act: Act) -> EvaluationRound:
        found = rounds_of(act.session, self.project_id)
        return next(one for one in found if one.kind is self.kind)

    def _close(self) -> None:
        with self.act(SYSTEM, self.told["open_until"] - 1) as act:
            close_round(act, self._round(act))


def _organisation(key: str) -> Organisation:
    query = sa.select(Organisation).where(Organisation.external_id == key)
    return db.session.scalars(query).one()


def _worker(house: House) -> Person:
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, WORKER))
    if person is None:
        raise LookupError("the story has no social worker")
    return person


def _speaker(key: str) -> Actor:
    """Somebody of an organisation."""
    organisation_id = _organisation(key).id
    query = sa.select(Membership.person_id).where(Membership.organisation_id == organisation_id)
    person_id = db.session.scalars(query.order_by(Membership.id)).first() or 0
    return load_actor(db.session(), person_id, organisation_id)
