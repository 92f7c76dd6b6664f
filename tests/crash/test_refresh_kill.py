"""A refresh of all suggestions outlives kill -9 of whoever does it, and does nothing twice."""

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from exchange.kernel.act import open_act
from exchange.kernel.actor import SYSTEM
from exchange.matching.jobs import request_refresh
from exchange.matching.models import ListingMatched, Refresh, RefreshState, Suggestion
from exchange.matching.service import KEEP
from tests.conftest import FIGURES, SEED_VARIABLE
from tests.crash.books import Books, body_of
from tests.crash.killing import KilledSite
from tests.invariants import broken
from tests.running_site import RunningCommand, eventually

pytestmark = pytest.mark.processes
# As many of a side as a listing keeps pairs: which of more are kept depends on their order.
LISTINGS, PATIENCE = 2 * KEEP, 240.0
KILLS = 8 if os.environ.get("EXCHANGE_TEST_FULL") == "1" else 3


def pairs(books: Books) -> dict[tuple[int, int], list[object]]:
    """The scores that stand there, with their reasons and by which engine."""
    books.session.rollback()
    rows = books.session.execute(
        sa.select(
            Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro, Suggestion.reasons,
            Suggestion.engine,
        )
    )  # fmt: skip
    return {(need, offer): rest for need, offer, *rest in map(tuple, rows)}


def done(books: Books) -> int:
    """How many listings were matched in the present round; the command may have begun another."""
    books.session.rollback()
    present = sa.select(Refresh.round).scalar_subquery()
    query = sa.select(sa.func.count()).where(ListingMatched.round == present)
    return books.session.scalar(query) or 0


def test_a_refresh_that_is_killed_again_and_again_ends_with_the_same_pairs(
    site: KilledSite, books: Books, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(int(os.environ[SEED_VARIABLE]))
    tokens = {"need": books.token(books.cast.officer), "offer": books.token(books.cast.enterprise)}
    last_day = datetime.now(UTC) + timedelta(days=200)
    for number in range(LISTINGS):
        body = body_of(number, last_day)
        status, answer = site.call("POST", "/listings", tokens[body["side"]], body)
        assert status == 201, answer
    eventually(books.is_drained, "all jobs have run", PATIENCE)
    before = pairs(books)
    assert len(before) > LISTINGS
    books.session.execute(sa.delete(Suggestion))
    books.session.commit()
    with open_act(books.house, lambda: books.session, SYSTEM, origin="test") as act:
        request_refresh(act)
    seen = [0]

    def is_done() -> bool:
        books.session.rollback()
        return books.session.scalar(sa.select(Refresh.state)) is RefreshState.DONE

    for kill in range(KILLS):
        if is_done() and kill:  # another one, so that every kill falls on something
            with open_act(books.house, lambda: books.session, SYSTEM, origin="test") as act:
                request_refresh(act)
            seen.append(0)
        eventually(lambda: done(books) > seen[-1] or is_done(), "it goes on", PATIENCE)
        if kill % 3 == 1:
            _killed_command(site, chance)
        else:
            site.kill("everything" if kill % 3 == 2 else "worker", chance)
        seen.append(done(books))
    eventually(is_done, "the refresh is done", PATIENCE)
    record_property(FIGURES, f"done at the kills: {seen} of {LISTINGS}")
    assert done(books) == LISTINGS
    assert pairs(books) == before
    assert broken(books.session) == []


def _killed_command(site: KilledSite, chance: random.Random) -> None:
    """The command on the same site, killed while it works."""
    command = RunningCommand(site.folder, "rematch", **site.settings)
    time.sleep(chance.uniform(1.5, 4.0))
    if command.process.poll() is None:
        command.send(signal.SIGKILL)
