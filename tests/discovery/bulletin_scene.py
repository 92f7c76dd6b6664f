"""A centre with a bulletin for a county: Mondays at eight, edited at the station, approved."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.discovery.bulletins.composing import compose_now
from exchange.discovery.bulletins.jobs import watch_job
from exchange.discovery.bulletins.kinds import Rhythm
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.discovery.bulletins.place_service import PlaceSettings, open_place
from exchange.discovery.bulletins.rules import When
from exchange.discovery.bulletins.service import approve
from exchange.discovery.bulletins.showing import BulletinView, bulletin_view
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act, House
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.cast import STATION_AREA, Cast, Player
from tests.conftest import SettableClock
from tests.factories import make_listing

OpenAct = Callable[..., AbstractContextManager[Act]]
MONDAY = "2026-11-23"


@dataclass
class Desk:
    """The people, the clock, and the place."""

    cast: Cast
    house: House
    clock: SettableClock
    open: OpenAct
    jobs: Callable[[], int]
    place: str = ""

    @property
    def session(self) -> Session:
        return self.cast.session

    def at(self, day: str, hour: int, minute: int = 0) -> None:
        """Move the clock to an hour in Shanghai."""
        moment = datetime.fromisoformat(f"{day}T{hour:02d}:{minute:02d}:00+08:00")
        self.clock.set(moment.astimezone(UTC))

    def opened(
        self, code: str = STATION_AREA, *, editor: Player | None = None, approval: bool = True,
        when: When | None = None,
    ) -> str:  # fmt: skip
        """The supervisor sets the place up; its public id."""
        settings = PlaceSettings(
            when or When(Rhythm.WEEKLY, 0, 1, 8),
            editor.person.public_id if editor else "",
            needs_approval=approval,
        )
        self.cast.session.commit()
        with self.open(self.cast.supervisor.actor) as act:
            self.place = open_place(act, settings, division_code=code).public_id
        return self.place

    def work(self) -> None:
        """What the worker does by the clock."""
        with self.open() as act:
            enqueue(act, watch_job)
        self.jobs()

    def composed(self) -> str:
        """The issue of Monday; its public id."""
        self.at(MONDAY, 8)
        self.work()
        return self.issue().public_id

    def published(self) -> str:
        """The same, approved."""
        self.composed()
        return self.approved()

    def approved(self) -> str:
        """The newest issue comes out."""
        public_id = self.issue().public_id
        with self.open(self.cast.supervisor.actor) as act:
            approve(act, public_id)
        self.jobs()
        return public_id

    def compose_now(self) -> str:
        with self.open(self.cast.supervisor.actor) as act:
            return compose_now(act, self.place).public_id

    def issues(self) -> list[Bulletin]:
        self.session.rollback()
        return list(self.session.scalars(sa.select(Bulletin).order_by(Bulletin.due_on)))

    def issue(self) -> Bulletin:
        """The newest issue."""
        return self.issues()[-1]

    def place_row(self) -> BulletinPlace:
        self.session.rollback()
        return self.session.scalars(sa.select(BulletinPlace)).one()

    def view(self, locale: str = "en") -> BulletinView:
        return bulletin_view(self.session, self.house, self.issue(), locale)

    def listing(
        self, title: str, day: str, side: Side = Side.NEED, who: Player | None = None, **values: Any
    ) -> Listing:
        """A listing that came in on a day."""
        owner = who or (self.cast.officer if side is Side.NEED else self.cast.enterprise)
        made = make_listing(self.house, owner, side, title=title, **values)
        moment = datetime.fromisoformat(f"{day}T12:00:00+08:00").astimezone(UTC)
        made.published_at = made.created_at = moment
        self.session.commit()
        return made

    def change(self, listing: Listing, **values: Any) -> None:
        """Something about a listing is another."""
        self.session.rollback()
        row = self.session.get_one(Listing, listing.id)
        for name, value in values.items():
            setattr(row, name, value)
        self.session.commit()


def titles(view: BulletinView, code: str = "needs") -> list[str]:
    """What stands in a list."""
    (section,) = [one for one in view.sections if one.code == code]
    return [item.title for item in section.items]


def days(issue: Bulletin) -> tuple[date, date]:
    return issue.from_on, issue.to_on
