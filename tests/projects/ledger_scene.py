"""A village with a project, somebody who keeps its money, and a second person."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange.files.pictures import Picture
from exchange.kernel.act import Act
from exchange.projects.ledger.booking import record, record_counter
from exchange.projects.ledger.deciding import approve
from exchange.projects.ledger.kinds import AccountKind, EntryKind, LedgerRole
from exchange.projects.ledger.models import Entry, EntryRequest
from exchange.projects.ledger.queries import every_entry
from exchange.projects.ledger.service import give_role, set_limit
from exchange.projects.ledger.values import EntryValues
from exchange.projects.models import BudgetLine, Project
from exchange.projects.queries import seen_project
from tests.cast import VILLAGE, Cast, Player
from tests.projects.making import make_project

OpenAct = Callable[..., AbstractContextManager[Act]]
DAY = date(2026, 11, 20)
LIMIT = 100_000
PICTURE = Picture(b"full", b"thumb", 8, 6)


@dataclass
class Scene:
    """The project and who keeps its book."""

    cast: Cast
    act_as: OpenAct
    project_key: str = ""
    project_id: int = 0

    @cached_property
    def treasurer(self) -> Player:
        """Records."""
        return self.cast.make_player("钱会计", VILLAGE, self.cast.officer.organisation)

    @cached_property
    def approver(self) -> Player:
        """The second person."""
        return self.cast.make_player("章监委", VILLAGE, self.cast.officer.organisation)

    def project(self, act: Act) -> Project:
        return seen_project(act.session, act.actor, self.project_key)

    def name(self, who: Player, role: LedgerRole) -> None:
        with self.act_as(self.cast.officer.actor) as act:
            give_role(act, self.project(act), who.person.public_id, role)

    def limit(self, fen: int | None) -> None:
        with self.act_as(self.cast.officer.actor) as act:
            set_limit(act, self.project(act), fen)

    def record(self, kind: EntryKind, amount: int, who: Player | None = None, **more: Any) -> str:
        """Record something; the public id of the request."""
        given: dict[str, Any] = {
            "purpose": "买冷库门", "counterparty_name": "安顺冷库设备厂", "happened_on": DAY,
            "no_document_reason": "收据还在路上", **more,
        }  # fmt: skip
        originals, publics = given.pop("originals", ()), given.pop("publics", ())
        if originals:
            given["no_document_reason"] = ""
        values = EntryValues(kind, amount, **given)
        with self.act_as((who or self.treasurer).actor) as act:
            made = record(act, self.project(act), values, originals, publics, "no_child")
            return made.public_id

    def receipt(self, amount: int, **more: Any) -> str:
        return self.record(EntryKind.RECEIPT, amount, **more)

    def payment(self, amount: int, **more: Any) -> str:
        return self.record(EntryKind.PAYMENT, amount, **more)

    def goods(self, kind: EntryKind, milli: int, goods: str = "化肥", unit: str = "袋") -> str:
        return self.record(
            kind, milli, account_kind=AccountKind.GOODS, goods=goods, unit=unit
        )

    def counter(self, number: int, reason: str = "记错了", who: Player | None = None) -> str:
        with self.act_as((who or self.treasurer).actor) as act:
            return record_counter(act, self.project(act), number, reason).public_id

    def approve(self, request: str, who: Player | None = None) -> int:
        """Approve; the number of the entry."""
        with self.act_as((who or self.approver).actor) as act:
            return approve(act, self.project(act), request).number

    def entries(self) -> list[Entry]:
        self.cast.session.rollback()
        return list(every_entry(self.cast.session, self.project_id))

    def request(self, public_id: str) -> EntryRequest:
        self.cast.session.rollback()
        return self.cast.session.query(EntryRequest).filter_by(public_id=public_id).one()

    @property
    def path(self) -> str:
        return f"/projects/{self.project_key}/accounts"


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def scene(cast: Cast, act_as: OpenAct) -> Scene:
    made = Scene(cast, act_as)
    project = make_project(cast.session, cast.officer.organisation, now=cast.now)
    project.budget = [
        BudgetLine(position=1, purpose="冷库设备", planned_fen=5_000_000),
        BudgetLine(position=2, purpose="培训", planned_fen=500_000),
    ]
    cast.session.commit()
    made.project_key, made.project_id = project.public_id, project.id
    made.name(made.treasurer, LedgerRole.TREASURER)
    made.name(made.approver, LedgerRole.APPROVER)
    return made
