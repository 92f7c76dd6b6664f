import json
import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.matching.explanation import reasons
from exchange.matching.features import TERMS_FIT, features
from exchange.matching.scoring import (
    WEIGHTS_FILE,
    Weight,
    Weights,
    logit_of,
    read_weights,
    score_of,
    shipped_weights,
    sigmoid,
)
from exchange.matching.values import Amount, Feature
from tests.matching.conftest import NEED, OFFER, TODAY, portrait

PARTS = {"修": 1.0, "烤房": 2.0}
values = st.floats(-1, 2)


def found(need=NEED, offer=OFFER):
    pair = features(portrait(need, **PARTS), portrait(offer, **PARTS), TODAY)
    return {feature.name: feature for feature in pair}


def test_every_feature_has_a_weight_and_every_weight_a_feature():
    assert set(found()) == set(shipped_weights().features)


def test_shipped_weights_are_readable_and_no_feature_counts_backwards():
    kept = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    assert read_weights(kept) == shipped_weights()
    assert all(item["weight"] > 0 for item in kept["features"].values())


@given(values, values, st.none() | values)
def test_contributions_and_base_add_up_to_the_logit_of_the_score(words, category, quantity):
    weights = Weights("t", -2.0, {n: Weight(1.5, 0.25) for n in ("words", "category", "quantity")})
    pair = [
        Feature("words", words, "a"),
        Feature("category", category, "b"),
        Feature("quantity", quantity, "c"),
    ]
    told = reasons(pair, weights)
    total = weights.base + sum(reason.contribution for reason in told)
    assert total == pytest.approx(logit_of(pair, weights), abs=1e-5)
    assert score_of(pair, weights) == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-5)
    sizes = [abs(reason.contribution) for reason in told]
    assert sizes == sorted(sizes, reverse=True)


def test_unknown_feature_counts_as_its_mean_and_is_no_reason():
    weights = Weights("t", -1.0, {"quantity": Weight(3.0, 0.5)})
    usual = score_of([Feature("quantity", 0.5)], weights)
    assert score_of([Feature("quantity", None)], weights) == usual
    assert reasons([Feature("quantity", None)], weights) == ()


def test_sigmoid_does_not_overflow():
    assert sigmoid(-1000) == 0
    assert sigmoid(1000) == 1
    assert sigmoid(0) == 0.5


def test_same_category_counts_more_than_a_neighbour_and_that_more_than_another():
    near = found(offer=replace(OFFER, category="equipment.machinery"))["category"].value
    apart = found(offer=replace(OFFER, category="services.legal"))["category"].value
    assert found()["category"].value > near > apart


def test_quantities_compare_across_units_of_one_measure():
    need = replace(NEED, remaining=Amount(2000.0, "mass"), remaining_milli=2000, unit="吨")
    offer = replace(OFFER, remaining=Amount(800.0, "mass"), remaining_milli=800_000, unit="公斤")
    feature = found(need, offer)["quantity"]
    assert feature.code == "partial"
    assert feature.params["percent"] == 40
    assert feature.value == pytest.approx(0.4 / 0.6)


def test_quantities_of_other_measures_or_rates_say_nothing():
    need = replace(NEED, remaining=Amount(2000.0, "mass"))
    for amount in (Amount(5.0, "area"), Amount(2000.0, "mass", "days")):
        assert found(need, replace(OFFER, remaining=amount))["quantity"].value is None


def test_village_that_hopes_for_free_help_is_told_of_a_price():
    feature = found(offer=replace(OFFER, terms="paid"))["terms"]
    assert feature.value == -1
    assert feature.code == "asks_price"
    assert feature.params == {"need": "free", "offer": "paid"}
    assert all(TERMS_FIT[terms][terms] == 1 for terms in TERMS_FIT)


def test_distance_counts_unless_help_travels_by_wire():
    far = {"point": (26_250_000, 105_750_000)}, {"point": (38_850_000, 114_200_000)}
    by_road = found(replace(NEED, **far[0]), replace(OFFER, reach=("CN",), **far[1]))["nearness"]
    assert by_road.value < 0.01
    assert by_road.params["km"] > 1000
    by_wire = replace(OFFER, reach=("CN",), category="technology.digital", **far[1])
    assert found(replace(NEED, **far[0]), by_wire)["nearness"].value == 1


def test_time_is_the_share_of_the_needs_days():
    need = replace(NEED, from_date=TODAY, to_date=TODAY + timedelta(days=9))
    offer = replace(OFFER, to_date=TODAY + timedelta(days=4))
    feature = found(need, offer)["time"]
    assert feature.value == pytest.approx(0.5)
    assert feature.code == "time_soon"
    assert feature.params["to"] == "2026-11-26"


def test_help_meant_for_others_speaks_against_the_pair():
    need = replace(NEED, beneficiaries=("elderly",))
    meant = {("elderly", "women"): 1, ("women",): 0, ("general", "women"): None}
    for groups, value in meant.items():
        offer = replace(OFFER, beneficiaries=groups)
        assert found(need, offer)["beneficiaries"].value == value


def test_seller_is_no_answer_to_a_seller():
    need = replace(NEED, category="market.purchase", title="卖土豆", text="土豆滞销")
    buyer = replace(OFFER, category="market.purchase", title="收购土豆", text="上门收")
    seller = replace(OFFER, category="market.purchase", title="土豆出售", text="现货供应")
    assert found(need, buyer)["direction"].value == 1
    assert found(need, seller)["direction"].value == 0


def test_no_feature_looks_at_who_the_owner_is():
    other = replace(OFFER, organisation_id=99, organisation_kind="government", public_id="x")
    assert found(NEED, other) == found(NEED, OFFER)
