"""The open accounts of a project of the demonstration: ten entries and more, one taken back, one
that waits for the second person. Everything is done by the verbs that its people use.
"""

import io
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from PIL import Image, ImageDraw

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Organisation, Person
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.admin.players import organisation_of
from exchange.files.pictures import Picture, read_picture
from exchange.files.rules import PictureStatement
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.projects.kinds import PartnerRole, PartnerState, Publication, Stage, Template
from exchange.projects.ledger.amounts import read_amount
from exchange.projects.ledger.booking import record, record_counter
from exchange.projects.ledger.deciding import approve
from exchange.projects.ledger.kinds import (
    AccountKind,
    Counterparty,
    EntryKind,
    LedgerRole,
    RequestState,
)
from exchange.projects.ledger.service import give_role
from exchange.projects.ledger.values import EntryValues
from exchange.projects.models import BudgetLine, Project, ProjectDivision, ProjectPartner
from exchange.projects.queries import project_with_id

OPENED = 19  # days ago
PAPER, INK, COVER = "#fbfaf5", "#5a5a5a", "#111111"
NO_DOCUMENT = "收据在村会计手里，下周补拍"


def keep_accounts(house: House, told: Mapping[str, Any]) -> None:
    """The project of the story, who keeps its accounts, and every entry at its time."""
    _Book(house, told).fill()


@dataclass
class _Book:
    house: House
    told: Mapping[str, Any]
    project_id: int = 0

    def act(self, phone: str | None, days_ago: int) -> AbstractContextManager[Act]:
        """An act of one of its people, some days ago; of the system without a phone."""
        moment = self.house.clock.now() - timedelta(days=days_ago)
        past = replace(self.house, clock=FrozenClock(moment))
        organisation = self.told["partner" if phone == self.told["approver"] else "owner"]
        actor = SYSTEM if phone is None else self._actor(phone, organisation)
        return open_act(past, db.session, actor, "demonstration")

    def _actor(self, phone: str, organisation: str) -> Any:
        key = sa.select(Organisation.id).where(Organisation.external_id == organisation)
        return load_actor(db.session(), self.person(phone).id, db.session.scalar(key))

    def person(self, phone: str) -> Person:
        found = find_person(db.session(), self.house.secrets, Address(AddressKind.PHONE, phone))
        if found is None:
            raise LookupError(f"the story has nobody with {phone}")
        return found

    def project(self, act: Act) -> Project:
        found = project_with_id(act.session, self.project_id)
        if found is None:
            raise LookupError("the story's project is gone")
        return found

    def fill(self) -> None:
        """From the first day on."""
        with self.act(None, OPENED) as act:
            self.project_id = self._project(act).id
        for phone, role in (
            (self.told["treasurer"], LedgerRole.TREASURER),
            (self.told["approver"], LedgerRole.APPROVER),
        ):
            with self.act(None, OPENED) as act:
                give_role(act, self.project(act), self.person(phone).public_id, role)
        for row in self.told["entries"]:
            request = self._record(row)
            if request:
                with self.act(self.told["approver"], row["days_ago"]) as act:
                    approve(act, self.project(act), request)
        self._record(self.told["waiting"])

    def _project(self, act: Act) -> Project:
        """The project with the story's number; made here where no other part has made it."""
        key = self.told["project"]
        owner, partner = (organisation_of(act, self.told[one]) for one in ("owner", "partner"))
        known = sa.select(Project).where(
            Project.external_id == key, Project.organisation_id == owner.id
        )
        found = act.session.scalars(known).first()
        if found is not None:
            return found
        made = Project(
            external_id=key, organisation_id=owner.id, title=self.told["title"],
            aim=self.told["aim"], plan=self.told["plan"], stage=Stage.RUNNING,
            template=Template.INFRASTRUCTURE, publication=Publication.PUBLISHED,
            beneficiaries=["general"], created_at=act.now, updated_at=act.now,
            published_at=act.now,
            divisions=[ProjectDivision(division_code=code) for code in self.told["places"]],
            partners=[
                ProjectPartner(
                    organisation_id=partner.id, role=PartnerRole.FUNDER,
                    state=PartnerState.ACCEPTED, invited_at=act.now, answered_at=act.now,
                )
            ],
            budget=[
                BudgetLine(position=number, purpose=purpose, planned_fen=fen)
                for number, (purpose, fen) in enumerate(self.told["budget"], 1)
            ],
        )  # fmt: skip
        act.session.add(made)
        act.session.flush()
        return made

    def _record(self, row: Mapping[str, Any]) -> str:
        """The public id of what waits for the second person; empty when it is booked."""
        with self.act(self.told["treasurer"], row["days_ago"]) as act:
            project = self.project(act)
            if row["kind"] == EntryKind.COUNTER:
                made = record_counter(act, project, int(row["amount"]), row["purpose"])
            else:
                shows = row.get("document", False)
                originals, publics = ([_paper()], [_paper(covered=True)]) if shows else ([], [])
                values = self._values(row, project, act)
                said = PictureStatement.NO_CHILD  # drawn receipts
                made = record(act, project, values, originals, publics, said)
            return made.public_id if made.state is RequestState.PROPOSED else ""

    def _values(self, row: Mapping[str, Any], project: Project, act: Act) -> EntryValues:
        kind = AccountKind.GOODS if "goods" in row else AccountKind.MONEY
        line = project.budget[row["line"]].public_id if "line" in row else ""
        return EntryValues(
            kind=EntryKind(row["kind"]),
            amount=read_amount(row["amount"], kind),
            purpose=row["purpose"],
            counterparty_name=row["counterparty_name"],
            happened_on=act.today,
            account_kind=kind,
            goods=row.get("goods", ""),
            unit=row.get("unit", ""),
            budget_key=line,
            counterparty=Counterparty.PERSON if row.get("person") else Counterparty.ORGANISATION,
            no_document_reason="" if row.get("document") else NO_DOCUMENT,
            no_public_reason=row.get("no_public_reason", ""),
        )


def _paper(*, covered: bool = False) -> Picture:
    """A drawn receipt: lines for words, a stamp; the copy has bars over what is personal."""
    image = Image.new("RGB", (600, 420), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 580, 400), outline=INK, width=3)
    for row in range(90, 380, 48):
        draw.line((60, row, 400 + row % 97, row), fill=INK, width=10)
    draw.ellipse((410, 230, 550, 370), outline="#b03a2e", width=8)
    if covered:
        draw.rectangle((60, 176, 330, 206), fill=COVER)
        draw.rectangle((430, 275, 540, 325), fill=COVER)
    data = io.BytesIO()
    image.save(data, "PNG")
    return read_picture(data.getvalue())
