"""Two coordinators at one list, managers at the same hours, one certificate asked for at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.actor import Role
from exchange.volunteering.attendance.kinds import Basis, Step
from exchange.volunteering.attendance.models import AttendanceMark, Certificate, HoursStep
from exchange.volunteering.attendance.queries import marks_of, presence_from
from tests.cast import VILLAGE, Cast
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.conftest import START, SettableClock
from tests.volunteering.attendance_scene import Morning, make_morning

pytestmark = pytest.mark.processes
OpenAct = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def morning(cast: Cast, clock: SettableClock, act_as: OpenAct) -> Morning:
    """A shift that was over an hour ago, by the clock of the processes."""
    made = make_morning(cast, clock, act_as)
    cast.session.commit()
    shift = made.shift()
    shift.starts_at, shift.ends_at = START - timedelta(hours=3), START - timedelta(hours=1)
    cast.session.commit()
    return made


def step(morning: Morning, person_id: int, number: int, what: Step) -> None:
    morning.session.add(
        HoursStep(
            shift_id=morning.shift_id, person_id=person_id, number=number, step=what,
            organisation_id=morning.organisation_id, minutes=120, basis=Basis.PLANNED,
            made_at=START,
        )
    )  # fmt: skip


def test_ticks_that_eight_phones_send_at_once_count_once_and_the_later_wins(
    house: House, morning: Morning, session: Session, fight: Fight
) -> None:
    who = morning.volunteers[0]
    signup = morning.signup_of(who)
    coordinator, manager = morning.coordinator, morning.manager
    same = {"shift_id": morning.shift_id, "kind": "came", "ticks": {"phone-a-1": signup}}
    later = {"shift_id": morning.shift_id, "kind": "absent", "ticks": {"phone-b-1": signup}}
    session.rollback()
    tasks = [Task("tick_people", coordinator, {**same, "age": 600}),
             Task("tick_people", manager, {**later, "age": 60})] * (FIGHTERS // 2)  # fmt: skip
    answers = fight(tasks)
    assert answers.reasons == []
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(AttendanceMark.id))) == 2
    found = marks_of(session, [morning.shift_id])[morning.shift_id, who.person_id]
    assert presence_from(found, morning.shift()).came is False


def test_hours_that_eight_managers_approve_at_once_are_approved_once(
    morning: Morning, session: Session, fight: Fight
) -> None:
    who, boss = morning.volunteers[0], morning.manager
    second = morning.cast.make_player("二把手", VILLAGE, boss.organisation, Role.MANAGER)
    step(morning, who.person_id, 1, Step.PROPOSED)
    session.commit()
    values = {"shift_id": morning.shift_id, "signups": [morning.signup_of(who)]}
    session.rollback()
    answers = fight([Task("approve_people", one, values) for one in (boss, second)] * 4)
    assert answers.reasons == []
    assert sorted(answers.winners) == ["0"] * (FIGHTERS - 1) + ["1"]
    session.rollback()
    steps = session.scalars(sa.select(HoursStep.step).order_by(HoursStep.number)).all()
    assert steps == [Step.PROPOSED, Step.APPROVED]


def test_a_certificate_that_is_asked_for_eight_times_at_once_is_one(
    morning: Morning, session: Session, fight: Fight
) -> None:
    who, boss = morning.volunteers[0], morning.manager
    step(morning, who.person_id, 1, Step.APPROVED)
    session.commit()
    values = {
        "organisation_id": morning.organisation_id,
        "person_id": who.person_id,
        "activity_id": morning.activity_id,
    }
    session.rollback()
    answers = fight([Task("certify", one, values) for one in (boss, who)] * (FIGHTERS // 2))
    assert answers.reasons == []
    assert len(set(answers.winners)) == 1
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Certificate.id))) == 1
