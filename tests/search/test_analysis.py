"""Text becomes terms: one way for documents, questions and highlights."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.search.reading.numerals import read_numeral
from tests.search.engines import analyzer


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("冷鏈運輸", "冷链运输"),
        ("ＡＢＣ１２３", "abc123"),
        ("trucks", "Truck"),
        ("30万", "300,000"),
    ],
)
def test_spellings_of_one_thing_have_the_same_terms(one: str, other: str) -> None:
    assert analyzer().index_terms(one) == analyzer().index_terms(other)


def test_chinese_number_is_also_indexed_as_a_number() -> None:
    assert "300000" in analyzer().index_terms("三十万斤")


def test_every_two_neighbours_are_indexed() -> None:
    assert {"朵贝", "贝村", "村茶", "茶园"} <= set(analyzer().index_terms("朵贝村茶园"))


def test_words_that_say_little_are_not_required() -> None:
    groups = analyzer().question("请问哪里有轮椅").groups
    required = [group.alternatives for group in groups if group.required]
    assert required == [((("轮椅"),),)]


def test_a_question_of_small_words_takes_them_seriously() -> None:
    assert all(group.required for group in analyzer().question("怎么办").groups)


def test_domain_words_are_not_cut() -> None:
    assert "朵贝村" in analyzer().cut("普定县朵贝村的茶")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    question = analyzer().question(text)
    for term in analyzer().locate(text, question.weights):
        assert 0 <= term.start < term.end <= len(text)
    assert analyzer().index_terms(text) == analyzer().index_terms(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十万", 300_000),
        ("两百五", 250),
        ("一千零五", 1_005),
        ("三万五", 35_000),
        ("一点五万", 15_000),
        ("十二", 12),
        ("二〇二六", 2026),
        ("一亿三千万", 130_000_000),
        ("一万二千三百四十五", 12_345),
        ("半", 0.5),
        ("万", None),
        ("三斤", None),
        ("", None),
    ],
)
def test_chinese_numerals(text: str, value: float | None) -> None:
    assert read_numeral(text) == value
