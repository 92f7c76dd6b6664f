"""A village's project with a firm as its partner and a social worker, and its rounds."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from exchange.audit.models import AuditEntry
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.notifications.models import Notice
from exchange.projects.evaluation.jobs import forget_villagers_words, look_after_rounds
from exchange.projects.evaluation.kinds import RoundKind
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.events import ProjectStaged
from exchange.projects.kinds import LIVE_STAGES, PartnerState, Stage
from exchange.projects.models import Milestone, Project, ProjectPartner
from tests.cast import Cast, Player
from tests.conftest import SettableClock
from tests.projects.making import make_project

ActAs = Callable[..., AbstractContextManager[Act]]
MARKS = {"aims": "4", "teamwork": "5", "talk": "3", "means": "4", "lasting": "2", "again": "yes"}
ANSWER = {"reached": "much", "better": "little", "known": "roughly", "again": "yes", "adult": "y"}


class Evaluated:
    """The project, its people, and what they do with it."""

    def __init__(
        self, app: Flask, session: Session, act_as: ActAs, clock: SettableClock,
        run_jobs: Callable[[], int], cast: Cast | None = None,
    ) -> None:  # fmt: skip
        self.app, self.session, self.clock = app, session, clock
        self.cast, self._act_as, self._run = cast or Cast(app, session), act_as, run_jobs
        self.project_id = 0
        for player in (
            self.cast.officer, self.cast.enterprise, self.cast.broker, self.cast.supervisor,
            self.cast.stranger,
        ):  # fmt: skip
            assert player.person_id

    def make(self, *, partner: bool = True, **values: Any) -> Project:
        """The project of the village committee, looked after by the broker."""
        cast = self.cast
        made = make_project(
            self.session, cast.officer.organisation, now=cast.now,
            author_id=cast.officer.person_id,
            **{
                "worker_id": cast.broker.person_id, "aim": "让刺梨鲜果当天运出村",
                "from_date": date(2026, 6, 1), "to_date": date(2027, 5, 31), **values,
            },
        )  # fmt: skip
        if partner:
            self.session.add(
                ProjectPartner(
                    project_id=made.id, organisation_id=cast.enterprise.organisation_id,
                    state=PartnerState.ACCEPTED, invited_at=cast.now,
                )
            )  # fmt: skip
        self.session.add(Milestone(project_id=made.id, position=0, title="修好冷库"))
        self.session.commit()
        self.project_id = made.id
        return made

    @property
    def project(self) -> Project:
        self.session.rollback()
        return self.session.get_one(Project, self.project_id)

    @property
    def path(self) -> str:
        return f"/projects/{self.project.public_id}/evaluation"

    def act(self, who: Player | Actor = SYSTEM) -> AbstractContextManager[Act]:
        return self._act_as(who.actor if isinstance(who, Player) else who)

    def stage(self, stage: Stage) -> None:
        """The project comes to another stage, as its own service tells it."""
        with self.act() as act:
            project = act.session.get_one(Project, self.project_id)
            project.stage = stage
            project.ended_at = None if stage in LIVE_STAGES else act.now
            act.emit(ProjectStaged(project.id, project.organisation_id))

    def finished(self) -> "Evaluated":
        """Completed, so that its final round asks."""
        self.make()
        self.stage(Stage.COMPLETED)
        return self

    def hours_pass(self, **span: float) -> None:
        """Time goes by, and the worker does what is due."""
        self.clock.forward(**span)
        self.run()

    def run(self) -> None:
        """What the worker does each hour."""
        with self.act() as act:
            enqueue(act, look_after_rounds)
            enqueue(act, forget_villagers_words)
        self._run()
        self.session.rollback()

    def round(self, kind: RoundKind = RoundKind.FINAL) -> EvaluationRound:
        self.session.rollback()
        query = sa.select(EvaluationRound).where(
            EvaluationRound.project_id == self.project_id, EvaluationRound.kind == kind
        )
        return self.session.scalars(query).one()

    def close(self) -> None:
        """The last day of the round that asks is over."""
        self.hours_pass(days=32)

    def open_page(self, client: FlaskClient, who: Player | None, path: str = "") -> TestResponse:
        self.enter(client, who)
        return client.get(self.path + path)

    def enter(self, client: FlaskClient, who: Player | None) -> None:
        """Come in, in English."""
        if who is None:
            self.cast.sign_out(client)
        else:
            self.cast.sign_in(client, who)
        client.get("/locale/en")

    def villager(self, **answer: str) -> TestResponse:
        """Somebody opens the link on a phone of their own, and answers."""
        client = self.app.test_client()
        client.get("/locale/en")
        code = self.round().survey_code
        assert client.get(f"/v/{code}").status_code == 200
        sent = {**ANSWER, **answer}
        return client.post(f"/v/{code}", data={key: said for key, said in sent.items() if said})

    def events(self) -> list[str]:
        self.session.rollback()
        return list(self.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))

    def notices(self, code: str) -> set[int]:
        """Who was told."""
        self.session.rollback()
        query = sa.select(Notice.person_id).where(Notice.code == code)
        return set(self.session.scalars(query))


@pytest.fixture
def scene(
    app: Flask, session: Session, act_as: ActAs, clock: SettableClock,
    run_jobs: Callable[[], int],
) -> Evaluated:  # fmt: skip
    return Evaluated(app, session, act_as, clock, run_jobs)
