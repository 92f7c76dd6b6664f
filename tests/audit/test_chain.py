"""The chain: sealed once and in order, whatever dies; any change afterwards is found."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from exchange.accounts.events import PhoneConfirmed
from exchange.accounts.people_service import change_profile
from exchange.admin.audit_examination import audit_findings
from exchange.audit.chain_rules import NOTHING_BEFORE
from exchange.audit.data_keys import destroy_data_key
from exchange.audit.heads import exported_heads, file_of, heads_folder
from exchange.audit.jobs import export_today
from exchange.audit.models import (
    AuditBatch,
    AuditConcern,
    AuditEntry,
    AuditSeal,
    AuditWaiting,
    PersonDataKey,
)
from exchange.audit.verifying import Trouble, Verified
from exchange.kernel.act import Act, House
from exchange.kernel.clock import civil_date
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import Base
from tests.audit.chain import Forger, problems, seal
from tests.cast import Cast, Player
from tests.conftest import SEED_VARIABLE, SettableClock

OpenAct = Callable[..., AbstractContextManager[Act]]
CHAINED: tuple[type[Base], ...] = (AuditEntry, AuditConcern, AuditBatch, AuditSeal)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def forger(app: Flask, engine: sa.Engine) -> Forger:
    return Forger(app, engine)


def act_much(cast: Cast, act_as: OpenAct, times: int = 7) -> Player:
    """Entries with plain and sealed values, about two people."""
    officer, stranger = cast.officer, cast.stranger
    for number in range(times):
        with act_as(officer.actor) as act:
            change_profile(act, f"罗小满{number}", "zh" if number % 2 else "en")
            act.emit(PhoneConfirmed(person_id=stranger.person_id))
    return officer


def count(session: Session, model: type[Base]) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_every_entry_is_sealed_once_in_batches_that_follow_each_other(
    app: Flask, cast: Cast, session: Session, act_as: OpenAct
) -> None:
    act_much(cast, act_as)
    entries = count(session, AuditEntry)
    assert entries == count(session, AuditWaiting) == 14
    assert seal(app, batch=4) == entries
    assert seal(app, batch=4) == 0
    assert count(session, AuditWaiting) == 0
    assert count(session, AuditSeal) == entries
    batches = session.scalars(sa.select(AuditBatch).order_by(AuditBatch.id)).all()
    assert [batch.id for batch in batches] == [1, 2, 3, 4]
    assert [batch.count for batch in batches] == [4, 4, 4, 2]
    assert [batch.previous_hash for batch in batches] == [
        NOTHING_BEFORE,
        *(batch.hash for batch in batches[:-1]),
    ]
    told = Verified()
    assert problems(app, told=told) == []
    assert (told.batches, told.entries, told.waiting) == (4, 14, 0)
    assert problems(app, first=3) == []


def test_entries_that_commit_late_are_sealed_later(
    app: Flask, cast: Cast, session: Session, act_as: OpenAct
) -> None:
    act_much(cast, act_as, times=3)
    late = session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)).first()
    session.execute(sa.delete(AuditWaiting).where(AuditWaiting.entry_id == late))
    session.commit()
    assert seal(app) == 5
    session.execute(sa.insert(AuditWaiting), [{"entry_id": late}])
    session.commit()
    assert seal(app) == 1
    assert problems(app) == []


def test_a_sealer_that_dies_between_any_two_statements_leaves_all_or_nothing(
    app: Flask, cast: Cast, session: Session, engine: sa.Engine, act_as: OpenAct
) -> None:
    act_much(cast, act_as, times=2)

    class DiedError(Exception):
        """The process is gone."""

    def dies_at(number: int) -> bool:
        """Whether sealing ends before it gets that far."""
        left = number

        def step(*_given: Any) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise DiedError

        sa.event.listen(engine, "before_cursor_execute", step)
        try:
            seal(app, batch=3)
        except DiedError:
            return True
        finally:
            sa.event.remove(engine, "before_cursor_execute", step)
        return False

    deaths = 0
    while dies_at(deaths):
        deaths += 1
        sealed = count(session, AuditSeal)
        assert sealed == sum(session.scalars(sa.select(AuditBatch.count)))
        assert sealed + count(session, AuditWaiting) == 4
        assert problems(app) == []
        if sealed:
            break
    assert deaths > 6
    seal(app, batch=3)
    assert count(session, AuditSeal) == 4
    assert problems(app) == []


def test_rows_of_the_chain_refuse_to_change(
    app: Flask, cast: Cast, session: Session, engine: sa.Engine, act_as: OpenAct
) -> None:
    act_much(cast, act_as, times=1)
    seal(app)
    session.rollback()
    for model in CHAINED:
        table = sa.inspect(model).local_table
        column = next(one.name for one in table.columns if not one.primary_key)
        statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]  # noqa: S608 - our own names
        if engine.dialect.name == "sqlite":
            statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 - likewise
        else:
            statements.append(f"TRUNCATE {table} CASCADE")
        for statement in statements:
            with (
                pytest.raises(DBAPIError, match="only added to"),
                engine.begin() as connection,
            ):
                connection.exec_driver_sql(statement)
    assert problems(app) == []


def other(value: Any, column: sa.ColumnElement[Any], chance: random.Random) -> Any:
    """A different value that fits the column."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.randint(10_000, 30_000)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=chance.randint(1, 10**9))
    if isinstance(value, dict):
        return {**value, "more": 1}
    if isinstance(value, list):
        return [*value, {"more": 1}]
    if isinstance(value, str):
        place = chance.randrange(len(value)) if value else 0
        return f"{value[:place]}{chance.choice('#%~')}{value[place + 1 :]}"
    kind = column.type.python_type if not hasattr(column.type, "impl") else datetime
    return {int: 1, str: "x", datetime: datetime.fromisoformat("2026-11-22T00:00:00+00:00")}[kind]


