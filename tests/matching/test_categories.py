"""The table of category answers: what its lines may say, and which of them wins."""

from collections import Counter

import pytest

from exchange.matching.categories import EVERY, STRENGTHS, cross_answers, fit_of, top_of
from exchange.taxonomy.categories import taxonomy


def test_table_is_sorted_and_names_categories_strengths_and_reasons():
    known = set(taxonomy().categories)
    lines = cross_answers()
    assert list(lines) == sorted(lines, key=lambda line: (*line[:2], " ".join(line.offers)))
    for line in lines:
        assert line.need in known | {EVERY}
        assert line.strength in STRENGTHS
        assert line.offers
        assert set(line.offers) <= known, line
        assert line.why.strip()


def test_no_pair_of_categories_is_named_twice():
    named = Counter((line.need, offer) for line in cross_answers() for offer in line.offers)
    assert [pair for pair, times in named.items() if times > 1] == []


def test_sisters_are_named_only_where_they_answer_often():
    for line in cross_answers():
        near = [offer for offer in line.offers if top_of(offer) == top_of(line.need)]
        assert not near or line.strength == "often", line


@pytest.mark.parametrize(
    ("need", "offer", "fit"),
    [
        ("equipment.machinery", "equipment.machinery", (1.0, "category_same")),
        ("equipment.machinery", "funds.loan", (0.6, "category_answers")),  # from the first level
        ("equipment.machinery", "equipment.storage", (0.5, "category_near")),
        ("equipment.machinery", "policy.advice", (0.4, "category_answers")),
        ("technology.ecology", "cooperation.research", (0.6, "category_answers")),
        ("training.vocational", "talent.medical", (0.4, "category_answers")),
        ("market.purchase", "logistics.freight", (0.6, "category_answers")),
        ("services.elderly", "volunteers.longterm", (0.6, "category_answers")),
        ("market.brand", "cooperation.twinning", (0.6, "category_answers")),  # before "*"
        ("talent.medical", "cooperation.twinning", (0.4, "category_answers")),  # by "*"
        ("market.brand", "market.purchase", (0.6, "category_answers")),  # sisters
        ("equipment.processing", "services.legal", (0.0, "category_apart")),
        ("services.mental", "logistics.freight", (0.0, "category_apart")),
        ("", "funds.loan", (0.0, "category_apart")),
        ("funds.loan", "", (0.0, "category_apart")),
    ],
)
def test_fit_of_two_categories(need, offer, fit):
    assert fit_of(need, offer) == fit


@pytest.mark.parametrize(
    ("need", "offer", "value"),
    [
        ("talent", "equipment.premises", 0.4),  # a workshop may answer a need for jobs
        ("equipment.storage", "logistics", 0.4),  # a lorry that cools
        ("services.elderly", "logistics", 0.0),  # only sometimes, for one kind below it
        ("equipment", "funds.grant", 0.6),
        ("services", "services.legal", 0.5),
        ("services", "cooperation.land", 0.0),
    ],
)
def test_first_level_may_mean_anything_below_it(need, offer, value):
    assert fit_of(need, offer)[0] == value


def test_direction_is_from_need_to_offer():
    assert fit_of("services.elderly", "logistics.lastmile")[0] > 0
    assert fit_of("market.purchase", "funds.insurance")[0] > 0
    assert fit_of("funds.insurance", "logistics.lastmile")[0] == 0
    assert fit_of("services.health", "funds.insurance")[0] > 0
    assert fit_of("services.mental", "funds.insurance")[0] == 0
