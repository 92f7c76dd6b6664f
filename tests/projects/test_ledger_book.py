"""The book in the database: random acts, a look through by the doctor, death at any write."""

import os
import random
from collections.abc import Callable
from contextlib import suppress
from itertools import count

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.admin.doctor import Grade
from exchange.admin.ledger_examination import WORDS, judge_ledgers
from exchange.kernel.database import is_sqlite
from exchange.kernel.errors import Conflict, NotFound
from exchange.projects.ledger.kinds import EntryKind, RequestState
from exchange.projects.ledger.models import Entry, EntryRequest
from exchange.projects.ledger.queries import balances_of
from exchange.projects.ledger.reconciling import reconcile
from tests.conftest import FIGURES, IS_FULL, SEED_VARIABLE
from tests.dying import Killed
from tests.dying import statements as statements  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import LIMIT, Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture

ACTS = 200 if IS_FULL else 25
Row = tuple[object, ...]


def rows(scene: Scene) -> list[Row]:
    """Every column of every entry."""
    scene.cast.session.rollback()
    table = Entry.__table__
    assert isinstance(table, sa.Table)
    found = scene.cast.session.execute(sa.select(table).order_by(table.c.number)).all()
    scene.cast.session.rollback()
    return [tuple(row) for row in found]


def act_at_random(scene: Scene, chance: random.Random) -> None:
    """Somebody does something; much of it is refused."""
    amount = chance.choice([1, 50, LIMIT, LIMIT + 1, 3 * LIMIT])
    turn = chance.randrange(6)
    if turn == 0:
        scene.goods(chance.choice([EntryKind.RECEIPT, EntryKind.PAYMENT]), 1_000)
    elif turn in (1, 2):
        scene.receipt(amount)
    elif turn == 3:
        scene.payment(amount)
    elif turn == 4:
        scene.counter(chance.randint(1, 12))
    else:
        waiting = scene.cast.session.scalars(
            sa.select(EntryRequest.public_id).where(EntryRequest.state == RequestState.PROPOSED)
        ).all()
        scene.cast.session.rollback()
        if waiting:
            scene.approve(chance.choice(waiting))


def test_after_any_sequence_of_acts_every_book_adds_up_and_nothing_is_gone(
    scene: Scene, session: Session, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(os.environ[SEED_VARIABLE])
    before: list[Row] = []
    for _ in range(ACTS):
        with suppress(Conflict, NotFound):
            act_at_random(scene, chance)
        after = rows(scene)
        assert after[: len(before)] == before
        before = after
    found = reconcile(session)
    assert found.faults == ()
    assert found.entries == len(before)
    for one in balances_of(session, scene.project_id):
        total = sa.select(sa.func.sum(Entry.sign * Entry.amount))
        assert session.scalar(total.where(Entry.account_id == one.account.id)) == one.balance
        assert one.balance >= 0
    record_property(FIGURES, f"{ACTS} acts, {len(before)} entries")


def test_killed_before_any_write_a_booking_is_there_whole_or_not_at_all(
    scene: Scene, session: Session, statements: Callable[[int], None]
) -> None:
    request = scene.receipt(LIMIT + 1)
    for number in count(1):
        statements(number)
        try:
            scene.approve(request)
        except Killed:
            statements(-1)
            assert scene.entries() == []
            assert scene.request(request).state is RequestState.PROPOSED
            continue
        break
    statements(-1)
    assert number > 3
    assert len(scene.entries()) == 1
    assert reconcile(session).faults == ()


def test_killed_before_any_write_a_record_is_there_whole_or_not_at_all(
    scene: Scene, session: Session, statements: Callable[[int], None]
) -> None:
    for number in count(1):
        statements(number)
        try:
            scene.receipt(LIMIT, sent_key="the-one")
        except Killed:
            statements(-1)
            assert scene.entries() == []
            session.rollback()
            assert session.query(EntryRequest).count() == 0
            continue
        break
    statements(-1)
    assert number > 5
    assert scene.receipt(LIMIT, sent_key="the-one")
    assert len(scene.entries()) == 1


def forced(session: Session, statement: str) -> None:
    """What only somebody with the database in hand could do: triggers and ties are put aside."""
    session.rollback()
    if is_sqlite(session):
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for verb in ("update", "delete", "replace"):
            session.execute(sa.text(f"DROP TRIGGER IF EXISTS ledger_entry_no_{verb}"))
        session.commit()
        session.connection().exec_driver_sql("ROLLBACK")
        session.connection().exec_driver_sql("PRAGMA foreign_keys=OFF")
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        session.connection().exec_driver_sql("BEGIN")
    else:
        for name in session.scalars(
            sa.text(
                "SELECT conname FROM pg_constraint WHERE conrelid = 'ledger_entry'::regclass"
                " AND contype IN ('f', 'c')"
            )
        ).all():
            session.execute(sa.text(f'ALTER TABLE ledger_entry DROP CONSTRAINT "{name}"'))
        session.execute(sa.text("DROP TRIGGER ledger_entry_no_change ON ledger_entry"))
    session.execute(sa.text(statement))
    session.commit()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE ledger_entry SET amount = 90 WHERE number = 2", "sum"),
        ("UPDATE ledger_entry SET balance_after = 5 WHERE number = 2", "sum"),
        ("DELETE FROM ledger_entry WHERE number = 2", "gap"),
        ("UPDATE ledger_entry SET corrects_id = NULL WHERE number = 4", "request"),
        ("UPDATE ledger_entry SET approved_by_id = NULL WHERE number = 5", "request"),
        ("DELETE FROM ledger_entry WHERE number = 5", "unbooked"),
    ],
)
def test_the_doctor_finds_a_book_that_was_forced(
    scene: Scene, session: Session, statement: str, code: str
) -> None:
    scene.receipt(500)
    scene.payment(100)
    scene.receipt(50)
    scene.counter(2)
    scene.approve(scene.receipt(LIMIT + 1))
    session.rollback()
    sound = judge_ledgers(reconcile(session))
    assert (sound.grade, sound.sentence) == (Grade.OK, "5 entries in 1 books add up.")
    forced(session, statement)
    found = reconcile(session)
    assert code in {fault.code for _project, fault in found.faults}
    assert judge_ledgers(found).grade is Grade.TROUBLE
    assert {fault.code for _project, fault in found.faults} <= set(WORDS)


def test_a_site_without_entries_is_well(session: Session) -> None:
    found = judge_ledgers(reconcile(session))
    assert (found.grade, found.sentence) == (Grade.OK, "No project has entries yet.")
