"""The pipeline with a database: what is suggested, what never is, and that it may run twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationVerified
from exchange.accounts.kinds import Verification
from exchange.accounts.verification.suspension_service import suspend_organisation
from exchange.jobs.models import OutboxJob
from exchange.kernel.actor import SYSTEM, VISITOR
from exchange.listings.service import (
    commit_quantity,
    edit_listing,
    hold_listing,
    withdraw_listing,
)
from exchange.listings.values import values_of
from exchange.matching.jobs import rematch_all, request_matching
from exchange.matching.models import Embedding, Suggestion
from exchange.matching.queries import suggestions_for, suggestions_in
from exchange.matching.service import KEEP, drop_suggestions
from exchange.taxonomy.terms import Terms
from tests.matching.conftest import TODAY


def rows(session):
    session.rollback()
    return session.scalars(sa.select(Suggestion).order_by(Suggestion.id)).all()


def seen(session, actor, listing):
    session.rollback()
    session.refresh(listing)
    pairs = suggestions_for(session, actor, listing, TODAY)
    return [pair.other(listing).external_id for pair in pairs]


def changed(listing, **values):
    return replace(values_of(listing), **values)


def test_fitting_pair_is_suggested_to_both_sides_with_one_score(village, run_jobs, session):
    need, offer = village.need(), village.offer()
    run_jobs()
    session.rollback()
    cast = village.cast
    [for_need] = suggestions_for(session, cast.officer.actor, need, TODAY)
    [for_offer] = suggestions_for(session, cast.enterprise.actor, offer, TODAY)
    assert len(rows(session)) == 1
    assert for_need.score == for_offer.score > 0.5
    assert for_need.reasons == for_offer.reasons
    assert for_need.other(need).id == offer.id


def test_score_does_not_depend_on_who_was_posted_first(village, run_jobs, session):
    offer = village.offer()
    run_jobs()
    need = village.need()
    run_jobs()
    later = rows(session)[0].score_micro
    with village.act_as() as act:
        act.session.execute(sa.delete(Suggestion))
    run = village.cast.app.extensions["exchange.jobs"]
    with village.cast.app.app_context():
        assert rematch_all(run) == (2, 1)
    assert rows(session)[0].score_micro == later
    assert (rows(session)[0].need_id, rows(session)[0].offer_id) == (need.id, offer.id)


def test_running_the_job_twice_changes_nothing(village, run_jobs, session):
    village.need()
    village.offer()
    run_jobs()
    before = [(r.id, r.score_micro, r.reasons, r.computed_at) for r in rows(session)]
    village.cast.house.clock.forward(minutes=5)
    with village.cast.app.app_context():
        assert rematch_all(village.cast.app.extensions["exchange.jobs"]) == (2, 0)
    assert [(r.id, r.score_micro, r.reasons, r.computed_at) for r in rows(session)] == before


@pytest.mark.parametrize(
    "values",
    [
        {"to_date": date(2026, 11, 21)},
        {"coverage": ("5205",)},
        {"from_date": date(2027, 3, 1)},
    ],
    ids=["expired", "out of coverage", "out of dates"],
)
def test_offer_behind_a_closed_gate_is_not_suggested(village, run_jobs, session, values):
    village.cast.make_place("5205")
    need = village.need(to_date=date(2027, 2, 1))
    village.offer(**values)
    run_jobs()
    assert rows(session) == []
    assert seen(session, SYSTEM, need) == []


def test_need_is_not_suggested_to_a_need(village, run_jobs, session):
    village.need("N1")
    village.need("N2")
    run_jobs()
    assert rows(session) == []


def test_withdrawn_offer_is_gone_before_the_worker_runs(village, run_jobs, session):
    need, offer = village.need(), village.offer()
    run_jobs()
    with village.act_as(village.cast.enterprise.actor) as act:
        withdraw_listing(act, offer)
    assert rows(session) == []
    assert seen(session, SYSTEM, need) == []


def test_held_offer_is_gone_at_once_and_comes_back(village, run_jobs, session):
    need, offer = village.need(), village.offer()
    run_jobs()
    with village.act_as() as act:
        hold_listing(act, offer, held=True)
    assert rows(session) == []
    with village.act_as() as act:
        hold_listing(act, offer, held=False)
    run_jobs()
    assert seen(session, SYSTEM, need) == ["O1"]


def test_offer_that_no_longer_reaches_is_not_shown_before_the_worker_runs(
    village, run_jobs, session
):
    village.cast.make_place("5205")
    need, offer = village.need(), village.offer()
    run_jobs()
    with village.act_as(village.cast.enterprise.actor) as act:
        edit_listing(act, offer, changed(offer, coverage=("5205",)))
    assert len(rows(session)) == 1
    assert seen(session, SYSTEM, need) == []
    run_jobs()
    assert rows(session) == []


def test_offer_past_its_last_day_is_not_shown_before_it_is_expired(village, run_jobs, session):
    need = village.need()
    village.offer(to_date=TODAY + timedelta(days=1))
    run_jobs()
    assert seen(session, SYSTEM, need) == ["O1"]
    later = TODAY + timedelta(days=2)
    assert suggestions_for(session, SYSTEM, need, later) == []


def test_used_up_offer_is_gone_in_the_same_act(village, run_jobs, session):
    need, offer = village.need(), village.offer(quantity_milli=2000, unit="次")
    run_jobs()
    assert seen(session, SYSTEM, need) == ["O1"]
    with village.act_as() as act:
        commit_quantity(act, act.session.get_one(type(offer), offer.id), 2000)
    assert rows(session) == []


def test_suspended_owner_is_not_suggested(village, run_jobs, session):
    need = village.need()
    village.offer()
    run_jobs()
    with village.act_as() as act:
        firm = village.cast.enterprise.organisation
        act.session.refresh(firm)
        firm.verification = Verification.SUSPENDED
    assert seen(session, SYSTEM, need) == []


def test_changed_words_get_new_vectors_and_a_new_score(village, run_jobs, session):
    village.need()
    offer = village.offer()
    run_jobs()
    score = rows(session)[0].score_micro
    words = session.get_one(Embedding, offer.id).text_hash
    with village.act_as(village.cast.enterprise.actor) as act:
        costly = changed(offer, text="也修小型炒茶锅，路费另算。", terms=Terms.SUBSIDISED)
        edit_listing(act, offer, costly)
    run_jobs()
    assert rows(session)[0].score_micro < score
    assert session.get_one(Embedding, offer.id).text_hash != words


def test_changes_in_one_moment_make_one_job(village, session):
    offer = village.offer()
    with village.act_as(village.cast.enterprise.actor) as act:
        edit_listing(act, offer, changed(offer, urgency="high"))
    session.rollback()
    waiting = sa.select(sa.func.count()).where(OutboxJob.name == "matching.match_listing")
    assert session.scalar(waiting) == 1


def test_listing_keeps_its_best_and_the_next_moves_up_when_one_goes(village, run_jobs, session):
    offer = village.offer()
    for number in range(KEEP + 3):
        village.need(f"N{number:02}", text="村里两座密集烤房坏了，要人来修。" + "又" * number)
    run_jobs()
    best = seen(session, SYSTEM, offer)
    assert len(best) == KEEP
    with village.act_as(village.cast.officer.actor) as act:
        first = suggestions_for(session, SYSTEM, offer, TODAY)[0].need
        withdraw_listing(act, first)
    run_jobs()
    after = seen(session, SYSTEM, offer)
    assert len(after) == KEEP
    assert best[0] not in after


def test_strangers_are_told_nothing(village, run_jobs, session):
    need, offer = village.need(), village.offer()
    run_jobs()
    cast = village.cast
    for listing, other in ((need, cast.enterprise), (offer, cast.officer), (need, cast.stranger)):
        assert seen(session, other.actor, listing) == []
    assert seen(session, VISITOR, need) == []
    assert seen(session, cast.broker.actor, need) == ["O1"]
    assert seen(session, cast.broker.actor, offer) == ["N1"]


def test_owner_is_not_shown_what_they_may_not_see(village, run_jobs, session):
    village.need(visibility="brokers")
    offer = village.offer()
    run_jobs()
    assert seen(session, village.cast.enterprise.actor, offer) == []
    assert seen(session, village.cast.broker.actor, offer) == ["N1"]


def test_broker_pages_through_the_pairs_of_their_divisions(village, run_jobs, session):
    village.offer()
    for number in range(5):
        village.need(f"N{number}", text="烤房坏了要修" + "啊" * number)
    run_jobs()
    session.rollback()
    actor = village.cast.broker.actor
    found, cursor = [], None
    for _ in range(4):
        page = suggestions_in(session, actor, actor.serves, TODAY, limit=2, cursor=cursor)
        found += [pair.need.external_id for pair in page.pairs]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(found) == [f"N{number}" for number in range(5)]
    assert suggestions_in(session, actor, ("5205",), TODAY).pairs == ()
    assert suggestions_in(session, village.cast.stranger.actor, ("52",), TODAY).pairs == ()


def test_number_of_queries_does_not_grow_with_the_pairs(village, run_jobs, session, catch_queries):
    offer = village.offer()
    counts = []
    for batch in range(2):
        for number in range(4):
            village.need(f"N{batch}{number}")
        run_jobs()
        session.rollback()
        session.expire_all()
        session.refresh(offer)
        with catch_queries() as queries:
            assert len(suggestions_for(session, SYSTEM, offer, TODAY)) == 4 * (batch + 1)
        counts.append(queries.count)
    assert counts[0] == counts[1]


def test_organisation_that_is_verified_again_is_suggested_again(village, run_jobs, session, act_as):
    village.need()
    offer = village.offer()
    run_jobs()
    firm, supervisor = village.cast.enterprise, village.cast.supervisor
    with act_as(supervisor.actor) as act:
        suspend_organisation(act, firm.organisation.public_id, "证照过期")
    with act_as() as act:
        request_matching(act, offer.id)
    run_jobs()
    firm.organisation.verification = Verification.VERIFIED
    session.execute(sa.delete(Suggestion))
    session.commit()
    with act_as() as act:
        act.emit(OrganisationVerified(firm.organisation_id, None, None))
    run_jobs()
    assert len(rows(session)) == 1


def test_two_acts_that_end_both_listings_of_their_pairs_do_not_wait_for_each_other(
    village, run_jobs, session, act_as, engine
):
    """On PostgreSQL; on SQLite there is one writer at a time."""
    need = village.need()
    village.offer()
    run_jobs()
    with Session(engine) as other:
        if engine.dialect.name == "postgresql":
            other.execute(sa.delete(Suggestion))
            session.execute(sa.text("SET statement_timeout = '3s'"))
            session.commit()
        with act_as() as act:
            drop_suggestions(act, need.id)
        other.commit()
    with act_as() as act:
        drop_suggestions(act, need.id)
    assert rows(session) == []