def tampered(connection: sa.Connection, chance: random.Random) -> Iterator[str]:
    """Every column of every table, each changed in a row drawn at random; undone in between."""
    for model in (*CHAINED, PersonDataKey):
        table = sa.inspect(model).local_table
        for column in table.columns:
            rows = connection.execute(sa.select(table)).mappings().all()
            row = chance.choice(rows)
            key = [one == row[one.name] for one in table.primary_key.columns]  # type: ignore[attr-defined]  # a table
            change = {column.name: other(row[column.name], column, chance)}
            with connection.begin_nested() as savepoint:
                connection.execute(sa.update(table).where(*key).values(change))  # type: ignore[arg-type]  # a table
                yield f"{table}.{column.name} {change}"
                savepoint.rollback()


def test_a_change_of_any_column_is_found(
    app: Flask, cast: Cast, act_as: OpenAct, forger: Forger
) -> None:
    act_much(cast, act_as)
    gone = cast.supervisor
    with act_as(gone.actor) as act:
        change_profile(act, "陆近", "zh")
    with act_as() as act:
        destroy_data_key(act, gone.person_id)
    seal(app, batch=5)
    chance = random.Random(os.environ[SEED_VARIABLE])
    with forger.at_work() as connection:
        assert forger.problems(connection) == []
        for said in tampered(connection, chance):
            assert forger.problems(connection), said


def test_removed_inserted_and_reordered_entries_are_found(
    app: Flask, cast: Cast, act_as: OpenAct, forger: Forger
) -> None:
    act_much(cast, act_as)
    seal(app, batch=5)
    chance = random.Random(os.environ[SEED_VARIABLE])

    def found(*statements: sa.Executable) -> set[Trouble]:
        with forger.at_work() as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount
            return {problem.trouble for problem in forger.problems(connection)}

    entry = chance.randint(1, 14)
    assert Trouble.REMOVED in found(
        sa.delete(AuditConcern).where(AuditConcern.entry_id == entry),
        sa.delete(AuditEntry).where(AuditEntry.id == entry),
    )
    assert Trouble.SEALS in found(sa.delete(AuditSeal).where(AuditSeal.entry_id == entry))
    assert Trouble.ALTERED in found(sa.delete(AuditConcern).where(AuditConcern.entry_id == entry))
    assert Trouble.BATCH in found(sa.delete(AuditBatch).where(AuditBatch.id == 2))
    when = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
    forged = {"at": when, "public_id": "forged", "origin": "", "event": "E", "details": {}}
    assert found(sa.insert(AuditEntry).values(**forged)) == {Trouble.INSERTED}
    one, two = chance.sample(range(1, 6), 2)
    swap = sa.update(AuditSeal).where(AuditSeal.entry_id.in_([one, two]))
    places = sa.select(AuditSeal.entry_id, AuditSeal.position)
    with forger.at_work() as connection:
        place = {row.entry_id: row.position for row in connection.execute(places)}
        connection.execute(swap.values(position=AuditSeal.position + 1_000))
        for entry_id, position in ((one, place[two]), (two, place[one])):
            here = sa.update(AuditSeal).where(AuditSeal.entry_id == entry_id)
            connection.execute(here.values(position=position))
        assert {problem.trouble for problem in forger.problems(connection)} == {Trouble.BATCH}


