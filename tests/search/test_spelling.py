"""Questions typed wrong or in pinyin: what is read, what is left alone, and how long it takes."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.search.analysis import Analyzer
from exchange.search.understanding.lexicon import Lexicon
from exchange.search.understanding.rewriting import SURE_ENOUGH, Kind
from exchange.search.understanding.spelling import Speller
from exchange.search.understanding.vocabulary import count_words, trade_words

DATA = Path(__file__).parent.parent / "data"


def documents() -> Iterator[str]:
    for name in ("needs", "offers"):
        for line in (DATA / "matching-dev" / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            yield f"{row['title']}\n{row['text']}"


def cases() -> list[tuple[str, str, str]]:
    lines = (DATA / "spelling.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(typed, meant, mistake) for typed, meant, mistake in rows]


@pytest.fixture(scope="module")
def speller() -> Speller:
    analyzer = Analyzer(trade_words())
    return Speller(Lexicon(count_words(documents(), analyzer.cut).items(), trade_words()))


def test_most_mistakes_are_read_and_hardly_any_wrongly(speller: Speller) -> None:
    right, wrong, wanted = 0, [], 0
    for typed, meant, _mistake in cases():
        reading = speller.read(typed)
        wanted += meant != "="
        if reading.confidence >= SURE_ENOUGH:
            right += reading.rewritten == meant
            if reading.rewritten != meant:
                wrong.append((typed, reading.rewritten))
    assert wanted >= 200
    assert right / (right + len(wrong)) >= 0.98, wrong
    assert right / wanted >= 0.9


def test_what_is_right_stays(speller: Speller) -> None:
    kept = [typed for typed, meant, _mistake in cases() if meant == "="]
    changed = [typed for typed in kept if speller.read(typed).confidence >= SURE_ENOUGH]
    assert len(kept) >= 60
    assert changed == []


def test_first_letters_are_offered_and_put_only_where_nothing_else_is_known(
    speller: Speller,
) -> None:
    alone = speller.read("ll")
    assert alone.rewritten == "冷链"
    assert alone.confidence < SURE_ENOUGH
    assert alone.changes[0].kind is Kind.INITIALS
    assert len(alone.suggestions) > 1
    beside = speller.read("ll 运输")
    assert beside.rewritten is None
    assert "冷链 运输" in beside.suggestions


def test_changes_say_what_stands_where(speller: Speller) -> None:
    reading = speller.read("贵州 ci li，电伤培训 3 次")
    assert reading.rewritten == "贵州 刺梨，电商培训 3 次"
    assert reading.has_known_word
    for change in reading.changes:
        assert reading.text[change.start : change.end] == change.typed
        assert reading.rewritten[change.put_at :].startswith(change.put)
    assert [change.kind for change in reading.changes] == [Kind.PINYIN, Kind.HOMOPHONE]


def test_the_rest_of_a_mixed_question_stays(speller: Speller) -> None:
    assert speller.read("MOBILE lengku (500kg)").rewritten == "MOBILE 冷库 (500kg)"
    assert speller.read("Ｌｅｎｇｋｕ出租").rewritten == "冷库出租"
    assert speller.read("lěng kù").rewritten == "冷库"
    assert speller.read("冷ku出租").rewritten == "冷库出租"
    assert speller.read("leng库").rewritten == "冷库"


def test_a_known_latin_word_yields_to_chinese_only_where_more_documents_have_that() -> None:
    much = Speller(Lexicon([("cili", 2), ("刺梨", 9)]))
    little = Speller(Lexicon([("cili", 9), ("刺梨", 2)]))
    assert much.read("cili").rewritten == "刺梨"
    assert little.read("cili").rewritten is None


def test_english_that_passes_for_pinyin_turns_chinese_only_beside_pinyin() -> None:
    speller = Speller(Lexicon([("餐厅", 9), ("盆", 9), ("旅游", 5), ("马车", 5)]))
    assert speller.read("can ting").rewritten == "餐厅"
    assert speller.read("lv you").rewritten == "旅游"
    assert speller.read("mache").rewritten == "马车"
    assert speller.read("can you").rewritten is None


def test_a_gap_keeps_syllables_apart() -> None:
    speller = Speller(Lexicon([("西安", 9)]))
    assert speller.read("xi an").rewritten == "西安"
    assert speller.read("xi'an").confidence >= SURE_ENOUGH
    assert speller.read("xian").confidence < SURE_ENOUGH  # may be one syllable
    assert speller.read("xia n").rewritten is None


def test_protected_spans_stay(speller: Speller) -> None:
    assert speller.read("刺犁收购").rewritten == "刺梨收购"
    assert speller.read("刺犁收购", [(0, 2)]).rewritten is None
    assert speller.read("lengku lenglian", [(0, 6)]).rewritten == "lengku 冷链"
    assert speller.read("冷ku", [(0, 1)]).rewritten is None
    assert speller.read("刺犁", [(-5, 99), (7, 3)]).rewritten is None


def test_a_misspelling_that_some_documents_have_yields_to_a_far_better_known_word() -> None:
    assert Speller(Lexicon([("刺犁", 1), ("刺梨", 40)])).read("刺犁").rewritten == "刺梨"
    assert Speller(Lexicon([("刺犁", 9), ("刺梨", 40)])).read("刺犁").rewritten is None


def test_two_words_as_well_known_are_no_mistake_of_each_other() -> None:
    speller = Speller(Lexicon([("公益", 8), ("工艺", 9), ("培训", 9), ("工艺培训", 3)]))
    assert speller.read("公益培训").rewritten is None


def test_an_empty_lexicon_reads_nothing() -> None:
    speller = Speller(Lexicon([]))
    for text in ("", "lengku", "刺犁", "ll", "trucck", "冷ku"):
        reading = speller.read(text)
        assert reading.rewritten is None
        assert not reading.has_known_word


SPANS = st.lists(st.tuples(st.integers(-9, 400), st.integers(-9, 400)), max_size=3)
TEXTS = st.one_of(
    st.text(max_size=320),
    st.text(alphabet="anglixuzhcse '", max_size=320),
    st.text(alphabet="刺犁梨电伤商心里理辅导机鸡的 ku", max_size=320),
    st.text(st.characters(), max_size=40).map(lambda text: f"{text}\0\ud800lengku\U0001f600刺犁"),
)


@settings(max_examples=120, deadline=None)
@example(text="İlengku", protected=[])
@example(text="ﬃ刺犁㎏", protected=[(1, 2)])
@given(text=TEXTS, protected=SPANS)
def test_no_text_breaks_the_reading(
    speller: Speller, text: str, protected: list[tuple[int, int]]
) -> None:
    reading = speller.read(text, protected)
    assert reading == speller.read(text, protected)
    assert 0 <= reading.confidence <= 1
    end = 0
    rebuilt = ""
    for change in reading.changes:
        assert end <= change.start < change.end <= len(text)
        assert not any(
            start < change.end and change.start < stop
            for start, stop in protected
            if start < stop
        )
        rebuilt += text[end : change.start] + change.put
        end = change.end
    assert reading.rewritten == (rebuilt + text[end:] if reading.changes else None)
    assert text not in reading.suggestions


@pytest.mark.parametrize(
    "text",
    ["an" * 150, "xian" * 75, "机鸡极级几集及即技记" * 30, "a b " * 75, "zhongsha" * 37, '"' * 300,
     "trukc volunter " * 20, "@" * 300, "1a" * 150, "的一是不了人我在有他" * 30, "刺ku" * 100],
)
def test_hostile_texts_take_bounded_work(speller: Speller, text: str) -> None:
    started = time.process_time()
    speller.read(text)
    assert time.process_time() - started < 0.5
