"""One volunteer who says, pauses and is asked from many sides at the same moment."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.listings.kinds import Form, State
from exchange.listings.models import Listing
from exchange.notifications.models import Notice
from exchange.volunteering.availability.models import Availability, SubstituteRequest
from exchange.volunteering.availability.rules import MOST_ASKS
from exchange.volunteering.availability.service import save_availability
from exchange.volunteering.availability.time_rules import EVERY_TIME
from exchange.volunteering.availability.values import AvailabilityValues
from tests.cast import VILLAGE, Cast, Player
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.concurrency.test_volunteering import Crowd
from tests.invariants import broken

pytestmark = pytest.mark.processes
OpenAct = Callable[..., AbstractContextManager[Act]]
VALUES = AvailabilityValues(
    skills=("tutoring",), times=EVERY_TIME, division_code=VILLAGE, may_be_asked=True, is_adult=True
)


@pytest.fixture
def crowd(cast: Cast, act_as: OpenAct) -> Crowd:
    return Crowd(cast, act_as, 0)


@pytest.fixture
def who(cast: Cast) -> Player:
    return cast.make_player("王小雨", VILLAGE)


def say(act_as: OpenAct, who: Player) -> str:
    with act_as(who.actor) as act:
        return save_availability(act, VALUES).public_id


def offers(session: Session) -> list[Listing]:
    session.rollback()
    return list(session.scalars(sa.select(Listing).where(Listing.form == Form.AVAILABILITY)))


def test_what_is_said_eight_times_at_once_is_one_offer(
    who: Player, session: Session, fight: Fight
) -> None:
    session.rollback()
    tasks = [Task("say_time", who, {"words": f"第{one % 2}", "asked": True}) for one in range(8)]
    answers = fight(tasks)
    assert answers.reasons == []
    assert len(set(answers.winners)) == 1
    (listing,) = offers(session)
    row = session.scalars(sa.select(Availability)).one()
    assert (row.listing_id, row.listed_version) == (listing.id, row.version)
    assert row.words in listing.text
    assert broken(session) == []


def test_who_is_asked_from_eight_sides_is_asked_three_times_at_most(
    crowd: Crowd, who: Player, session: Session, act_as: OpenAct, fight: Fight
) -> None:
    name = say(act_as, who)
    shifts = [crowd.shift(3, hours=3 * number) for number in range(FIGHTERS // 2)]
    session.rollback()
    answers = fight(
        [
            Task("ask_people", crowd.leader, {"shift_id": one, "names": [name]})
            for one in [*shifts, *shifts]
        ]
    )
    assert answers.reasons == []
    assert sum(map(int, answers.winners)) == MOST_ASKS
    session.rollback()
    asked = list(session.scalars(sa.select(SubstituteRequest.shift_id)))
    assert len(asked) == len(set(asked)) == MOST_ASKS
    told = sa.select(sa.func.count(Notice.id)).where(Notice.code == "substitute_asked")
    assert session.scalar(told) == MOST_ASKS


def test_who_pauses_or_takes_consent_back_is_asked_before_or_not_at_all(
    crowd: Crowd, who: Player, session: Session, act_as: OpenAct, fight: Fight
) -> None:
    name = say(act_as, who)
    shift = crowd.shift(3)
    session.rollback()
    answers = fight(
        [
            Task("ask_people", crowd.leader, {"shift_id": shift, "names": [name]}),
            Task("pause_time", who),
            Task("say_time", who, {"words": "不想被问", "asked": False}),
            Task("ask_people", crowd.leader, {"shift_id": shift, "names": [name]}),
        ]
    )
    assert answers.reasons == []
    counts = [int(one) for one in answers.winners if one in ("0", "1")]
    assert sum(counts) <= 1
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(SubstituteRequest.id))) == sum(counts)
    row = session.scalars(sa.select(Availability)).one()
    assert not row.may_be_asked
    (listing,) = offers(session)
    assert listing.state is State.PARKED
    assert broken(session) == []
