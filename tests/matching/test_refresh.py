"""Computing everything anew: in steps, beside others, after any end, once for each engine."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.kernel.act import open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.database import WRITES
from exchange.listings.service import edit_listing, withdraw_listing
from exchange.matching import fingerprint, suggesting
from exchange.matching.jobs import (
    continue_refresh,
    halt_refresh,
    refresh_job,
    rematch_all,
    request_refresh,
    watch_job,
)
from exchange.matching.models import ListingMatched, Refresh, RefreshState, Suggestion
from exchange.matching.refresh import refreshing
from exchange.matching.refresh.queries import refresh_status
from exchange.matching.refresh.refreshing import WALK, drive_refresh, find_left, step
from exchange.matching.refresh.service import drive
from exchange.matching.service import replace_suggestions
from exchange.matching.suggesting import score_pair
from tests.matching.conftest import TODAY
from tests.matching.test_suggesting import changed, rows


@pytest.fixture
def run(village):
    """What jobs run with, within the application's context."""
    app = village.cast.app
    with app.app_context():
        yield app.extensions["exchange.jobs"]


@pytest.fixture
def filled(village, run_jobs, session):
    """Four needs and an offer with their suggestions."""
    village.offer()
    for number in range(4):
        village.need(f"N{number}")
    run_jobs()
    assert len(rows(session)) == 4


def forget_all(village):
    with village.act_as() as act:
        act.session.execute(sa.delete(Suggestion))


def start(run, **how):
    with run.act() as act:
        return request_refresh(act, **how)


def status(session):
    session.rollback()
    return refresh_status(session, TODAY)


def waiting(session, name="matching.refresh"):
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).where(OutboxJob.name == name))


def test_it_goes_on_in_another_process_where_it_was_cut_off(filled, village, run, session):
    forget_all(village)
    assert start(run)
    assert step(run, 2)
    assert (status(session).done, status(session).total) == (2, 5)
    del run.house.resources[WALK]  # as in a process that was started after a kill
    assert step(run, 2)
    assert status(session).done == 4
    assert status(session).state is RefreshState.RUNNING
    while step(run, 2):
        pass
    assert (status(session).done, status(session).state) == (5, RefreshState.DONE)
    assert len(rows(session)) == 4


def test_two_at_once_change_nothing_twice(filled, village, run, session):
    forget_all(village)
    start(run)
    step(run, 2)
    other = run.house.resources.pop(WALK)
    assert step(run, 3)
    run.house.resources[WALK] = other
    assert step(run, 3)
    before = [(row.id, row.score_micro) for row in rows(session)]
    assert len(before) == 4
    assert drive_refresh(run) == (0, 0)
    assert [(row.id, row.score_micro) for row in rows(session)] == before
    assert status(session).state is RefreshState.DONE


def test_the_job_runs_it_to_its_end_and_twice_does_nothing(filled, village, run_jobs, run, session):
    forget_all(village)
    start(run)
    assert waiting(session) == 1
    run_jobs()
    assert status(session).state is RefreshState.DONE
    assert len(rows(session)) == 4
    assert waiting(session) == 0
    refresh_job.handler(run, [{}])
    assert waiting(session) == 0


def test_the_job_gives_way_to_a_listing_that_waits(filled, village, run, session, monkeypatch):
    monkeypatch.setattr(refreshing.step, "__defaults__", (1,))
    start(run)
    with village.act_as() as act:
        act.session.execute(
            sa.update(OutboxJob)
            .where(OutboxJob.name == "matching.refresh")
            .values(handed_at=act.now)
        )
    village.need("N9")
    refresh_job.handler(run, [{}])
    assert status(session).done <= 2
    assert waiting(session) == 2


def test_stopped_it_stays_where_it_is_until_it_is_resumed(filled, run_jobs, run, session):
    start(run)
    step(run, 2)
    with run.act() as act:
        assert halt_refresh(act)
        assert not halt_refresh(act)
    run_jobs()
    assert (status(session).state, status(session).done) == (RefreshState.STOPPED, 2)
    with run.act() as act:
        assert continue_refresh(act)
        assert not continue_refresh(act)
    run_jobs()
    assert (status(session).state, status(session).done) == (RefreshState.DONE, 5)


