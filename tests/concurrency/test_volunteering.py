"""A hundred volunteers for ten places, from eight processes at the same moment.

In CI fewer people are drawn from the seed; EXCHANGE_TEST_FULL=1 sends all hundred.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.values import ActivityValues, ShiftValues
from tests.cast import VILLAGE, Cast
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.conftest import IS_FULL, SEED_VARIABLE, START
from tests.invariants import broken

pytestmark = pytest.mark.processes
OpenAct = Callable[..., AbstractContextManager[Act]]


class Crowd:
    """People, and shifts with few places."""

    def __init__(self, cast: Cast, act_as: OpenAct, people: int) -> None:
        self.cast, self.act_as = cast, act_as
        owner = cast.make_organisation(
            OrganisationKind.VOLUNTEER_GROUP, "志愿服务队", VILLAGE, verified=True
        )
        self.leader = cast.make_player("高原", VILLAGE, owner, Role.MANAGER)
        self.people = [cast.make_player(f"人{one}", VILLAGE).person_id for one in range(people)]

    def shift(self, maximum: int, hours: int = 0) -> int:
        starts = START + timedelta(days=3, hours=hours)
        values = ShiftValues(starts, starts + timedelta(hours=2), 1, maximum)
        with self.act_as(self.leader.actor) as act:
            activity = make_activity(
                act, self.leader.organisation_id,
                ActivityValues(title=f"活动{hours}", division_code=VILLAGE),
            )  # fmt: skip
            (made,) = add_shifts(act, activity, values)
            publish_activity(act, activity)
            return made.id

    def tasks(self, shifts: list[int], *, back: bool = False) -> list[Task]:
        size = -(-len(self.people) // FIGHTERS)
        return [
            Task("join_in_turn", None, {"shifts": shifts, "people": some, "back": back})
            for start in range(0, len(self.people), size)
            if (some := self.people[start : start + size])
        ]


def counted(done: list[str]) -> Counter[str]:
    return sum((Counter(json.loads(one)) for one in done), Counter())


def states(session: Session, shift_id: int) -> Counter[SignupState]:
    session.rollback()
    return Counter(session.scalars(sa.select(Signup.state).where(Signup.shift_id == shift_id)))


@pytest.fixture
def size() -> tuple[int, int]:
    """How many people, for how many places."""
    if IS_FULL:
        return 100, 10
    drawn = random.Random(os.environ[SEED_VARIABLE])
    return drawn.randint(16, 20), drawn.randint(2, 5)


def test_a_hundred_volunteers_for_ten_places(
    cast: Cast, act_as: OpenAct, session: Session, fight: Fight, size: tuple[int, int]
) -> None:
    people, places = size
    crowd = Crowd(cast, act_as, people)
    shift = crowd.shift(places)
    session.rollback()
    answers = fight(crowd.tasks([shift]))
    assert answers.reasons == []
    assert counted(answers.winners) == {"signed_up": places, "waiting": people - places}
    assert broken(session) == []
    numbers = sa.select(Signup.number).where(
        Signup.shift_id == shift, Signup.state == SignupState.WAITING
    )
    assert sorted(session.scalars(numbers)) == list(range(1, people - places + 1))


def test_while_people_come_and_give_up_every_place_stays_taken(
    cast: Cast, act_as: OpenAct, session: Session, fight: Fight, size: tuple[int, int]
) -> None:
    people, places = size
    crowd = Crowd(cast, act_as, people)
    shift = crowd.shift(places)
    session.rollback()
    answers = fight(crowd.tasks([shift], back=True))
    assert answers.reasons == []
    assert broken(session) == []
    found = states(session, shift)
    gone = counted(answers.winners)["cancelled"]
    assert found[SignupState.CANCELLED] == gone > 0
    assert found[SignupState.SIGNED_UP] == min(places, people - gone)
    assert session.get_one(Shift, shift).taken == found[SignupState.SIGNED_UP]


def test_nobody_gets_two_places_at_the_same_time(
    cast: Cast, act_as: OpenAct, session: Session, fight: Fight
) -> None:
    crowd = Crowd(cast, act_as, 6)
    shifts = [crowd.shift(6, hours=0), crowd.shift(6, hours=1)]
    session.rollback()
    orders = [shifts, shifts[::-1]] * (FIGHTERS // 2)
    answers = fight(
        [
            Task("join_in_turn", None, {"shifts": order, "people": crowd.people, "back": False})
            for order in orders
        ]
    )
    assert answers.reasons == []
    assert broken(session) == []
    taken = [session.get_one(Shift, one).taken for one in shifts]
    assert sum(taken) == len(crowd.people)
    assert counted(answers.winners)["shift_clash"] > 0
