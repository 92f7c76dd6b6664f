"""A match rests until a day: out of its worker's sight, never out of its supervisors'."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.audit.models import AuditEntry
from exchange.brokering.board.postponing import postpone, resume
from exchange.brokering.board.postponing_rules import (
    MOST_DAYS,
    is_last_reminder_due,
    may_postpone,
    may_remind,
)
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.kinds import Thread
from exchange.brokering.desk.queries import Day, places_today
from exchange.brokering.kinds import Answer, CloseReason, PostponeReason
from exchange.brokering.life import closing, proposing
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.talk import messaging
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.brokering.test_caseload import codes_told
from tests.brokering.test_escalation import rows, run
from tests.conftest import START, SettableClock

TODAY = date(2026, 11, 22)
LATER = date(2026, 11, 30)
WAITS = PostponeReason.WAITS


def set_aside(scene: Scene, public_id: str, day: date = LATER, note: str = "") -> bool:
    with scene.act(scene.cast.broker) as act:
        return postpone(act, public_id, day, WAITS, note)


def queue(scene: Scene, day: date = TODAY) -> list[str]:
    scene.cast.session.rollback()
    now = datetime.combine(day, time(16), tzinfo=ZoneInfo("Asia/Shanghai"))
    groups = places_today(scene.cast.session, scene.cast.broker.actor, Day(now, "Asia/Shanghai"))
    ids = [one.match_id for places in groups.values() for one in places]
    found = sa.select(Match.public_id).where(Match.id.in_(ids)).order_by(Match.id)
    return list(scene.cast.session.scalars(found))


def test_it_leaves_the_queue_until_its_day(scene: Scene) -> None:
    public_id = scene.claimed()
    before = scene.match(public_id).updated_at
    assert queue(scene) == [public_id]
    assert set_aside(scene, public_id, note="等村里开完会")
    assert queue(scene) == []
    assert queue(scene, LATER) == [public_id]
    match = scene.match(public_id)
    assert match.updated_at == before
    assert (match.postponed_until, match.postpone_note) == (LATER, "等村里开完会")
    assert not set_aside(scene, public_id, note="等村里开完会")
    entries = scene.cast.session.scalars(
        sa.select(TimelineEntry).where(TimelineEntry.code == "postponed")
    ).all()
    assert [(one.is_internal, one.params) for one in entries] == [
        (True, {"until": "2026-11-30", "reason": "waits"})
    ]
    kept = scene.cast.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "MatchPostponed")
    ).one()
    (change,) = [one for one in kept.changes if one["table"] == "match"]
    assert change["plain"]["postponed_until"] == [None, "2026-11-30"]
    assert "等村里" not in str(kept.changes)


def test_it_is_taken_up_again_before(scene: Scene) -> None:
    public_id = scene.claimed()
    set_aside(scene, public_id)
    for is_new in (True, False):
        with scene.act(scene.cast.supervisor) as act:
            assert resume(act, public_id) is is_new
    assert queue(scene) == [public_id]


def test_what_a_side_does_brings_it_back_and_a_note_does_not(scene: Scene) -> None:
    public_id, cast = scene.proposed(), scene.cast
    set_aside(scene, public_id, date(2026, 12, 1))
    with scene.act(cast.broker) as act:
        messaging.write_message(act, public_id, Thread.NOTES, "下周再打电话")
    assert scene.match(public_id).postponed_until is not None
    with scene.act(cast.enterprise) as act:
        messaging.write_message(act, public_id, Thread.OFFER, "我们可以早点来")
    assert scene.match(public_id).postponed_until is None
    set_aside(scene, public_id, date(2026, 12, 1))
    with scene.act(cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    match = scene.match(public_id)
    assert (match.postponed_until, match.postpone_reason, match.postpone_note) == (None,) * 3
    assert queue(scene) == [public_id]


def test_supervisors_are_told_all_the_same_and_its_worker_is_left_alone(
    scene: Scene, clock: SettableClock, client: FlaskClient
) -> None:
    public_id, cast = scene.claimed(), scene.cast
    clock.forward(days=1)
    set_aside(scene, public_id, date(2026, 12, 20))
    clock.set(START + timedelta(days=3))
    run(scene)
    assert rows(scene) == [("claimed", False, False)]
    assert codes_told(cast, cast.broker) == []
    set_aside(scene, public_id, date(2026, 12, 21))
    assert rows(scene) == [("claimed", False, False)]
    clock.forward(days=3)
    run(scene)
    assert rows(scene) == [("claimed", True, False)]
    assert codes_told(cast, cast.supervisor) == ["told_claimed"]
    cast.sign_in(client, cast.supervisor)
    assert "先放着，12" in client.get("/escalations", follow_redirects=True).text


def test_only_who_brokers_it_and_only_while_it_goes_on(scene: Scene) -> None:
    public_id, cast = scene.proposed(), scene.cast
    for who, refusal in ((cast.stranger, NotFound), (cast.officer, Forbidden)):
        with pytest.raises(refusal), scene.act(who) as act:
            postpone(act, public_id, LATER, WAITS)
    with pytest.raises(Conflict, match="match_changed"), scene.act(cast.broker) as act:
        postpone(act, public_id, LATER, WAITS, version=scene.version(public_id) + 1)
    with pytest.raises(Invalid), scene.act(cast.broker) as act:
        postpone(act, public_id, LATER, WAITS, "银行卡 6222020200112233445")
    with pytest.raises(Invalid), scene.act(cast.broker) as act:
        postpone(act, public_id, LATER, WAITS, "长" * 501)
    with scene.act(cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.OTHER)
    with pytest.raises(Conflict, match="match_wrong_state"):
        set_aside(scene, public_id)
    assert scene.match(public_id).postponed_until is None


def test_not_past_what_is_due(scene: Scene) -> None:
    public_id = scene.introduced()
    due = date(2026, 12, 1)
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 30_000, 30_000, due)
    with pytest.raises(Conflict, match="postpone_past_due"):
        set_aside(scene, public_id, date(2026, 12, 2))
    assert set_aside(scene, public_id, due)


@pytest.mark.parametrize(
    ("days", "lapses", "due", "code"),
    [
        (0, None, None, "postpone_not_later"),
        (1, None, None, "allowed"),
        (MOST_DAYS, None, None, "allowed"),
        (MOST_DAYS + 1, None, None, "postpone_too_far"),
        (5, 4, None, "postpone_past_lapse"),
        (5, 5, None, "allowed"),
        (5, None, 4, "postpone_past_due"),
        (5, None, 5, "allowed"),
        (5, None, -1, "allowed"),
    ],
)
def test_until_when(days: int, lapses: int | None, due: int | None, code: str) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else TODAY + timedelta(days=number)

    found = may_postpone(
        TODAY + timedelta(days=days), TODAY, lapses_on=day(lapses), due_on=day(due)
    )
    assert found.code == code


def test_a_side_hears_at_most_once_in_a_day() -> None:
    def code(asked: float, reminded: float | None, answer: Answer = Answer.PENDING) -> str:
        return may_remind(
            answer,
            asked_at=START - timedelta(hours=asked),
            reminded_at=None if reminded is None else START - timedelta(hours=reminded),
            now=START,
        ).code

    assert code(23.9, None) == "asked_lately"
    assert code(24, None) == "allowed"
    assert code(100, 23.9) == "reminded_lately"
    assert code(100, 24) == "allowed"
    assert code(100, None, Answer.ACCEPTED) == "match_already_answered"


@pytest.mark.parametrize(
    ("remind", "reminded", "is_due"),
    [(1, None, False), (0, None, True), (-1, -0.5, False), (-1, -1.5, False), (-1, -30, True),
     (-30, -29, False)],
)  # fmt: skip
def test_the_last_reminder_still_comes(
    remind: float, reminded: float | None, is_due: bool
) -> None:
    found = is_last_reminder_due(
        reminded_at=None if reminded is None else START + timedelta(hours=reminded),
        remind_at=START + timedelta(hours=remind),
        now=START,
    )
    assert found is is_due
