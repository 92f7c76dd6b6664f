"""What of a listing's life reaches the index."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.kernel.act import Act
from exchange.listings.kinds import State
from exchange.listings.renewal.expiry import announce_expiry
from exchange.search.jobs import INDEXING
from tests.cast import Cast
from tests.listings.making import make_listing


def test_a_near_last_day_changes_nothing_that_can_be_found(
    app: Flask,
    act_as: Callable[..., AbstractContextManager[Act]],
    session: Session,
    run_jobs: Callable[[], int],
) -> None:
    officer = Cast(app, session).officer
    with act_as() as act:
        last_day, published = act.today, act.now.replace(year=2026, month=1, day=1)
    make_listing(
        session, officer, state=State.PUBLISHED, to_date=last_day, published_at=published
    )
    run_jobs()
    with act_as() as act:
        assert announce_expiry(act) == 1
    assert INDEXING not in session.scalars(sa.select(OutboxJob.name)).all()