def test_another_engine_starts_one_by_itself_and_the_same_does_not(
    filled, run_jobs, run, session, monkeypatch
):
    watch_job.handler(run, [{}])
    run_jobs()
    first = status(session)
    assert (first.state, first.changed) == (RefreshState.DONE, 0)
    watch_job.handler(run, [{}])
    assert waiting(session) == 0
    monkeypatch.setattr(fingerprint, "hash_of_files", lambda _room: "01234567")
    watch_job.handler(run, [{}])
    assert (status(session).state, status(session).done) == (RefreshState.RUNNING, 0)
    run_jobs()
    assert (status(session).state, status(session).done) == (RefreshState.DONE, 5)
    assert {row.engine for row in rows(session)} == {status(session).engine}
    assert status(session).engine.endswith("01234567")


@pytest.mark.parametrize(
    ("state", "days", "begins"),
    [("done", 6, False), ("done", 7, True), ("stopped", 9, False)],
)
def test_once_a_week_scores_are_made_anew_unless_somebody_stopped_it(
    filled, run_jobs, run, session, state, days, begins
):
    watch_job.handler(run, [{}])
    run_jobs()
    ended = status(session).ended_at - timedelta(days=days)
    with run.act() as act:
        act.session.execute(sa.update(Refresh).values(ended_at=ended, state=RefreshState(state)))
    watch_job.handler(run, [{}])
    assert (waiting(session) > 0) is begins
    assert (status(session).state is RefreshState.RUNNING) is begins


def test_a_changed_file_makes_another_engine(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "categories.py").write_text("TABLE = 1")
    weights = tmp_path / "data" / "weights.json"
    names = set()
    for text in ("{}", '{"a": 1}'):
        weights.write_text(text)
        fingerprint.hash_of_files.cache_clear()
        names.add(fingerprint.hash_of_files(tmp_path))
    (tmp_path / "categories.py").write_text("TABLE = 2")
    fingerprint.hash_of_files.cache_clear()
    names.add(fingerprint.hash_of_files(tmp_path))
    fingerprint.hash_of_files.cache_clear()
    assert len(names) == 3


def test_a_listing_that_cannot_be_matched_is_counted_and_left(
    filled, village, run, session, monkeypatch
):
    forget_all(village)
    poison = session.scalars(sa.select(ListingMatched.listing_id)).first()
    real = refreshing.match_listings

    def match(run, ids, depth):
        if poison in ids:
            raise ValueError("odd")
        return real(run, ids, depth)

    monkeypatch.setattr(refreshing, "match_listings", match)
    listings, _ = rematch_all(run)
    assert listings == 5
    assert (status(session).state, status(session).failed) == (RefreshState.DONE, 1)
    assert len(rows(session)) == 4  # each pair was found from its other side


def test_the_worker_keeps_out_while_a_command_does_the_work(filled, run, session):
    start(run)
    with run.act() as act:
        drive(act, timedelta(minutes=1))
        act.session.execute(sa.delete(OutboxJob))
    refresh_job.handler(run, [{}])
    assert status(session).done == 0
    session.rollback()
    [later] = session.scalars(sa.select(OutboxJob.run_after)).all()
    assert later > run.house.clock.now()
    run.house.clock.forward(minutes=2)
    refresh_job.handler(run, [{}])
    assert status(session).state is RefreshState.DONE


def test_shares_together_do_everything(filled, village, run, session, monkeypatch):
    monkeypatch.setattr(refreshing, "LARGE_STEP", 1)
    forget_all(village)
    start(run)
    assert drive_refresh(run, None, (1, 2))[0] == 2
    assert status(session).state is RefreshState.RUNNING
    assert drive_refresh(run, None, (0, 2))[0] == 3
    assert status(session).state is RefreshState.DONE
    assert find_left(run) == []


def in_between(monkeypatch, village, do):
    """Have somebody else act between the reading and the writing of a match, once."""
    real, left = replace_suggestions, [do]

    def replace(act, computed):
        if left:
            do = left.pop()
            act.session.rollback()
            with Session(act.session.get_bind()) as other, open_act(
                act.house, lambda: other, SYSTEM
            ) as theirs:
                do(theirs)
            act.session.connection(execution_options={WRITES: True})
        return real(act, computed)

    monkeypatch.setattr(suggesting, "replace_suggestions", replace)


