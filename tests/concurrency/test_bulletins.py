"""Two who approve, edit or compose one bulletin at the same moment."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.discovery.bulletins.composing import compose_now
from exchange.discovery.bulletins.kinds import Rhythm, State
from exchange.discovery.bulletins.models import Bulletin, BulletinItem
from exchange.discovery.bulletins.place_service import PlaceSettings, open_place
from exchange.discovery.bulletins.rules import When
from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from exchange.listings.sharing.rules import short_code
from tests.cast import STATION_AREA, Cast
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.conftest import SettableClock
from tests.factories import make_listing

pytestmark = pytest.mark.processes
OpenAct = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def place(cast: Cast, act_as: OpenAct) -> str:
    """A county with a bulletin."""
    cast.make_place(STATION_AREA)
    actor = cast.supervisor.actor
    cast.session.commit()
    with act_as(actor) as act:
        settings = PlaceSettings(When(Rhythm.WEEKLY, 0, 1, 8))
        return open_place(act, settings, division_code=STATION_AREA).public_id


@pytest.fixture
def issue(cast: Cast, act_as: OpenAct, place: str) -> str:
    """Its issue, waiting."""
    with act_as(cast.supervisor.actor) as act:
        return compose_now(act, place).public_id


def count(session: Session, event: str) -> int:
    session.rollback()
    query = sa.select(sa.func.count()).where(AuditEntry.event == event)
    return session.scalar(query) or 0


def test_approved_eight_times_at_once_it_comes_out_once(
    cast: Cast, issue: str, session: Session, fight: Fight
) -> None:
    who = cast.supervisor
    session.rollback()
    answers = fight([Task("approve_bulletin", who, {"bulletin": issue, "version": 1})] * FIGHTERS)
    assert answers.winners == [State.PUBLISHED.value] * FIGHTERS
    assert count(session, "BulletinPublished") == 1


def test_of_those_who_edit_and_approve_at_once_nobody_overwrites_what_they_did_not_read(
    cast: Cast, issue: str, session: Session, fight: Fight
) -> None:
    who = cast.supervisor
    session.rollback()
    editing = [
        Task("edit_bulletin", who, {"bulletin": issue, "headline": f"标题{n}", "version": 1})
        for n in range(FIGHTERS - 1)
    ]
    approving = Task("approve_bulletin", who, {"bulletin": issue, "version": 1})
    answers = fight([*editing, approving])
    assert len(answers.winners) == 1
    assert set(answers.reasons) <= {"bulletin_changed", "bulletin_is_published"}
    session.rollback()
    row = session.scalars(sa.select(Bulletin)).one()
    assert row.version == 2
    assert (row.state is State.PUBLISHED) == (row.headline_zh == "")


def test_of_those_who_put_something_in_at_once_one_does_and_the_rest_read_again(
    cast: Cast, issue: str, session: Session, fight: Fight, clock: SettableClock
) -> None:
    who = cast.supervisor
    needs = [make_listing(cast.house, cast.officer, Side.NEED) for _n in range(FIGHTERS)]
    for need in needs:
        need.published_at = clock.now() - timedelta(days=2)
    session.commit()
    keys = [short_code(need.id) for need in needs]
    putting = [
        Task("put_into_bulletin", who, {"bulletin": issue, "key": key, "version": 1})
        for key in keys
    ]
    answers = fight(putting)
    assert len(answers.winners) == 1
    assert set(answers.reasons) == {"bulletin_changed"}
    session.rollback()
    standing = session.scalars(sa.select(BulletinItem)).all()
    assert [short_code(one.subject_id) for one in standing] == answers.winners
    assert session.scalars(sa.select(Bulletin)).one().figures["needs"]["new"] == FIGHTERS


def test_composed_eight_times_at_once_there_is_one_issue(
    cast: Cast, place: str, session: Session, fight: Fight
) -> None:
    who = cast.supervisor
    session.rollback()
    answers = fight([Task("compose_bulletin", who, {"place": place})] * FIGHTERS)
    assert answers.reasons == []
    assert len(set(answers.winners)) == 1
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Bulletin.id))) == 1
