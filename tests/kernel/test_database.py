"""Moments, transactions and what one act keeps."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.database import WRITES

OpenAct = Callable[..., AbstractContextManager[Act]]
MOMENT = datetime(2026, 11, 22, 16, 30, tzinfo=timezone(timedelta(hours=8)))


def row(moment: datetime = MOMENT, name: str = "one") -> OutboxJob:
    return OutboxJob(name=name, payload={}, created_at=moment, run_after=moment, attempts=0)


def names(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(sa.select(OutboxJob.name).order_by(OutboxJob.id)))


def test_a_moment_comes_back_aware_in_utc(session: Session, act_as: OpenAct) -> None:
    with act_as() as act:
        act.session.add(row())
    session.expire_all()
    kept = session.scalars(sa.select(OutboxJob)).one()
    assert kept.created_at == MOMENT
    assert kept.created_at.tzinfo is UTC


@pytest.mark.server
def test_queries_are_planned_for_their_values(session: Session) -> None:
    for _ in range(2):  # it outlives the end of a transaction
        assert session.scalar(sa.text("SHOW plan_cache_mode")) == "force_custom_plan"
        session.rollback()


def test_a_naive_moment_is_refused(session: Session) -> None:
    session.add(row(datetime(2026, 11, 22)))  # noqa: DTZ001 - this is the mistake under test
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_an_act_that_ends_well_is_kept(session: Session, act_as: OpenAct) -> None:
    with act_as() as act:
        act.session.add(row())
    assert names(session) == ["one"]


def test_an_act_that_fails_leaves_nothing(session: Session, act_as: OpenAct) -> None:
    def fail() -> None:
        with act_as() as act:
            act.session.add(row())
            act.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert names(session) == []


def test_acts_do_not_nest(session: Session, act_as: OpenAct) -> None:
    with act_as() as act:
        act.session.add(row())
        with pytest.raises(RuntimeError, match="nest"), act_as():
            pass
    assert names(session) == ["one"]


def test_a_session_is_free_again_after_an_act_failed_to_start(
    house: House, session: Session, act_as: OpenAct
) -> None:
    with pytest.raises(LookupError), act_as():
        raise LookupError
    with act_as() as act:
        act.session.add(row())
    assert names(session) == ["one"]


def test_a_writing_act_keeps_other_writers_out_from_its_first_moment(
    engine: sa.Engine, act_as: OpenAct
) -> None:
    if engine.dialect.name != "sqlite":
        statement = "SELECT 1"  # PostgreSQL locks rows, not the database: nobody waits here
        with act_as(), engine.connect() as other:
            assert other.exec_driver_sql(statement).scalar() == 1
        return
    with act_as(), engine.connect() as other:
        driver = other.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked"):
            other.execution_options(**{WRITES: True}).begin()
        driver.execute("PRAGMA busy_timeout=15000")


def test_readers_go_on_while_an_act_writes(engine: sa.Engine, act_as: OpenAct) -> None:
    with act_as() as act, Session(engine) as reader:
        act.session.add(row())
        act.session.flush()
        assert reader.scalar(sa.select(sa.func.count(OutboxJob.id))) == 0


def test_two_acts_that_read_and_then_write_both_succeed(
    house: House, engine: sa.Engine, session: Session
) -> None:
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for _ in range(10):
                with Session(engine) as own, open_act(house, lambda: own, SYSTEM) as act:
                    act.session.scalar(sa.select(sa.func.count(OutboxJob.id)))
                    act.session.add(row(name=name))
        except BaseException as error:  # noqa: BLE001 - carried to the main thread and shown there
            failed.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(names(session)) == ["left"] * 10 + ["right"] * 10
