"""The tree of categories, and the words for terms and groups."""

import dataclasses

import pytest
from flask import Flask

from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.terms import Beneficiary, Terms


def test_category_has_names_in_both_languages() -> None:
    assert taxonomy().name("market.purchase", "zh") == "订单采购"
    assert taxonomy().name("market.purchase", "en") == "Purchase order"
    assert taxonomy().path_name("equipment.processing", "zh") == "设备设施 › 加工设备"


def test_tree_has_two_levels_and_no_stray_node() -> None:
    tree = taxonomy()
    assert len(tree.categories) == 75 - 1
    for code, category in tree.categories.items():
        assert category.parent is None or category.parent in tree
        assert len(tree.path(code)) <= 2
        assert code.startswith(category.parent or "")


def test_within_means_the_same_or_below() -> None:
    tree = taxonomy()
    assert tree.is_within("market.purchase", "market")
    assert tree.is_within("market", "market")
    assert not tree.is_within("market", "market.purchase")
    assert not tree.is_within("materials.inputs", "market")
    assert "market.brand" in tree.descendants("market")
    assert tree.top("market.brand") == "market"


def test_children_of_the_root_are_the_top_categories() -> None:
    tree = taxonomy()
    assert all(c.parent is None for c in tree.children())
    assert [c.code for c in tree.children("policy")] == ["policy.advice", "policy.application"]


def test_unknown_category_is_an_error() -> None:
    assert "nothing" not in taxonomy()
    with pytest.raises(KeyError):
        taxonomy().category("nothing")


def test_taxonomy_cannot_be_changed() -> None:
    category = taxonomy().category("market")
    with pytest.raises(dataclasses.FrozenInstanceError):
        category.zh = "x"  # type: ignore[misc]  # the attempt is the test
    with pytest.raises(TypeError):
        taxonomy().categories["x"] = category  # type: ignore[index]  # likewise


def test_every_term_and_group_has_a_label(app: Flask) -> None:
    assert set(TERMS_LABELS) == set(Terms)
    assert set(BENEFICIARY_LABELS) == set(Beneficiary)
    with app.test_request_context():
        assert all(str(label) for label in (*TERMS_LABELS.values(), *BENEFICIARY_LABELS.values()))
