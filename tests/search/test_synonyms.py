"""Words that mean the same: groups, the value made of them, the shipped file."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.search.synonyms.groups import Line, Synonyms, WordGroup, build_synonyms, read_lines
from exchange.search.synonyms.rules import (
    LONGEST_WORD,
    MOST_WORDS,
    key_of,
    meaning,
    problem_of,
    split_words,
)
from exchange.search.synonyms.shipped import FILE, shipped_groups
from exchange.search.wiring import shared_analyzer

CHILDREN = WordGroup(("孩子", "娃娃", "儿童"))
MACHINES = WordGroup(("农机", "拖拉机"), one_way=True)


def normalize(text: str) -> str:
    return text.lower()


def found(synonyms: Synonyms, text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[start:end], others) for start, end, others in synonyms.find(text)]


def test_each_word_of_a_group_has_the_others() -> None:
    assert Synonyms([CHILDREN]).others("娃娃") == ("孩子", "儿童")


def test_one_way_leads_from_the_first_only() -> None:
    synonyms = Synonyms([MACHINES])
    assert synonyms.others("农机") == ("拖拉机",)
    assert synonyms.others("拖拉机") == ()


def test_a_word_of_two_groups_has_both_but_they_do_not_chain() -> None:
    synonyms = Synonyms([CHILDREN, WordGroup(("孩子", "小孩"))])
    assert synonyms.others("孩子") == ("娃娃", "儿童", "小孩")
    assert synonyms.others("娃娃") == ("孩子", "儿童")


def test_the_longest_word_is_found_and_nothing_within_it() -> None:
    synonyms = Synonyms([WordGroup(("冷链", "冷藏")), WordGroup(("冷链运输", "保鲜运输"))])
    assert found(synonyms, "要冷链运输和冷链") == [
        ("冷链运输", ("保鲜运输",)),
        ("冷链", ("冷藏",)),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a truck now", ["truck"]),
        ("two trucks", ["trucks"]),
        ("truckload", []),
        ("5truck", []),
        ("要truck拉货", ["truck"]),
        ("cold chain truck", ["cold chain", "truck"]),
        ("", []),
    ],
)
def test_latin_words_are_found_between_borders(text: str, words: list[str]) -> None:
    synonyms = Synonyms([WordGroup(("truck", "货车")), WordGroup(("cold chain", "冷链"))])
    assert [word for word, _ in found(synonyms, text)] == words


def test_words_are_looked_up_normalised() -> None:
    built = build_synonyms([WordGroup(("電商", "E-Commerce"))], shared_analyzer().normalize)
    assert built.others("电商") == ("e-commerce",)
    assert built.others("e-commerce") == ("电商",)


@given(
    st.lists(st.lists(st.text("ab冷链车 ", min_size=1, max_size=4), min_size=2, max_size=4)),
    st.text("ab冷链车 ", max_size=30),
)
def test_places_are_in_order_within_the_text_and_apart(groups: list[list[str]], text: str) -> None:
    synonyms = Synonyms(WordGroup(tuple(words)) for words in groups)
    end = 0
    for start, until, others in synonyms.find(text):
        assert end <= start < until <= len(text)
        assert others == synonyms.others(text[start:until])
        end = until


def test_two_thousand_groups_cost_a_question_little() -> None:
    chars = [chr(0x4E00 + at) for at in range(3_000)]
    groups = [WordGroup((f"{a}{b}", f"{b}{a}x")) for a, b in pairwise(chars)]
    synonyms = Synonyms(groups[:2_000])
    text = "".join(chars[100:120])
    started = time.perf_counter()
    for _ in range(200):
        synonyms.find(text)
    assert (time.perf_counter() - started) / 200 < 0.0005  # measured: 0.000006


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("娃娃、孩子，儿童", ("娃娃", "孩子", "儿童")),
        ("娃娃 孩子\n儿童", ("娃娃", "孩子", "儿童")),
        ("cold chain 冷链; cold  store", ("cold chain", "冷链", "cold store")),
        ("、，", ()),
        ("a\x07b/c", ("a b", "c")),
    ],
)
def test_words_typed_in_a_row_are_parted(typed: str, words: tuple[str, ...]) -> None:
    assert split_words(typed) == words


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("一个",), "synonym_count"),
        (tuple(f"词{at}" for at in range(MOST_WORDS + 1)), "synonym_count"),
        (("长" * (LONGEST_WORD + 1), "短"), "synonym_long"),
        (("！？", "词"), "synonym_no_word"),
        (("Truck", "truck"), "synonym_twice"),
        (("词", ""), "synonym_no_word"),
    ],
)
def test_groups_that_are_refused(words: tuple[str, ...], code: str) -> None:
    problem = problem_of(WordGroup(words), normalize)
    assert problem is not None
    assert problem.code == code


def test_order_does_not_change_what_a_group_says() -> None:
    assert meaning(WordGroup(("a", "b")), normalize) == meaning(WordGroup(("B", "A")), normalize)
    one_way = WordGroup(("a", "b"), one_way=True)
    assert meaning(one_way, normalize) != meaning(WordGroup(("b", "a"), one_way=True), normalize)


def test_a_file_is_read_as_it_is_written() -> None:
    text = f"# remark\n\n{CHILDREN.as_line()}\n- {MACHINES.as_line()}\n"
    assert read_lines(text) == [Line(3, CHILDREN), Line(4, MACHINES, is_off=True)]


def test_the_shipped_file_is_sound() -> None:
    clean = shared_analyzer().normalize
    lines = read_lines(FILE.read_text(encoding="utf-8"))
    refused = {line.number: problem_of(line.group, clean) for line in lines}
    assert {number: problem for number, problem in refused.items() if problem} == {}
    keys = [key_of(line.group, clean) for line in lines]
    assert len(set(keys)) == len(keys) >= 150
    assert max(map(len, keys)) <= 64
    said = [meaning(line.group, clean) for line in lines]
    assert len(set(said)) == len(said)
    alone = [word for line in lines for word in line.group.words if len(word) == 1]
    assert alone == []
    assert [w for line in lines for w in line.group.words if split_words(w) != (w,)] == []


def test_shipped_words_keep_apart_what_is_not_the_same() -> None:
    synonyms = build_synonyms(shipped_groups().values(), shared_analyzer().normalize)
    assert "玉米" in synonyms.others("苞谷")
    assert "菌包" not in synonyms.others("菌棒")
    assert "拖拉机" in synonyms.others("农机")
    assert "农机" not in synonyms.others("拖拉机")
