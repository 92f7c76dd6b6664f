"""What decisions say, what is learned from them, and what can never be learned."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.brokering.kinds import CloseReason, DismissReason
from exchange.matching.floors import broken
from exchange.matching.learning.fitting import Sample, learn_weights, quality
from exchange.matching.learning.kinds import Cause
from exchange.matching.learning.labels import REASONS, change_word
from exchange.matching.learning.rules import (
    DISMISSALS,
    ENDS,
    NEARNESS,
    NOTHING,
    THING,
    evidence_of,
    is_due,
    is_enough,
    is_held_out,
)
from exchange.matching.scoring import shipped_weights
from tests.matching.decided import preferring, samples

FEATURES = sorted(shipped_weights().features)


def weight(found, name):
    return found.features[name].weight


@pytest.mark.parametrize(
    ("reason", "about"),
    [
        ("wrong_thing", THING),
        ("too_far", {"nearness"}),
        ("wrong_time", {"time"}),
        ("too_little", {"quantity"}),
        ("terms", {"terms"}),
    ],
)
def test_a_dismissal_speaks_of_the_features_of_its_reason(reason, about):
    found = evidence_of(Cause.DISMISSED, reason)
    assert found.label is False
    assert found.about == about


@pytest.mark.parametrize("reason", ["known_problem", "already_helped", "other"])
def test_some_reasons_say_nothing_about_the_pair(reason):
    assert evidence_of(Cause.DISMISSED, reason) == NOTHING


def test_the_further_a_pair_comes_the_more_it_says():
    claimed, introduced, completed = (
        evidence_of(cause) for cause in (Cause.CLAIMED, Cause.INTRODUCED, Cause.COMPLETED)
    )
    assert [one.label for one in (claimed, introduced, completed)] == [True] * 3
    assert claimed.weight < introduced.weight < completed.weight
    assert evidence_of(Cause.FAILED, "quality").label is False
    for reason in ("not_needed", "not_available", "no_answer", "other", ""):
        assert evidence_of(Cause.DECLINED, reason) == NOTHING
    assert evidence_of(Cause.LAPSED, "terms") == NOTHING


def test_every_reason_of_brokering_has_words_and_those_of_the_tables_exist():
    assert set(DISMISSALS) <= set(DismissReason)
    assert set(ENDS) <= set(CloseReason)
    assert set(REASONS) == {*DismissReason, *CloseReason}


def test_enough_asks_for_both_kinds():
    assert is_enough([True] * 80 + [False] * 20, 100, 20)
    assert not is_enough([True] * 81 + [False] * 19, 100, 20)
    assert not is_enough([True, False] * 49, 100, 20)
    assert is_due(10, 100)
    assert not is_due(10, 1000)
    assert not is_due(9, 20)


def test_about_every_fourth_need_is_held_out():
    assert 200 < sum(is_held_out(number) for number in range(1000)) < 300


def test_without_decisions_nothing_changes():
    found = learn_weights([], shipped_weights())
    assert found.features == shipped_weights().features
    assert found.base == shipped_weights().base


def test_a_planted_preference_is_found_and_holds_on_other_decisions():
    true = preferring("nearness", 6.0)
    found = learn_weights(samples(true), shipped_weights())
    assert weight(found, "nearness") > 3.0
    others = samples(true, seed=2)
    assert quality(others, found).loss < quality(others, shipped_weights()).loss - 0.1
    again = learn_weights(list(reversed(samples(true))), shipped_weights())
    assert again.version == found.version


def test_reasons_given_a_few_times_only_move_nothing_but_the_base():
    few = samples(preferring("nearness", 6.0), needs=1)
    found = learn_weights(few, shipped_weights())
    assert found.features == shipped_weights().features
    assert abs(found.base - shipped_weights().base) < 1


def about(names, label, number, **values):
    """A decision that names these features; the others are as pairs have them that are shown."""
    usual = {name: item.mean for name, item in shipped_weights().features.items()}
    usual["text_meaning"] += 0.5
    return Sample(number, 1, usual | values, label, 1.0, names)


def test_a_dismissal_for_distance_moves_the_weight_of_distance_and_no_other():
    """Whatever else was decided, and however many like pairs were taken up."""
    yes = [about(None, True, number, nearness=0.9, goods=number % 2) for number in range(100)]
    wrong = [about(THING, False, 200 + number, goods=0.0) for number in range(30)]
    far = [about(NEARNESS, False, 300 + number, nearness=0.1, goods=1.0) for number in range(80)]
    with_them = learn_weights([*yes, *wrong, *far], shipped_weights())
    without = learn_weights([*yes, *wrong], shipped_weights())
    assert weight(with_them, "nearness") > weight(without, "nearness") + 1
    assert with_them.base < without.base
    for name in FEATURES:
        if name != "nearness":
            assert weight(with_them, name) == weight(without, name)
    assert weight(without, "goods") > weight(shipped_weights(), "goods")


def test_what_all_shown_pairs_have_does_not_count_more_because_they_were_taken_up():
    yes = [about(None, True, number, nearness=0.7) for number in range(300)]
    wrong = [about(THING, False, 400 + number) for number in range(100)]
    found = learn_weights([*yes, *wrong], shipped_weights())
    assert weight(found, "text_meaning") == pytest.approx(
        weight(shipped_weights(), "text_meaning"), abs=0.05
    )
    assert found.base > shipped_weights().base


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(FEATURES), st.floats(-1, 1), max_size=20),
            st.booleans(),
            st.sampled_from([0.5, 1.0, 2.0, 1000.0]),
            st.none() | st.frozensets(st.sampled_from(FEATURES), max_size=4),
        ),
        max_size=40,
    )
)
def test_no_decisions_whatever_break_a_floor(decisions):
    found = learn_weights(
        [Sample(number, 1, *one) for number, one in enumerate(decisions)], shipped_weights()
    )
    assert broken(found, shipped_weights()) == []


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (1, 1.02, "same"), (1, 1.2, "more"), (1, 2, "much_more"), (1, 0.9, "less"),
        (1, 0.5, "much_less"), (0, 0, "same"), (0, 1, "more"), (-1, -2, "less"),
    ],
)  # fmt: skip
def test_a_change_in_words(before, after, word):
    assert change_word(before, after) == word
