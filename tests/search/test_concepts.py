"""The dictionary of concepts: its shape, reading a text with it, how concepts lie to each other."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.search.reading.concepts import Concept, Dictionary, Sort, dictionary
from exchange.search.reading.spans import fold

SMALL = Dictionary(
    [
        Concept("crop", Sort.LIVING, (), (), ("庄稼",), ("crop",), "test"),
        Concept("root", Sort.LIVING, ("crop",), (), ("根菜",), ("root vegetable",), "test"),
        Concept("radish", Sort.LIVING, ("root",), (), ("萝卜", "白萝卜"), ("radish",), "test"),
        Concept("cow", Sort.LIVING, (), ("vet",), ("牛", "黄牛"), ("cow", "cattle"), "test"),
        Concept("vet", Sort.ROLE, (), (), ("兽医",), ("vet",), "test"),
    ],
    ["牛仔裤"],
)


def read(text: str) -> list[str]:
    return [mention.id for mention in SMALL.read(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("白萝卜150吨", ["radish"]),
        ("捐牛仔裤,求兽医看黄牛", ["vet", "cow"]),
        ("Radishes and ROOT vegetables for cows", ["radish", "root", "cow"]),
        ("ｒａｄｉｓｈ", ["radish"]),
        ("scowl, vetting", []),
        ("", []),
    ],
)
def test_the_longest_name_counts_and_blocked_words_hide_what_is_in_them(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("要白萝卜,不要黄牛", ["cow"]),
        ("收根菜,萝卜除外", ["radish"]),
        ("no cattle, radish only", ["cow"]),
        ("我们的牛不要紧", []),
        ("不知道黄牛咋个养", []),
        ("黄牛要的,不要钱", []),
    ],
)
def test_what_is_not_wanted_is_marked(text, refused):
    assert [mention.id for mention in SMALL.read(text) if mention.is_refused] == refused


def test_wider_concepts_are_known_with_their_distance():
    assert SMALL.wider("radish") == {"radish": 0, "root": 1, "crop": 2}
    assert SMALL.specific("radish") > SMALL.specific("root") > SMALL.specific("crop")


def test_the_dictionary_that_comes_along_holds_together():
    known = dictionary()
    assert len(known.concepts) > 1_500
    owners: dict[str, str] = {}
    for one in known.concepts.values():
        assert one.source, one.id
        assert one.chinese, one.id
        for other in (*one.wider, *one.related):
            assert other in known.concepts, (one.id, other)
        for name in (*one.chinese, *one.english):
            assert owners.setdefault(fold(name), one.id) == one.id, name
        assert one.id not in {key for wider in one.wider for key in known.wider(wider)}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("人畜饮水断了", "place.water_supply"),
        ("drinking water supply", "place.water_supply"),
        ("老兽医", "role.vet"),
        ("shiitake", "crop.shiitake"),
        ("轮椅二十辆", "thing.wheelchair"),
    ],
)
def test_everyday_wordings_are_found(text, concept):
    known = dictionary()
    found = {key for mention in known.read(text) for key in known.wider(mention.id)}
    assert concept in found


@given(st.text(max_size=200))
@example("志愿服务")  # a name at the end of the text, shorter than others that begin alike
def test_no_text_breaks_reading_and_mentions_do_not_overlap(text):
    mentions = dictionary().read(text)
    assert all(0 <= one.start < one.end <= len(text) for one in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
