import pytest

from exchange.matching.evaluation.measures import (
    ndcg,
    ranking_measures,
    recall,
    reciprocal_rank,
    shown_measures,
    zero_above_two,
)

GRADES = {"a": 2, "b": 1, "c": 0}


def test_ndcg_by_hand():
    assert ndcg(["a", "b"], GRADES) == pytest.approx(1)
    best = 3 + 1 / 1.5849625
    assert ndcg(["b", "x", "a"], GRADES) == pytest.approx((1 + 3 / 2) / best)
    assert ndcg(["x"], {}) == 0


def test_recall_and_first_place():
    assert recall(["x", "b"], GRADES) == 0.5
    assert recall(["x"] * 20 + ["a"], GRADES) == 0
    assert reciprocal_rank(["c", "b", "a"], GRADES) == 0.5
    assert reciprocal_rank(["c"], GRADES) == 0


def test_needs_without_a_right_answer_are_left_out_of_the_ranking():
    rankings = {"n": ["a", "b"], "m": ["a"]}
    found = ranking_measures(rankings, {"n": GRADES, "m": {"a": 0}})
    assert found["ndcg_at_10"] == pytest.approx(1)


def test_zero_above_two_counts_judged_zeros_only():
    assert zero_above_two({"n": ["x", "a", "c"]}, {"n": GRADES}) == 0
    assert zero_above_two({"n": ["c", "a"]}, {"n": GRADES}) == 1
    assert zero_above_two({"n": ["c"]}, {"n": GRADES}) == 1


def test_what_is_shown_and_silence():
    shown = {"n": ["a", "c"], "m": [], "k": ["c"]}
    found = shown_measures(shown, {"n": GRADES, "m": {}, "k": {"c": 0}})
    assert found == {"shown_precision": pytest.approx(1 / 3), "shown_recall": 0.5, "silent": 0.5}
