"""The lexicon: what it knows, and finding words by sound, first letters and shape."""

import tracemalloc

import pytest
from pypinyin.phrases_dict import phrases_dict

from exchange.search.analysis import Analyzer
from exchange.search.understanding.background import OrdinaryWords
from exchange.search.understanding.lexicon import DOMAIN_COUNT, Lexicon, Slip
from exchange.search.understanding.vocabulary import count_words, trade_words

WORDS = [
    ("冷链", 9), ("劳力", 4), ("冷库", 6), ("西安", 2), ("银行", 3), ("无人机", 5), ("冷藏车", 4),
    ("梨", 8), ("truck", 3), ("track", 1), ("refrigerated", 2),
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(WORDS, ["冷链", "直播", "两 个", "12", ""])


def test_counts_and_words_of_the_trade_add_up(lexicon: Lexicon) -> None:
    assert lexicon.count("冷链") == 9 + DOMAIN_COUNT
    assert lexicon.count("直播") == DOMAIN_COUNT
    assert lexicon.count("刺梨") == 0
    assert "梨" in lexicon
    assert "两 个" not in lexicon
    assert len(lexicon) == len(WORDS) + 1


def test_words_are_found_by_sound(lexicon: Lexicon) -> None:
    assert lexicon.sounding("lenglian") == ("冷链",)
    assert lexicon.sounding("xian") == ("西安",)
    assert lexicon.sounding("yinhang") == ("银行",)
    assert lexicon.sounding("yinxing") == ("银行",)  # 行 has two common readings
    assert lexicon.sounding("nothing") == ()
    assert lexicon.sounding_roughly(("nen", "lian")) == ("冷链",)
    assert lexicon.sounding_roughly(("len", "cang", "ce")) == ("冷藏车",)


def test_words_are_found_by_first_letters_the_usual_one_first(lexicon: Lexicon) -> None:
    assert lexicon.abbreviated(("l", "l")) == ("冷链", "劳力")
    assert lexicon.abbreviated(("leng", "k")) == ("冷库",)
    assert lexicon.abbreviated(("l", "ku")) == ("冷库",)
    assert lexicon.abbreviated(("zh", "b")) == ("直播",)
    assert lexicon.abbreviated(("z", "b")) == ("直播",)
    assert lexicon.abbreviated(("sh", "b")) == ()


def test_words_are_found_one_slip_away(lexicon: Lexicon) -> None:
    assert lexicon.one_away("无人几") == [("无人机", Slip.OTHER)]
    assert lexicon.one_away("无机") == [("无人机", Slip.MISSING)]
    assert lexicon.one_away("无人人机") == [("无人机", Slip.EXTRA)]
    assert lexicon.one_away("无机人") == [("无人机", Slip.SWAPPED)]
    assert lexicon.one_away("无人机") == []


def test_words_of_letters_are_found_nearest_first(lexicon: Lexicon) -> None:
    assert lexicon.near("trcuk", 1) == [("truck", 1)]
    assert lexicon.near("trxck", 1) == [("truck", 1), ("track", 1)]
    assert lexicon.near("duck", 2) == []  # another first letter
    assert lexicon.near("", 1) == []


def test_ordinary_english_is_known_with_its_endings() -> None:
    words = OrdinaryWords()
    known = "mini can wan pen long she women pens dating dining planned carries traveller"
    unknown = "trainning shiping puding anding liping lengku zhibo trucck storge"
    assert [word for word in known.split(" ") if not words.is_english(word)] == []
    assert [word for word in unknown.split(" ") if words.is_english(word)] == []


def test_neighbours_count_as_phrases_within_a_sentence() -> None:
    analyzer = Analyzer()
    counts = count_words(["心理 辅导,心理辅导。", "辅导的心理"], analyzer.cut)
    assert counts["心理辅导"] == 1
    assert counts["心理"] == 2
    assert counts["辅导心理"] == 0


def test_the_trade_is_known_before_any_document() -> None:
    words = set(trade_words())
    assert {"冷链", "电商培训", "刺梨", "无人机", "贵州", "truck"} <= words
    assert not {"of", "and"} & words


def test_a_word_takes_less_than_three_hundred_bytes() -> None:
    chosen = sorted(word for word in phrases_dict if 2 <= len(word) <= 6)
    counts = [(word, 1 + at % 50) for at, word in enumerate(chosen[:: len(chosen) // 3000])]
    Lexicon(counts)  # what all lexicons share, such as readings of characters, is kept from here
    tracemalloc.start()
    lexicon = Lexicon(counts)
    grown, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    words = sum(word.__sizeof__() for word, _count in counts)
    assert len(lexicon) >= 3000
    assert (grown + words) / len(lexicon) < 300  # 15 MB for 50,000