def test_a_listing_that_changes_meanwhile_gets_nothing_of_what_it_was(
    village, run, run_jobs, session, monkeypatch
):
    village.cast.make_place("5205")
    need, offer = village.need(), village.offer()
    run_jobs()
    forget_all(village)

    def move(act):
        listing = act.session.get_one(type(offer), offer.id)
        village.cast.house.clock.forward(seconds=1)
        edit_listing(act, listing, changed(listing, coverage=("5205",)))

    in_between(monkeypatch, village, move)
    with village.cast.app.app_context():
        suggesting.match_listings(run, [need.id])
    assert rows(session) == []


def test_a_listing_that_ends_meanwhile_is_replaced_by_the_next(
    village, run, run_jobs, session, monkeypatch
):
    need, offer = village.need(), village.offer()
    second = village.offer("O2", title="另一支烤房检修队")
    run_jobs()
    forget_all(village)

    def end(act):
        withdraw_listing(act, act.session.get_one(type(offer), offer.id))

    in_between(monkeypatch, village, end)
    suggesting.match_listings(run, [need.id])
    assert [row.offer_id for row in rows(session)] == [second.id]


def test_a_pair_that_somebody_else_has_found_meanwhile_stays(
    village, run, run_jobs, session, monkeypatch
):
    need, offer = village.need(), village.offer()
    run_jobs()
    [kept] = [row.score_micro for row in rows(session)]
    values = {
        "need_id": need.id, "offer_id": offer.id, "score_micro": kept, "reasons": [],
        "engine": "theirs",
    }  # fmt: skip
    forget_all(village)

    def found(act):
        act.session.execute(sa.insert(Suggestion).values(computed_at=act.now, **values))

    monkeypatch.setattr(suggesting, "suggest", lambda *_: [])
    in_between(monkeypatch, village, found)
    suggesting.match_listings(run, [need.id])
    assert [row.engine for row in rows(session)] == ["theirs"]
    assert session.scalar(sa.select(Refresh.id)) is None


def test_of_two_matched_at_the_same_moment_one_sees_the_other(
    village, run, session, settings, clock, make_app, monkeypatch
):
    """The need has read before the offer was there; the offer is matched elsewhere meanwhile."""
    other = make_app(settings, clock).extensions["exchange.jobs"]
    need, real, offers = village.need(), suggesting._read_pool, []

    def read(house, *rest):
        pool = real(house, *rest)
        if not offers:
            offers.append(village.offer())
            with other.context():
                suggesting.match_listings(other, [offers[0].id])
        return pool

    monkeypatch.setattr(suggesting, "_read_pool", read)
    suggesting.match_listings(run, [need.id])
    assert [(row.need_id, row.offer_id) for row in rows(session)] == [(need.id, offers[0].id)]


def test_what_the_other_side_has_scored_is_not_scored_again(
    filled, village, run, session, monkeypatch
):
    village.offer("O2")
    before = {(row.need_id, row.offer_id): row.score_micro for row in all_rows(session)}
    with village.act_as() as act:
        act.session.execute(sa.update(Suggestion).values(score_micro=1))
    scored = []

    def counted(need, offer, *rest):
        scored.append((need.facts.id, offer.facts.id))
        return score_pair(need, offer, *rest)

    monkeypatch.setattr(suggesting, "score_pair", counted)
    start(run, again=True)
    while step(run, 2):  # the two offers, then the needs
        pass
    after = {(row.need_id, row.offer_id): row.score_micro for row in all_rows(session)}
    assert len(scored) == len(set(scored)) == len(after) == 8  # two offers, four needs
    assert before.items() <= after.items()
    assert all(row.reasons for row in all_rows(session))
    scored.clear()
    start(run, again=True)
    while step(run, 2):
        pass
    assert len(scored) == 8  # nothing of an earlier round is believed


def test_a_pair_that_goes_meanwhile_is_not_brought_back(
    filled, village, run, session, monkeypatch
):
    start(run, again=True)
    assert step(run, 1)  # the offer
    gone = []

    def late(act, computed):
        if computed.standing and not gone:
            gone.extend(sorted(computed.standing)[:1])
            need_id, offer_id = gone[0]
            act.session.execute(
                sa.delete(Suggestion).where(
                    Suggestion.need_id == need_id, Suggestion.offer_id == offer_id
                )
            )
        return replace_suggestions(act, computed)

    monkeypatch.setattr(suggesting, "replace_suggestions", late)
    while step(run, 4):
        pass
    assert gone
    assert {(row.need_id, row.offer_id) for row in all_rows(session)}.isdisjoint(gone)


def all_rows(session):
    session.rollback()
    return session.scalars(sa.select(Suggestion)).all()
