"""The open accounts outlive kill -9 of those who keep them: nothing is lost or booked twice."""

import os
import random
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.settings import Settings
from exchange.projects.ledger.kinds import RequestState
from exchange.projects.ledger.models import EntryRequest
from exchange.projects.ledger.reconciling import reconcile
from tests.conftest import FIGURES, SEED_VARIABLE
from tests.crash.tireless import PAID, RECEIVED, end, keep_the_book, set_to_work
from tests.projects.ledger_scene import LIMIT, Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - fixtures
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - likewise

pytestmark = pytest.mark.processes
KILLS = 60 if os.environ.get("EXCHANGE_TEST_FULL") == "1" else 4
LONGEST_LIFE = 0.8
CLERKS = ("east", "west")
FIRST = "起始"


def test_two_who_keep_a_book_are_killed_again_and_again(
    scene: Scene, session: Session, settings: Settings, tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    chance = random.Random(os.environ[SEED_VARIABLE])
    scene.receipt(LIMIT, purpose=FIRST)
    scene.limit(100)
    people = [(who.person_id, who.organisation_id) for who in (scene.treasurer, scene.approver)]
    session.rollback()
    said = {name: tmp_path / f"{name}.txt" for name in CLERKS}

    def work(name: str, times: int) -> BaseProcess:
        given = (scene.project_key, *people, name, str(said[name]), times)
        return set_to_work(keep_the_book, settings, *given)

    for _ in range(KILLS // 2):
        pair = [work(name, 10**9) for name in CLERKS]
        for process in pair:
            time.sleep(chance.uniform(0.05, LONGEST_LIFE))
            end(process)
        assert reconcile(session).faults == ()
        session.rollback()
    counts = {name: len(written(said[name])) + 1 for name in CLERKS}
    for process in [work(name, count) for name, count in counts.items()]:
        process.join(300)
        assert process.exitcode == 0

    numbers = [(name, number) for name in CLERKS for number in range(counts[name])]
    expected = {f"{name}-{number}" for name, number in numbers}
    backs = {f"{name}-{number}-back" for name, number in numbers if number % 8 == 0}
    requests = session.scalars(sa.select(EntryRequest).where(EntryRequest.purpose != FIRST)).all()
    assert sorted(one.sent_key for one in requests) == sorted(expected | backs)
    assert {one.state for one in requests} == {RequestState.BOOKED}
    _, *entries = scene.entries()
    assert sorted(one.request_id for one in entries) == sorted(one.id for one in requests)
    paid = sum(number % 4 == 3 for _, number in numbers)
    received = len(expected) - paid - len(backs)
    assert entries[-1].balance_after == LIMIT + received * RECEIVED - paid * PAID
    assert reconcile(session).faults == ()
    record_property(FIGURES, f"{KILLS} kills, {len(entries)} entries")


def written(path: Path) -> list[str]:
    """What a clerk has brought to its end."""
    return path.read_text(encoding="utf-8").split() if path.exists() else []
