"""An index that takes nothing for a while: documents wait, and all is caught up by itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.jobs.runner import JobRun, run_rows
from exchange.jobs.service import claim, put_off
from exchange.kernel.act import Act, House
from exchange.listings.indexing import KIND, key_of
from exchange.listings.kinds import Side
from exchange.search.cli import ensure_index_step
from exchange.search.jobs import ensure_index, heal_job, request_indexing
from exchange.search.port import IndexUnavailable, Query
from exchange.search.wiring import search_index
from tests.cast import Cast
from tests.conftest import SettableClock
from tests.factories import make_listing

ActAs = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def run(app: Flask) -> JobRun:
    """What jobs run with."""
    made: JobRun = app.extensions["exchange.jobs"]
    return made


class Disk:
    """Refuses what the index would write, and counts the rebuilds that were tried."""

    def __init__(self, house: House, patch: pytest.MonkeyPatch) -> None:
        self.house, self.patch = house, patch
        self.rebuilds = 0

    def fill(self, reason: str = "not_writable") -> None:
        def refuse(*_: object) -> int:
            raise IndexUnavailable(reason=reason)

        def refuse_to_rebuild() -> None:
            self.rebuilds += 1
            raise IndexUnavailable(reason="not_writable")

        index = search_index(self.house)
        self.patch.setattr(index, "index", refuse)
        self.patch.setattr(index, "start_generation", refuse_to_rebuild)

    def make_room(self) -> None:
        self.patch.undo()


@pytest.fixture
def disk(house: House, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(house, monkeypatch)


@pytest.fixture
def keys(app: Flask, session: Session, house: House, run: JobRun, act_as: ActAs) -> list[str]:
    """Three listings that are to be indexed."""
    with app.app_context():
        ensure_index(run)
    owner = Cast(app, session).officer
    listings = [make_listing(house, owner, Side.NEED) for _ in range(3)]
    made = [(listing.id, key_of(listing)) for listing in listings]
    with act_as() as act:
        for listing_id, key in made:
            request_indexing(act, KIND, listing_id, key)
    return sorted(key for _, key in made)


def found(house: House) -> list[str]:
    return sorted(hit.key for hit in search_index(house).search(Query(audience=None)).hits)


def work(run: JobRun) -> None:
    """Let every job run that is due, as the worker does: one that fails stops no other."""
    while True:
        with run.context(), run.act() as act:
            batches = claim(act)
        if not batches:
            return
        for name, row_ids in batches:
            with suppress(IndexUnavailable):
                run_rows(run, name, row_ids, last_try=True)


def heal(app: Flask, run: JobRun) -> None:
    with app.app_context():
        heal_job.handler(run, [{}])


def test_documents_wait_for_days_and_follow_as_soon_as_one_can_be_written(
    app: Flask,
    house: House,
    run: JobRun,
    keys: list[str],
    disk: Disk,
    session: Session,
    clock: SettableClock,
) -> None:
    disk.fill()
    work(run)
    for _ in range(3):
        clock.forward(days=3)
        work(run)
    assert put_off(session, clock.now()) == 3
    assert session.scalars(sa.select(OutboxJob.failed_at)).all() == [None] * 3
    assert disk.rebuilds == 0  # a rebuild would need the room twice
    heal(app, run)
    work(run)
    disk.make_room()
    work(run)
    assert found(house) == []  # their pauses are long by now
    heal(app, run)
    work(run)
    assert found(house) == keys
    session.rollback()
    assert session.scalars(sa.select(OutboxJob.id)).all() == []


def test_a_rebuild_that_failed_is_not_tried_again_for_every_document(
    app: Flask,
    house: House,
    run: JobRun,
    keys: list[str],
    disk: Disk,
    clock: SettableClock,
) -> None:
    disk.fill("damaged")
    work(run)
    assert disk.rebuilds == 1
    clock.forward(minutes=1)
    work(run)
    assert disk.rebuilds == 2
    disk.make_room()
    clock.forward(minutes=1)
    heal(app, run)
    work(run)
    assert found(house) == keys


def test_the_site_starts_and_goes_on_looking_though_no_index_can_be_built(
    app: Flask, house: House, run: JobRun, disk: Disk, client: FlaskClient
) -> None:
    disk.fill()
    with app.app_context():
        ensure_index_step(app, lambda _done, _total: None)
    heal(app, run)
    assert disk.rebuilds == 2
    answer = client.get("/search?q=微耕机")
    assert answer.status_code == 200
    assert "只找含有这些字的" in answer.text
    said = app.test_cli_runner().invoke(args=["exchange", "reindex"])
    assert said.exit_code == 1
    assert "Error: the new index cannot be written (not_writable)" in said.output
    disk.make_room()
    heal(app, run)
    assert "只找含有这些字的" not in client.get("/search?q=微耕机").text
