"""Learning on a site: from enough decisions on, judged first, given up when it does worse."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.audit.models import AuditEntry
from exchange.jobs.runner import JobRun
from exchange.kernel.actor import SYSTEM, Duty
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.models import Listing
from exchange.matching import suggesting
from exchange.matching.explaining import account_of
from exchange.matching.fingerprint import engine_name
from exchange.matching.learning import improving as learning
from exchange.matching.learning.improving import learn
from exchange.matching.learning.jobs import learn_job
from exchange.matching.learning.kinds import Outcome, WeightsState
from exchange.matching.learning.models import LearnedWeights, PairDecision
from exchange.matching.learning.queries import learning_of, may_set, weights_in_force
from exchange.matching.learning.rules import SHIPPED
from exchange.matching.learning.service import (
    choose_weights,
    keep_learned,
    switch_learning,
)
from exchange.matching.models import Refresh, Suggestion
from exchange.matching.queries import suggestions_for
from exchange.matching.scoring import shipped_weights
from exchange.matching.suggesting import match_listings
from exchange.notifications.models import Notice
from tests.cast import ELSEWHERE
from tests.matching.conftest import TODAY
from tests.matching.decided import County, preferring, samples

NEAR = preferring("nearness", 6.0)
AGAIN = preferring("nearness", 0.3)


@pytest.fixture
def county(cast, act_as):
    return County(cast, act_as)


@pytest.fixture
def run(app, session, house):
    """What jobs run with."""
    with app.app_context():
        yield JobRun(house, lambda: session, nullcontext)


def kept(session):
    session.rollback()
    return list(session.scalars(sa.select(LearnedWeights).order_by(LearnedWeights.id)))


def present(house, session):
    session.rollback()
    return weights_in_force(house, session)


def learned(county, run):
    county.decide(NEAR)
    look = learn(run)
    assert look.outcome is Outcome.IN_FORCE
    return look


def test_with_few_decisions_the_shipped_weights_stay(county, run, house, session):
    county.decide(NEAR, needs=10)
    look = learn(run)
    assert look.outcome is Outcome.TOO_FEW
    assert (look.decisions, look.yes + look.no) == (60, 60)
    assert present(house, session) is shipped_weights()
    assert kept(session) == []


def test_from_enough_on_they_are_learned_judged_and_put_in_force_once(
    county, cast, run, house, session
):
    operator = cast.operator.person_id
    before = engine_name(house, session)
    county.decide(NEAR)
    assert learn(run, dry_run=True).outcome is Outcome.IN_FORCE
    assert kept(session) == []
    learn_job.handler(run, [{}])
    (row,) = kept(session)
    now = present(house, session)
    assert now.version == row.version
    assert now.features["nearness"].weight > 2 * shipped_weights().features["nearness"].weight
    assert row.figures["after"]["loss"] < row.figures["before"]["loss"]
    assert row.figures["decisions"] < row.decisions == 360
    assert engine_name(house, session) != before
    assert session.scalars(sa.select(Refresh.engine)).one() == engine_name(house, session)
    assert session.scalars(sa.select(Notice.person_id)).all() == [operator]
    assert learn(run).outcome is Outcome.NOTHING_NEW
    assert learn(run, by_hand=True).outcome is Outcome.SAME
    assert len(kept(session)) == 1
    assert "WeightsLearned" in session.scalars(sa.select(AuditEntry.event)).all()


def test_what_is_not_better_stays_a_candidate(county, run, house, session, monkeypatch):
    county.decide(NEAR)
    backwards = learning.learn_weights(samples(preferring("time", 0.8, 4.0)), shipped_weights())
    monkeypatch.setattr(learning, "learn_weights", lambda *_: backwards)
    assert learn(run).outcome is Outcome.NOT_BETTER
    assert present(house, session) is shipped_weights()
    assert [row.state for row in kept(session)] == [WeightsState.CANDIDATE]
    assert learn(run).outcome is Outcome.NOTHING_NEW


def test_what_breaks_a_floor_is_never_kept(act_as):
    odd = preferring("nearness", -1.0)
    with act_as() as act, pytest.raises(ValueError, match="nearness"):
        keep_learned(act, 0, odd, {}, 100, is_better=True)


def test_weights_that_do_worse_on_the_newest_decisions_are_given_up(
    county, cast, run, house, session, clock
):
    told = {cast.operator.person_id}
    version = learned(county, run).version
    clock.forward(days=1)
    county.decide(AGAIN, needs=10, seed=3)
    look = learn(run)
    assert (look.outcome, look.version) == (Outcome.FELL_BACK, SHIPPED)
    (row,) = kept(session)
    assert (row.version, row.state, row.reason) == (version, WeightsState.FALLEN_BACK, "worse")
    assert present(house, session) is shipped_weights()
    notices = session.execute(sa.select(Notice.person_id, Notice.code)).all()
    assert {person for person, code in notices if code == "weights_fell_back"} == told
    assert learn(run).outcome is not Outcome.FELL_BACK


def test_it_falls_back_to_the_last_version_that_holds(county, run, house, session, clock):
    first = learned(county, run).version
    clock.forward(days=1)
    shipped = shipped_weights()
    wild = learning.learn_weights(samples(preferring("time", 12.0, base=3.0)), shipped)
    with run.act() as act:
        number = learning_of(act.session).number
        assert keep_learned(act, number, wild, {}, 400, is_better=True)
    clock.forward(days=1)
    county.decide(NEAR, needs=10, seed=4)
    assert learn(run).version == first
    assert present(house, session).version == first


def test_two_that_learn_at_once_make_one_version(county, house, engine, app, monkeypatch):
    county.decide(NEAR)
    both, make = Barrier(2), learning.learn_weights

    def meet(*given):
        both.wait(timeout=30)
        return make(*given)

    monkeypatch.setattr(learning, "learn_weights", meet)

    def one(_number):
        with Session(engine) as own, app.app_context():
            return learn(JobRun(house, lambda: own, nullcontext)).outcome

    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(one, range(2)))
    assert found == {Outcome.IN_FORCE, Outcome.OVERTAKEN}
    with Session(engine) as own:
        assert len(kept(own)) == 1


def test_a_process_that_ends_before_it_writes_leaves_nothing(
    county, run, session, monkeypatch
):
    county.decide(NEAR)
    make = learning.keep_learned

    def dies(*given, **more):
        make(*given, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(learning, "keep_learned", dies)
    with pytest.raises(KeyboardInterrupt):
        learn(run)
    assert kept(session) == []
    monkeypatch.undo()
    assert learn(run).outcome is Outcome.IN_FORCE


def test_chosen_by_hand_stays_until_learning_is_switched_on(
    county, cast, run, house, session, act_as
):
    version = learned(county, run).version
    operator = cast.operator.actor
    with act_as(operator) as act:
        choose_weights(act, SHIPPED)
    assert present(house, session) is shipped_weights()
    assert learn(run).outcome is Outcome.OFF
    with act_as(operator) as act:
        choose_weights(act, version)
    assert present(house, session).version == version
    with act_as(operator) as act, pytest.raises(Conflict):
        choose_weights(act, version)
    with act_as(operator) as act, pytest.raises(NotFound):
        choose_weights(act, "learned-unknown")
    with act_as(operator) as act:
        assert switch_learning(act, on=True)
    assert learn(run).outcome is not Outcome.OFF
    events = session.scalars(sa.select(AuditEntry.event)).all()
    assert events.count("WeightsChosen") == 2
    assert events.count("LearningSwitched") == 1


def test_who_decides_about_the_weights(cast, session, act_as):
    assert may_set(session, cast.operator.actor)
    assert cast.broker.person_id
    assert may_set(session, cast.supervisor.actor)
    assert not may_set(session, cast.broker.actor)
    cast.make_worker("马青", "七星关社工站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    assert not may_set(session, cast.supervisor.actor)
    for who in (cast.supervisor, cast.broker, cast.stranger):
        with act_as(who.actor) as act, pytest.raises(Forbidden):
            switch_learning(act, on=False)


def test_weights_made_around_others_than_the_package_has_do_not_count(
    county, run, house, session, act_as
):
    version = learned(county, run).version
    with act_as() as act:
        act.session.execute(sa.update(LearnedWeights).values(based_on="former"))
    assert present(house, session) is shipped_weights()
    learn(run)
    assert kept(session)[0].state is WeightsState.RETIRED
    with act_as() as act, pytest.raises(Conflict):
        choose_weights(act, version)


def put_in_force(act_as, weights):
    with act_as() as act:
        number = learning_of(act.session).number
        assert keep_learned(act, number, weights, {}, 100, is_better=True)


def test_one_pair_has_one_score_whoever_computes_it_after_a_change(
    village, run_jobs, house, session, act_as
):
    need, offer = village.need(), village.offer()
    run_jobs()
    session.rollback()
    first = session.scalars(sa.select(Suggestion.reasons)).one()
    made = learning.learn_weights(samples(NEAR), shipped_weights())
    put_in_force(act_as, made)
    run_jobs()
    session.rollback()
    row = session.scalars(sa.select(Suggestion)).one()
    assert row.engine.startswith(made.version)
    assert row.reasons != first
    account = account_of(house, session, need.id, offer.id, TODAY)
    assert account.weights.version == made.version
    told = sum(reason["contribution"] for reason in row.reasons)
    assert told + made.base == pytest.approx(account.comparison.own, abs=1e-4)
    [shown] = suggestions_for(session, SYSTEM, session.get(Listing, need.id), TODAY)
    assert account.score == pytest.approx(shown.score, abs=1e-5)
    told = sum(reason.contribution for reason in shown.reasons)
    assert told + account.base == pytest.approx(account.logit, abs=1e-4)


def test_weights_that_change_while_a_listing_is_matched_leave_no_old_score(
    village, run_jobs, app, house, session, act_as, monkeypatch
):
    need = village.need()
    village.offer()
    run_jobs()
    made = learning.learn_weights(samples(NEAR), shipped_weights())
    real, left = suggesting.suggest, [1]

    def suggest(*given):
        found = real(*given)
        if left:
            left.pop()
            put_in_force(act_as, made)
        return found

    monkeypatch.setattr(suggesting, "suggest", suggest)
    with app.app_context():
        match_listings(app.extensions["exchange.jobs"], [need.id])
    session.rollback()
    assert session.scalars(sa.select(Suggestion.engine)).one() == engine_name(house, session)


def test_decisions_go_with_their_listings(county, session, act_as):
    county.decide(NEAR, needs=2)
    with act_as() as act:
        one = act.session.scalar(sa.select(PairDecision.need_id))
        act.session.execute(sa.delete(Listing).where(Listing.id == one))
    left = session.scalars(sa.select(PairDecision.need_id)).all()
    assert len(left) == 6
    assert one not in left

