"""A village group with activities, and volunteers."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.tokens.service import create_token
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.notifications.models import Notice
from exchange.volunteering.kinds import Repeat, SignupState
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.queries import seen_shift
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.signups.service import say_no, sign_up
from exchange.volunteering.values import ActivityValues, ShiftValues
from tests.cast import VILLAGE, Cast, Player
from tests.conftest import SettableClock

CHINA = ZoneInfo("Asia/Shanghai")
SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=CHINA)
TITLE = "周六陪孩子读书"
OpenAct = Callable[..., AbstractContextManager[Act]]


@dataclass
class Group:
    """A verified volunteer group of a village, and what it runs."""

    cast: Cast
    session: Session
    act_as: OpenAct
    leader: Player
    helper: Player
    people: list[Player] = field(default_factory=list)

    def values(self, **values: object) -> ActivityValues:
        chosen: dict[str, object] = {
            "title": TITLE, "division_code": VILLAGE, "place": "村小学",
            "meeting_point": "校门口老槐树下", "text": "带绘本来",
        }  # fmt: skip
        return ActivityValues(**(chosen | values))  # type: ignore[arg-type]  # values of a test

    def shift(
        self, starts: datetime = SATURDAY, hours: float = 2, minimum: int = 1, maximum: int = 2
    ) -> ShiftValues:
        return ShiftValues(starts, starts + timedelta(hours=hours), minimum, maximum)

    def run(
        self,
        *shifts: ShiftValues,
        repeat: Repeat | None = None,
        until: datetime | None = None,
        **values: object,
    ) -> tuple[Activity, list[Shift]]:
        """A published activity with these shifts, or one for two people on Saturday."""
        with self.act_as(self.leader.actor) as act:
            activity = make_activity(act, self.leader.organisation_id, self.values(**values))
            for one in shifts or (self.shift(),):
                add_shifts(act, activity, one, repeat, until.date() if until else None)
            publish_activity(act, activity)
        query = sa.select(Shift).where(Shift.activity_id == activity.id)
        return activity, list(self.session.scalars(query.order_by(Shift.starts_at, Shift.id)))

    def volunteer(self, name: str = "") -> Player:
        """One more person who may sign up."""
        who = self.cast.make_player(name or f"志愿者{len(self.people)}", VILLAGE)
        self.people.append(who)
        return who

    def joins(self, who: Player, shift: Shift) -> SignupState:
        with self.act_as(who.actor) as act:
            return sign_up(act, seen_shift(act.session, act.actor, shift.public_id)).state

    def says_no(self, who: Player, shift: Shift) -> SignupState:
        with self.act_as(who.actor) as act:
            return say_no(act, seen_shift(act.session, act.actor, shift.public_id)).state

    def answer(self, who: Player, shift: Shift) -> Signup | None:
        self.session.rollback()
        query = sa.select(Signup).where(
            Signup.person_id == who.person_id, Signup.shift_id == shift.id
        )
        return self.session.scalars(query).first()

    def state(self, who: Player, shift: Shift) -> SignupState | None:
        found = self.answer(who, shift)
        return found.state if found else None

    def told(self, who: Player) -> list[str]:
        """The codes of a person's notices, the oldest first."""
        self.session.rollback()
        query = sa.select(Notice.code).where(Notice.person_id == who.person_id)
        return list(self.session.scalars(query.order_by(Notice.id)))

    def token(self, who: Player) -> dict[str, str]:
        """The headers of a program of the player's."""
        person, owner = who.person_id, who.organisation_id
        with self.act_as() as act:
            made = create_token(act, person, owner, "program", may_write=True, days=30)
        return {"Authorization": f"Bearer {made.secret}", "Accept-Language": "en"}

    def fresh(self, shift: Shift) -> Shift:
        self.session.rollback()
        return self.session.get_one(Shift, shift.id, populate_existing=True)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def group(cast: Cast, session: Session, act_as: OpenAct) -> Group:
    owner = cast.make_organisation(
        OrganisationKind.VOLUNTEER_GROUP, "朵贝志愿服务队", VILLAGE, verified=True
    )
    leader = cast.make_player("高原", VILLAGE, owner, Role.MANAGER)
    helper = cast.make_player("苏禾", VILLAGE, owner)
    return Group(cast, session, act_as, leader, helper)


@pytest.fixture
def signed_in(client: FlaskClient, group: Group) -> Callable[[Player], FlaskClient]:
    """``signed_in(who)`` is a browser in English in which the player is signed in."""

    def sign_in(who: Player) -> FlaskClient:
        group.cast.sign_in(client, who)
        client.get("/locale/en")
        return client

    return sign_in


@pytest.fixture
def after(clock: SettableClock) -> Callable[[datetime], None]:
    """``after(moment)`` moves the clock there."""
    return clock.set
