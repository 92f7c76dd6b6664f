"""A proposal lapses when its day has come, and reminders go out before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from exchange.brokering.centre.models import CentreSetting
from exchange.brokering.centre.settings import CentreSettings
from exchange.brokering.jobs import LAPSE, REMIND
from exchange.brokering.kinds import MatchState
from exchange.brokering.life import proposing
from exchange.brokering.life.closing import due_to_lapse, lapse
from exchange.brokering.life.reminding import remind
from exchange.brokering.models import TimelineEntry
from exchange.jobs.registry import Job
from exchange.jobs.service import enqueue
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.conftest import SettableClock

RunJobs = Callable[[], int]


def run(scene: Scene, run_jobs: RunJobs, *jobs: Job) -> None:
    """Run jobs of the clock, twice: a worker may be killed and begin anew."""
    for _ in range(2):
        with scene.act(SYSTEM) as act:
            for one in jobs:
                enqueue(act, one, {})
        run_jobs()


def codes(scene: Scene, public_id: str) -> list[str]:
    match = scene.match(public_id)
    query = sa.select(TimelineEntry.code).where(TimelineEntry.match_id == match.id)
    return list(scene.cast.session.scalars(query.order_by(TimelineEntry.id)))


def told(scene: Scene, code: str) -> list[int]:
    scene.cast.session.rollback()
    query = sa.select(Notice.person_id).where(Notice.code == code)
    return sorted(scene.cast.session.scalars(query))


def test_who_has_not_answered_is_reminded_once_and_then_it_lapses_and_is_free(
    scene: Scene, clock: SettableClock, run_jobs: RunJobs
) -> None:
    public_id = scene.proposed()
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    clock.forward(days=10)
    run(scene, run_jobs, REMIND, LAPSE)
    assert told(scene, "match_reminded_offer") == []
    clock.forward(days=1, hours=1)
    run(scene, run_jobs, REMIND, LAPSE)
    assert told(scene, "match_reminded_offer") == [scene.cast.enterprise.person_id]
    assert told(scene, "match_reminded_need") == []
    clock.forward(days=3)
    run(scene, run_jobs, REMIND, LAPSE)
    assert scene.match(public_id).state is MatchState.LAPSED
    found = codes(scene, public_id)
    assert found[-2:] == ["offer_reminded", "lapsed"]
    assert found.count("lapsed") == found.count("offer_reminded") == 1
    assert scene.claimed() != public_id


def test_the_centre_sets_the_days_and_what_was_told_stays(
    scene: Scene, clock: SettableClock
) -> None:
    before = scene.match(scene.proposed())
    assert before.lapses_at == clock.moment + timedelta(days=14)
    assert before.remind_at == clock.moment + timedelta(days=11)
    set_days(scene, lapse_days=5, reminder_days_before=1)
    assert scene.match(before.public_id).lapses_at == clock.moment + timedelta(days=14)


def set_days(scene: Scene, **days: int) -> None:
    """As the centre's supervisor has set them."""
    point_id = scene.cast.supervisor.actor.service_point_id
    values = {**CentreSettings().__dict__, **days}
    scene.cast.session.add(
        CentreSetting(service_point_id=point_id, updated_at=scene.cast.now, **values)
    )
    scene.cast.session.commit()


def test_a_proposal_made_after_the_change_goes_by_it(scene: Scene, clock: SettableClock) -> None:
    set_days(scene, lapse_days=5, reminder_days_before=1)
    match = scene.match(scene.proposed())
    assert match.lapses_at == clock.moment + timedelta(days=5)
    assert match.remind_at == clock.moment + timedelta(days=4)


def test_nothing_lapses_before_its_day_or_after_an_introduction(
    scene: Scene, clock: SettableClock
) -> None:
    public_id = scene.proposed()
    with pytest.raises(Conflict, match="match_not_due"), scene.act(SYSTEM) as act:
        lapse(act, public_id)
    with pytest.raises(Conflict, match="match_not_due"), scene.act(SYSTEM) as act:
        remind(act, public_id, Side.NEED)
    for who, side in ((scene.cast.officer, Side.NEED), (scene.cast.enterprise, Side.OFFER)):
        with scene.act(who) as act:
            proposing.answer(act, public_id, side, accept=True)
    clock.forward(days=30)
    assert due_to_lapse(scene.cast.session, clock.moment) == []
    with pytest.raises(Conflict, match="match_wrong_state"), scene.act(SYSTEM) as act:
        lapse(act, public_id)
