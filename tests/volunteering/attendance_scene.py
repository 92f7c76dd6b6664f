"""A shift on a Saturday morning, who runs it and who comes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind
from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act, House
from exchange.kernel.actor import Role
from exchange.volunteering.attendance.codes import code_of
from exchange.volunteering.attendance.hours_service import (
    Chosen,
    Proposal,
    approve_hours,
    propose_hours,
)
from exchange.volunteering.attendance.kinds import Step
from exchange.volunteering.attendance.models import HoursStep
from exchange.volunteering.kinds import ActivityState, SignupState
from exchange.volunteering.models import Activity, ActivityCoordinator, Shift, Signup
from tests.cast import VILLAGE, Cast, Player
from tests.conftest import SettableClock

OpenAct = Callable[..., AbstractContextManager[Act]]
BEGINS = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai, a Saturday
ENDS = BEGINS + timedelta(minutes=150)


@dataclass
class Morning:
    """A shift with volunteers; rows are read anew in the session that asks."""

    cast: Cast
    clock: SettableClock
    act_as: OpenAct
    manager: Player
    coordinator: Player
    activity_id: int
    shift_id: int
    shift_key: str
    volunteers: list[Player] = field(default_factory=list)
    signups: dict[int, str] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.cast.session

    @property
    def house(self) -> House:
        return self.cast.house

    @property
    def organisation_id(self) -> int:
        return self.manager.organisation_id

    @property
    def organisation_key(self) -> str:
        return self.manager.organisation.public_id

    def shift(self, session: Session | None = None) -> Shift:
        return (session or self.session).get_one(Shift, self.shift_id)

    def signup_of(self, who: Player) -> str:
        return self.signups[who.person_id]

    def code(self) -> str:
        """What the coordinator's phone shows now."""
        self.session.rollback()
        return code_of(self.house.secrets, self.shift(), self.clock.now())

    def join(self, who: Player, state: SignupState = SignupState.SIGNED_UP) -> Player:
        """The person has answered to the shift."""
        make_signup(self, who, state)
        self.volunteers.append(who)
        return who

    def at(self, minutes: float) -> None:
        """So many minutes after the beginning."""
        self.clock.set(BEGINS + timedelta(minutes=minutes))

    def over(self) -> None:
        """An hour after the end."""
        self.clock.set(ENDS + timedelta(hours=1))

    def proposed(self, who: Player, minutes: int = 150, seen: int = 0, **more: Any) -> int:
        """The coordinator says how long it was."""
        with self.act_as(self.coordinator.actor) as act:
            one = Proposal(self.signup_of(who), minutes, seen=seen, **more)
            return propose_hours(act, self.shift(act.session), [one])

    def approved(self, who: Player, minutes: int = 150, seen: int = 0) -> None:
        """Proposed and approved."""
        self.proposed(who, minutes, seen)
        with self.act_as(self.manager.actor) as act:
            one = Chosen(self.signup_of(who), seen + 1)
            approve_hours(act, self.shift(act.session), [one])

    def as_(self, client: FlaskClient, who: Player) -> FlaskClient:
        self.cast.sign_in(client, who)
        return client


def make_activity(cast: Cast, organisation_id: int, **values: Any) -> Activity:
    """A published activity, committed to the database."""
    now = cast.now
    chosen: dict[str, Any] = {
        "title": "周六陪老人说说话",
        "text": "一起去敬老院。",
        "division_code": VILLAGE,
        "state": ActivityState.PUBLISHED,
    } | values
    made = Activity(
        organisation_id=organisation_id,
        created_at=now,
        updated_at=now,
        published_at=now,
        **chosen,
    )
    cast.session.add(made)
    cast.session.commit()
    return made


def make_shift(
    cast: Cast, activity: Activity, begins: datetime = BEGINS, ends: datetime = ENDS
) -> Shift:
    """A shift for ten."""
    made = Shift(
        activity_id=activity.id,
        starts_at=begins,
        ends_at=ends,
        minimum=0,
        maximum=10,
        created_at=cast.now,
        updated_at=cast.now,
    )
    cast.session.add(made)
    cast.session.commit()
    return made


def make_signup(morning: Morning, who: Player, state: SignupState = SignupState.SIGNED_UP) -> None:
    """A row as signing up makes it."""
    session, now = morning.session, morning.cast.now
    session.commit()
    made = Signup(
        shift_id=morning.shift_id,
        person_id=who.person_id,
        organisation_id=who.organisation_id,
        state=state,
        answered_at=now,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    if state is SignupState.SIGNED_UP:
        morning.shift().taken += 1
    session.commit()
    morning.signups[who.person_id] = made.public_id


def make_morning(cast: Cast, clock: SettableClock, act_as: OpenAct) -> Morning:
    """A verified organisation with a manager and a coordinator, and two volunteers."""
    ngo = cast.make_organisation(OrganisationKind.NGO, "普定青年志愿者协会", VILLAGE, verified=True)
    manager = cast.make_player("贺敏", VILLAGE, ngo, Role.MANAGER)
    coordinator = cast.make_player("陶可", VILLAGE, ngo)
    activity = make_activity(cast, ngo.id)
    cast.session.add(
        ActivityCoordinator(
            activity_id=activity.id, person_id=coordinator.person_id, named_at=cast.now
        )
    )
    cast.session.commit()
    shift = make_shift(cast, activity)
    morning = Morning(
        cast, clock, act_as, manager, coordinator, activity.id, shift.id, shift.public_id
    )
    morning.join(cast.make_player("王小明", VILLAGE))
    morning.join(cast.make_player("李春花", VILLAGE))
    return morning


def steps(morning: Morning, who: Player) -> list[tuple[Step, int]]:
    morning.session.rollback()
    query = sa.select(HoursStep).where(HoursStep.person_id == who.person_id)
    found = morning.session.scalars(query.order_by(HoursStep.number))
    return [(one.step, one.minutes) for one in found]


def events(morning: Morning, event: str) -> int:
    morning.session.rollback()
    query = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.event == event)
    return morning.session.scalar(query) or 0
