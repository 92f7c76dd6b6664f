"""What an organisation did before, and how old a post is, count as documented."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest

from exchange.matching.scoring import contribution, shipped_weights
from exchange.matching.trust import answer_rate, freshness, reliability, trust, urgency
from exchange.matching.values import Record
from tests.matching.conftest import NEED, OFFER, TODAY


@pytest.mark.parametrize(
    ("record", "value"),
    [
        (None, None),
        (Record(), None),
        (Record(kept=2), None),
        (Record(kept=3), (3 + 3.2) / 7),
        (Record(kept=2, broken=4), (2 + 3.2) / 10),
    ],
)
def test_reliability_is_smoothed_and_silent_about_few(
    record: Record | None, value: float | None
) -> None:
    found = reliability(record).value
    assert found == (None if value is None else pytest.approx(value))


def test_answer_rate_counts_answers_of_either_kind() -> None:
    feature = answer_rate(Record(asked=10, answered=9))
    assert feature.value == pytest.approx((9 + 3.2) / 14)
    assert feature.params == {"answered": 9, "proposals": 10}
    assert answer_rate(Record(asked=2, answered=0)).value is None


def test_as_many_good_as_bad_as_usual_counts_nothing() -> None:
    usual = reliability(Record(kept=8, broken=2))
    assert contribution(usual, shipped_weights()) == pytest.approx(0)


@pytest.mark.parametrize("days", [0, 30, 31, 210, 3000])
def test_the_older_of_the_two_posts_fades(days: int) -> None:
    old = replace(NEED, published_on=TODAY - timedelta(days=days))
    feature = freshness(old, replace(OFFER, published_on=TODAY), TODAY)
    assert feature.value == pytest.approx(math.exp(-max(0, days - 30) / 180))
    assert feature.params == {"days": days}


def test_post_of_tomorrow_is_as_fresh_as_can_be() -> None:
    feature = freshness(replace(NEED, published_on=date(2026, 11, 23)), OFFER, TODAY)
    assert feature.value == 1.0


def test_only_the_side_that_gives_is_judged_by_its_record() -> None:
    bad = Record(asked=9, answered=0, kept=0, broken=9)
    needy, given = trust(replace(NEED, record=bad), OFFER, TODAY), trust(NEED, OFFER, TODAY)
    assert needy == given
    giver = trust(NEED, replace(OFFER, record=bad), TODAY)
    assert sum(contribution(f, shipped_weights()) for f in giver) < sum(
        contribution(f, shipped_weights()) for f in given
    )


def test_urgency_orders_urgent_usual_low() -> None:
    levels = ("critical", "high", "normal", "low")
    values = [urgency(replace(NEED, urgency=one)).value for one in levels]
    assert values == [1.0, 0.8, 0.4, 0.0]
