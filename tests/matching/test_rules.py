from dataclasses import replace
from datetime import timedelta

import pytest

from exchange.matching.rules import gates, may_introduce, may_match
from exchange.matching.values import Standing
from tests.matching.conftest import NEED, OFFER, TODAY

DAY = timedelta(days=1)


def test_fitting_pair_passes_every_gate():
    assert may_match(NEED, OFFER, TODAY)
    assert all(gates(NEED, OFFER, TODAY))


@pytest.mark.parametrize(
    ("need", "offer", "code"),
    [
        ({"side": "offer"}, {}, "same_side"),
        ({}, {"side": "need"}, "same_side"),
        ({}, {"organisation_id": 1}, "same_owner"),
        ({"standing": Standing.CLOSED}, {}, "not_open"),
        ({}, {"standing": Standing.HELD}, "not_open"),
        ({"to_date": TODAY - DAY}, {}, "has_ended"),
        ({}, {"to_date": TODAY - DAY}, "has_ended"),
        ({"in_good_standing": False}, {}, "owner_not_in_standing"),
        ({}, {"in_good_standing": False}, "owner_not_in_standing"),
        ({"remaining_milli": 0}, {}, "nothing_left"),
        ({}, {"remaining_milli": 0}, "nothing_left"),
        ({"to_date": TODAY + DAY}, {"from_date": TODAY + 2 * DAY}, "times_apart"),
        ({"from_date": TODAY + 5 * DAY}, {"to_date": TODAY + 4 * DAY}, "times_apart"),
        ({}, {"reach": ("520423", "13")}, "out_of_coverage"),
        ({"division": ""}, {"reach": ("CN",)}, "out_of_coverage"),
        ({"division": "5204"}, {"reach": ("520422",)}, "out_of_coverage"),
        ({}, {"reach": ()}, "out_of_coverage"),
        ({}, {"category": "funds.loan", "reach": ("13",)}, "out_of_coverage"),
        ({}, {"category": "services.legal"}, "categories_apart"),
    ],
)
def test_closed_gate_keeps_the_pair_out_and_says_why(need, offer, code):
    answer = may_match(replace(NEED, **need), replace(OFFER, **offer), TODAY)
    assert not answer
    assert answer.code == code


def test_social_worker_may_bring_together_what_is_not_suggested():
    other = replace(OFFER, category="services.legal")
    assert not may_match(NEED, other, TODAY)
    assert may_introduce(NEED, other, TODAY)
    assert not may_introduce(NEED, replace(OFFER, standing=Standing.CLOSED), TODAY)


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ({"category": ""}, {}),
        ({}, {"category": "funds.grant"}),
        ({"terms": "free"}, {"terms": "paid"}),
        ({"to_date": TODAY}, {"from_date": TODAY}),
        ({"from_date": TODAY + DAY}, {"to_date": TODAY + DAY}),
        ({}, {"reach": ("CN",)}),
        ({}, {"reach": ("13", "520422102243")}),
        ({"remaining_milli": 1}, {"remaining_milli": None}),
    ],
)
def test_gate_stays_open_on_its_edge(need, offer):
    assert may_match(replace(NEED, **need), replace(OFFER, **offer), TODAY)
