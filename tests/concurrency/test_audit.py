"""Writers and sealers of the audit at the same moment: one chain, each entry in it once."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.audit.models import AuditBatch, AuditEntry, AuditSeal, AuditWaiting
from tests.audit.chain import problems, seal
from tests.cast import Cast
from tests.concurrency.conftest import Fight, Task

pytestmark = pytest.mark.processes
WRITERS, ACTS, SEALERS, ROUNDS = 5, 30, 3, 40


def test_three_sealers_and_five_writers_make_one_chain_without_gaps(
    app: Flask, cast: Cast, session: Session, fight: Fight
) -> None:
    who = cast.officer.person_id
    session.rollback()
    answers = fight(
        [Task("seal_often", None, {"times": ROUNDS})] * SEALERS
        + [Task("act_often", None, {"person_id": who, "times": ACTS})] * WRITERS
    )
    assert answers.reasons == []
    by_sealers = [int(said.split()[1]) for said in answers.winners if said.startswith("sealed")]
    left = seal(app)
    session.rollback()
    entries = session.scalars(sa.select(AuditEntry.id)).all()
    assert len(entries) == WRITERS * ACTS
    assert sum(by_sealers) + left == len(entries)
    assert any(by_sealers)  # beside the writers; which of the sealers is quick is the machine's
    sealed = session.scalars(sa.select(AuditSeal.entry_id)).all()
    assert sorted(sealed) == sorted(entries)
    assert session.scalars(sa.select(AuditWaiting.entry_id)).all() == []
    numbers = session.scalars(sa.select(AuditBatch.id).order_by(AuditBatch.id)).all()
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert problems(app) == []
