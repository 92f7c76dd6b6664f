"""The chain outlives kill -9 of those who write and seal it."""

import os
import random
import time

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry, AuditSeal
from exchange.kernel.settings import Settings
from tests.audit.chain import problems, seal
from tests.cast import Cast
from tests.conftest import FIGURES, SEED_VARIABLE
from tests.crash.tireless import end, set_to_work, write_and_seal

pytestmark = pytest.mark.processes
KILLS = 30 if os.environ.get("EXCHANGE_TEST_FULL") == "1" else 3
LONGEST_LIFE = 0.6


def test_two_that_write_and_seal_are_killed_again_and_again(
    app: Flask, settings: Settings, session: Session, record_property: pytest.FixtureRequest
) -> None:
    chance = random.Random(os.environ[SEED_VARIABLE])
    person_id = Cast(app, session).officer.person_id
    session.rollback()
    for _ in range(KILLS):
        pair = [set_to_work(write_and_seal, settings, person_id) for _ in range(2)]
        for process in pair:
            time.sleep(chance.uniform(0.05, LONGEST_LIFE))
            end(process)
        assert problems(app) == []
    seal(app)
    session.rollback()
    entries = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    assert entries > 10
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == entries
    assert problems(app) == []
    record_property(FIGURES, f"{KILLS * 2} kills, {entries} entries")  # type: ignore[operator]  # a fixture that is called
