"""The demonstration's cooperation intentions, and a day on which its project can be seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.admin.city import FOLDER
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.clock import FrozenClock, civil_date
from exchange.kernel.database import db
from exchange.listings.models import Listing
from exchange.projects.intentions import answering, declaring
from exchange.projects.intentions.kinds import DeclineReason, IntentionKind
from exchange.projects.intentions.values import IntentionValues
from exchange.projects.intentions.wanting import state_wanted
from exchange.projects.models import Project, ProjectNeed
from exchange.projects.visits import announcing, signing_up
from exchange.projects.visits.announcing import VisitValues
from exchange.projects.visits.kinds import VisitKind
from exchange.taxonomy.terms import Terms

AGED = timedelta(days=15)


def cooperate(house: House) -> None:
    """Everything that the file tells, by the verbs that people use."""
    told: dict[str, Any] = json.loads((FOLDER / "cooperation.json").read_text(encoding="utf-8"))
    teller = _Teller(house, told, _project(house, told))
    teller.wish()
    for row in told["intentions"]:
        teller.intend(row)
    for row in told["visits"]:
        teller.show(row)


def _project(house: House, told: Mapping[str, Any]) -> str:
    """The public id of the village's project, with the needs that are put to it."""
    with open_act(_past(house, AGED), db.session, SYSTEM, "demonstration") as act:
        titled = sa.select(Project).where(Project.title == told["project"])
        found = act.session.scalars(titled).one()
        needs = sa.select(Listing.id).where(Listing.external_id.in_(told["needs"]))
        taken = sa.select(ProjectNeed.listing_id)
        for key in act.session.scalars(needs.where(Listing.id.not_in(taken))).all():
            act.session.add(ProjectNeed(listing_id=key, project_id=found.id, added_at=act.now))
        return found.public_id


def _past(house: House, span: timedelta) -> House:
    return replace(house, clock=FrozenClock(house.clock.now() - span))


def _actor(house: House, phone: str) -> Actor:
    found = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if found is None:
        raise LookupError(f"the story has nobody with {phone}")
    return load_actor(db.session(), found.id)


@dataclass(frozen=True)
class _Teller:
    """Tells of one project."""

    house: House
    told: Mapping[str, Any]
    public_id: str

    @property
    def today(self) -> date:
        return civil_date(self.house.clock.now(), self.house.settings.time_zone)

    @property
    def lead(self) -> Actor:
        return _actor(self.house, self.told["lead"])

    def wish(self) -> None:
        """What cooperation the project wishes for."""
        lines = [(IntentionKind(kind), words) for kind, words in self.told["wanted"]]
        with open_act(self.house, db.session, self.lead, "demonstration") as act:
            state_wanted(act, self.public_id, lines)

    def intend(self, row: Mapping[str, Any]) -> None:
        """One intention, what was said in it, and its answer."""
        declarer = _actor(self.house, row["phone"])
        query = sa.select(Listing.public_id).where(Listing.external_id == row.get("need", ""))
        values = IntentionValues(
            kind=IntentionKind(row["kind"]), text=row["text"], terms=Terms(row["terms"]),
            until=self.today + timedelta(days=row["until_in"]), risk_read=True,
            quantity_milli=row.get("quantity_milli"), unit=row.get("unit"),
            need=db.session.scalars(query).first() or "",
        )  # fmt: skip
        past = _past(self.house, timedelta(days=row["days_ago"]))
        with open_act(past, db.session, declarer, "demonstration") as act:
            key = declaring.declare(act, self.public_id, values).public_id
        for who, words in row.get("talk", ()):
            speaker = self.lead if who == "lead" else declarer
            with open_act(self.house, db.session, speaker, "demonstration") as act:
                answering.talk(act, key, words)
        if "answer" not in row:
            return
        with open_act(self.house, db.session, self.lead, "demonstration") as act:
            if row["answer"] == "accept":
                answering.accept(act, key, text=row["words"])
            else:
                answering.decline(act, key, DeclineReason(row["reason"]), row["words"])

    def show(self, row: Mapping[str, Any]) -> None:
        """A day on which people come, and who comes."""
        zone = ZoneInfo(self.house.settings.time_zone)
        day = self.today + timedelta(days=row["days_in"])
        values = VisitValues(
            kind=VisitKind(row["kind"]), title=row["title"], text=row["text"],
            place=row["place"], seats=row["seats"],
            starts_at=datetime.combine(day, time(row["hour"]), zone),
        )  # fmt: skip
        with open_act(self.house, db.session, self.lead, "demonstration") as act:
            key = announcing.announce(act, self.public_id, values).public_id
        for phone, people in row["guests"]:
            guest = _actor(self.house, phone)
            with open_act(self.house, db.session, guest, "demonstration") as act:
                signing_up.sign_up(act, key, people)
