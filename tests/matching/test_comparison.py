"""The score that counts: a pair among the other pairs of its need and of its offer."""

import os
from itertools import product
from random import Random

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from exchange.kernel.actor import SYSTEM
from exchange.listings.models import Listing
from exchange.matching import comparison_queries
from exchange.matching.comparison import (
    BEHIND_NEED,
    BEHIND_OFFER,
    BY_ITSELF,
    MOST_BEHIND,
    base_among,
    comparison_of,
    logit_among,
    micro_among,
    micros_among,
    parts_of,
    reasons_among,
    shipped_rule,
)
from exchange.matching.comparison_queries import LIGHT
from exchange.matching.models import MILLION, Suggestion
from exchange.matching.queries import suggestions_for
from exchange.matching.values import Reason
from tests.matching.conftest import TODAY

RULE = shipped_rule()
micros = st.integers(1, MILLION - 1)


def micro(own: int, of_need: int = 0, of_offer: int = 0) -> int:
    return micro_among(comparison_of(own, max(own, of_need), max(own, of_offer)), RULE)


def test_the_best_of_both_scores_more_than_what_is_behind():
    alone, behind_need = micro(500_000), micro(500_000, of_need=900_000)
    assert alone > behind_need > micro(500_000, 900_000, 900_000)
    assert micro(500_000, of_offer=900_000) < alone


def test_being_the_best_of_what_does_not_fit_is_no_merit():
    own = round((RULE.least - 0.05) * MILLION)
    assert micro(own) == own
    assert micro(round((RULE.least + 0.05) * MILLION)) > 400_000
    assert BY_ITSELF in parts_of(comparison_of(own, own, own), RULE)


def test_no_pair_is_more_behind_than_most():
    found = comparison_of(1, MILLION - 1, MILLION - 1)
    assert found.behind_need == found.behind_offer == MOST_BEHIND


@given(micros, micros, micros)
def test_parts_add_up_and_better_others_never_raise_a_score(own, of_need, of_offer):
    found = comparison_of(own, max(own, of_need), max(own, of_offer))
    assert sum(parts_of(found, RULE).values()) == pytest.approx(logit_among(found, RULE))
    assert micro(own, of_need, of_offer) <= micro(own, of_need) <= micro(own)


@given(micros, micros, micros)
def test_of_two_pairs_with_the_same_others_the_better_stays_the_better(own, other, best):
    low, high = sorted((own, other))
    most = max(high, best)
    assert micro(low, most, most) <= micro(high, most, most)


@given(st.lists(st.tuples(micros, micros, micros), min_size=1, max_size=20))
def test_many_at_once_score_as_each_alone(some):
    rows = [(own, max(own, need), max(own, offer)) for own, need, offer in some]
    found = micros_among(*np.array(rows, np.int64).T, RULE)
    alone = [micro_among(comparison_of(*row), RULE) for row in rows]
    assert np.abs(found - np.array(alone)).max() <= 1


@given(micros, micros, micros, st.lists(st.floats(-3, 3), max_size=4))
def test_reasons_and_base_make_the_logit(own, of_need, of_offer, contributions):
    found = comparison_of(own, max(own, of_need), max(own, of_offer))
    base = found.own - sum(contributions)
    told = tuple(Reason(f"r{n}", {}, part) for n, part in enumerate(contributions))
    reasons = reasons_among(told, found, RULE)
    total = base_among(base, RULE) + sum(one.contribution for one in reasons)
    assert total == pytest.approx(logit_among(found, RULE), abs=1e-5)
    assert {one.code for one in reasons} - {one.code for one in told} <= {
        BEHIND_NEED, BEHIND_OFFER, BY_ITSELF,
    }  # fmt: skip


def test_an_offer_that_suits_another_need_better_falls_behind_and_says_so(
    village, session, act_as
):
    need, other = village.need("甲"), village.need("乙")
    offer = village.offer()
    add(act_as, (need, offer, 500_000), (other, offer, 900_000))
    [pair] = shown(session, need)
    assert pair.score < 0.7
    assert BEHIND_OFFER in {one.code for one in pair.reasons}
    without = (Suggestion.need_id != other.id,)
    [alone] = shown(session, need, where=without)
    assert alone.score > pair.score
    assert BEHIND_OFFER not in {one.code for one in alone.reasons}


def test_order_and_threshold_are_those_of_the_score_that_counts(village, session, act_as):
    need, other = village.need("甲"), village.need("乙")
    wanted, free = village.offer("一"), village.offer("二")
    add(act_as, (need, wanted, 600_000), (need, free, 550_000), (other, wanted, 990_000))
    assert [pair.offer.id for pair in shown(session, need)] == [free.id, wanted.id]
    assert [pair.offer.id for pair in shown(session, need, least=0.5)] == [free.id]


def test_pairs_come_in_the_same_order_when_few_are_compared_at_a_time(
    village, session, act_as, monkeypatch
):
    monkeypatch.setattr(comparison_queries, "AT_ONCE", 2)
    draw = Random(os.environ["EXCHANGE_TEST_SEED"])
    needs = [village.need(f"N{number}") for number in range(3)]
    offers = [village.offer(f"O{number}") for number in range(3)]
    for _ in range(8):
        pairs = product(needs, offers)
        add(act_as, *((*pair, draw.randint(100_000, 999_000)) for pair in pairs))
        session.rollback()
        query = sa.select(*LIGHT).order_by(Suggestion.score_micro.desc())
        rows = session.execute(query).all()
        found = list(comparison_queries.best_first(session, rows, 0.35))
        assert found == comparison_queries.placed(session, rows, 0.35)


def add(act_as, *pairs):
    with act_as(SYSTEM) as act:
        act.session.query(Suggestion).delete()
        act.session.add_all(
            Suggestion(
                need_id=need.id, offer_id=offer.id, score_micro=score, reasons=[], engine="test",
                computed_at=act.now,
            )
            for need, offer, score in pairs
        )  # fmt: skip


def shown(session, listing, **given):
    session.rollback()
    return suggestions_for(session, SYSTEM, session.get(Listing, listing.id), TODAY, **given)
