"""The chain outlives kill -9 of those who write and seal it."""

import os
import random
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry, AuditSeal
from exchange.kernel.settings import Settings
from tests.audit.chain import problems, seal
from tests.cast import Cast
from tests.concurrency.conftest import PASSED_ON
from tests.conftest import FIGURES, SEED_VARIABLE, START
from tests.running_site import ROOT

pytestmark = pytest.mark.processes
KILLS = 30 if os.environ.get("EXCHANGE_TEST_FULL") == "1" else 3
LONGEST_LIFE = 0.6


def test_two_that_write_and_seal_are_killed_again_and_again(
    app: Flask, settings: Settings, session: Session, record_property: pytest.FixtureRequest
) -> None:
    chance = random.Random(os.environ[SEED_VARIABLE])
    person_id = Cast(app, session).officer.person_id
    session.rollback()
    kept = {name: value for name, value in os.environ.items() if "EXCHANGE" not in name}
    given = {f"EXCHANGE_{name.upper()}": str(getattr(settings, name)) for name in PASSED_ON}
    for _ in range(KILLS):
        pair = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.crash.audit_worker", str(person_id)],
                cwd=ROOT, env={**kept, **given, "EXCHANGE_NOW": START.isoformat()},
                stdout=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        for process in pair:
            assert process.stdout is not None
            assert process.stdout.readline() == "begins\n"
        for process in pair:
            time.sleep(chance.uniform(0.05, LONGEST_LIFE))
            process.kill()
        for process in pair:
            process.communicate(timeout=60)
        assert problems(app) == []
    seal(app)
    session.rollback()
    entries = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    assert entries > 10
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == entries
    assert problems(app) == []
    record_property(FIGURES, f"{KILLS * 2} kills, {entries} entries")  # type: ignore[operator]  # a fixture that is called