def test_a_chain_that_was_cut_off_is_found_by_the_heads_outside(
    app: Flask, house: House, cast: Cast, act_as: OpenAct, forger: Forger, clock: SettableClock
) -> None:
    act_much(cast, act_as)
    seal(app, batch=5)
    with app.app_context():
        run = app.extensions["exchange.jobs"]
        assert export_today(run)
        assert not export_today(run)
    (head,) = exported_heads(house.settings)
    assert head.head is not None
    assert (head.head.number, head.head.entries) == (3, 14)
    seal_of_last = sa.select(AuditSeal.entry_id).where(AuditSeal.batch_id == 3)
    with forger.at_work() as connection:
        last = connection.scalars(seal_of_last).all()
        for model, column in (
            (AuditConcern, AuditConcern.entry_id),
            (AuditSeal, AuditSeal.entry_id),
            (AuditEntry, AuditEntry.id),
        ):
            connection.execute(sa.delete(model).where(column.in_(last)))
        connection.execute(sa.delete(AuditBatch).where(AuditBatch.id == 3))
        assert [problem.trouble for problem in forger.problems(connection)] == [Trouble.CUT_OFF]
    assert problems(app) == []
    clock.forward(days=1)
    with app.app_context():
        assert export_today(app.extensions["exchange.jobs"])
    today = civil_date(clock.now(), house.settings.time_zone)
    assert file_of(house.settings, today).exists()
    (heads_folder(house.settings) / "2026-11-01.json").write_text("{", encoding="utf-8")
    assert [problem.trouble for problem in problems(app)] == [Trouble.HEAD_UNREADABLE]


def test_entries_that_wait_too_long_are_found(
    app: Flask, cast: Cast, act_as: OpenAct, clock: SettableClock
) -> None:
    act_much(cast, act_as, times=1)
    assert problems(app) == []
    clock.forward(hours=2)
    assert [problem.trouble for problem in problems(app)] == [Trouble.BACKLOG]
    with app.app_context():
        grades = {one.check: one.grade for one in audit_findings(app.extensions["exchange.jobs"])}
    assert grades == {"audit": "ok", "audit backlog": "attention"}


def test_commands_print_the_head_and_verify(
    app: Flask, cast: Cast, session: Session, act_as: OpenAct
) -> None:
    officer = act_much(cast, act_as, times=2)
    key = officer.person.public_id
    session.rollback()

    def say(*words: str) -> tuple[int, str]:
        with app.app_context():
            answer = CliRunner().invoke(exchange_commands, ["audit", *words])
        return answer.exit_code, answer.output

    status, said = say("head")
    assert (status, said.split()[:2]) == (0, ["batch", "1"])
    assert said.endswith("4 entries\n")
    assert say("verify") == (0, "1 batches, 4 entries, 0 waiting, 0 heads: 0 problems\n")
    assert say("verify", "--from", "2", "--json")[0] == 0
    assert say("destroy-key", key, "--yes") == (0, "destroyed\n")
    assert say("destroy-key", key, "--yes") == (0, "it was destroyed before\n")
    assert say("destroy-key", "nobody", "--yes")[0] == 1
    session.add(AuditEntry(at=cast.now, origin="", event="Forged", details={}))
    session.commit()
    status, said = say("verify")
    assert status == 1
    assert "inserted: entry" in said
