"""Categories found by the beginning of a word, in several writings."""

import pytest

from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.category_search import find_categories


def codes(text: str) -> list[str]:
    return [one.category.code for one in find_categories(text, 4)]


@pytest.mark.parametrize(
    "text",
    ["冷链", "冷鏈", "冷链运输", "冷", "lenglian", "leng lian", "lenglia", "ll", "冷藏车", "lcc",
     "Cold-chain", "cold", "COLD-CHAIN transport"],
)  # fmt: skip
def test_the_same_category_however_it_is_typed(text: str) -> None:
    assert "logistics.coldchain" in codes(text)


def test_the_whole_name_stands_before_its_beginnings() -> None:
    found = find_categories("培训", 8)
    assert found[0].category.code == "training"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_another_word_of_a_category_is_told() -> None:
    assert [one.word for one in find_categories("化肥", 1)] == ["化肥"]


@pytest.mark.parametrize(
    "text", ["", " ", "a", "x" * 300, "没有这个类别", "\0", "\ud800", "🐂", "'"]
)
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert find_categories(text, 4) == []


def test_every_category_is_found_by_its_names() -> None:
    for category in taxonomy().categories.values():
        for name in (category.zh, category.en):
            best = [one for one in find_categories(name, 8) if one.score == 1.0]
            assert category.code in [one.category.code for one in best]
