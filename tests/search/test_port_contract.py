"""What every engine promises; a new engine is added to ENGINES and passes all of this."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.search.port import (
    PUBLIC,
    Document,
    Filters,
    InvalidDocument,
    SearchIndex,
    matches_division,
)
from tests.search.engines import ENGINES, EVERYBODY, SHELF, ask, document, keys

TODAY = date(2026, 11, 22)


def test_new_document_is_found_at_once(index: SearchIndex) -> None:
    index.index([document("a", "求轮椅")])
    assert keys(ask(index, "轮椅")) == ["a"]


def test_later_document_replaces_the_earlier(index: SearchIndex) -> None:
    index.index([document("a", "求轮椅")])
    index.index([document("a", "求课桌")])
    assert keys(ask(index, "轮椅")) == []
    assert keys(ask(index, "课桌")) == ["a"]
    assert index.count() == 1


def test_of_two_with_one_key_in_a_batch_the_later_wins(index: SearchIndex) -> None:
    assert index.index([document("a", "求轮椅"), document("a", "求课桌")]) == 1
    assert keys(ask(index, "求")) == ["a"]
    assert keys(ask(index, "轮椅")) == []


def test_deleted_document_is_gone_and_unknown_keys_are_ignored(index: SearchIndex) -> None:
    index.index([document("a", "求轮椅"), document("b", "捐轮椅")])
    index.delete(["listing:a", "listing:never"])
    assert keys(ask(index, "轮椅")) == ["b"]
    assert index.count() == 1


def test_high_water_is_the_greatest_version(index: SearchIndex) -> None:
    assert index.high_water() == 0
    index.index([document("a", version=7), document("b", version=3)])
    assert index.high_water() == 7


def test_key_that_is_too_long_is_refused(index: SearchIndex) -> None:
    with pytest.raises(InvalidDocument):
        index.index([document("x" * 60)])
    assert index.count() == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("刺梨", {"pears", "buyer"}),
        ("刺梨鲜果", {"pears", "buyer"}),
        ("朵贝", {"tea"}),
        ("贝村", {"tea"}),
        ("园冬", {"tea"}),
        ("藏车", {"truck"}),
        ("茶", {"tea"}),
        ("冷藏車", {"truck"}),
        ("３０万", {"loan"}),
        ("300,000", {"loan"}),
        ("農科所", {"loan"}),
        ("融资", {"loan"}),
        ("truck", {"english"}),
        ("FRUIT", {"english"}),
        ("the children's book", {"books"}),
    ],
)
def test_words_are_found(shelf: SearchIndex, text: str, found: set[str]) -> None:
    answer = ask(shelf, text)
    full = set(keys(answer)[: len(found)])
    assert full == found


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_piece_of_a_text_finds_it(shelf: SearchIndex, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from([d for d in SHELF if d.audience == EVERYBODY]))
    start = data.draw(st.integers(0, max(0, len(chosen.title) - 2)))
    length = data.draw(st.integers(2, 12))
    piece = chosen.title[start : start + length]
    if piece.isascii() or not any(char.isalpha() for char in piece):
        return
    assert chosen.key in [hit.key for hit in ask(shelf, piece, limit=50).hits]


def test_title_counts_more_than_text(index: SearchIndex) -> None:
    index.index([document("text", "求助", "我们想要轮椅"), document("title", "求轮椅", "谢谢")])
    assert keys(ask(index, "轮椅")) == ["title", "text"]


def test_full_matches_come_before_partial_ones(shelf: SearchIndex) -> None:
    answer = ask(shelf, "韭黄 冷藏车 重庆")
    assert keys(answer)[0] == "truck"
    assert answer.relaxed
    assert "lorry" in keys(answer)


def test_answer_is_not_relaxed_when_nothing_was_added(shelf: SearchIndex) -> None:
    assert not ask(shelf, "朵贝村").relaxed


def test_quoted_phrase_is_required(shelf: SearchIndex) -> None:
    assert keys(ask(shelf, "“冷藏车” 重庆")) == ["truck"]
    assert keys(ask(shelf, '"没有这个词" 刺梨')) == []


def test_word_after_a_minus_is_excluded(shelf: SearchIndex) -> None:
    assert keys(ask(shelf, "刺梨 -冷库")) == ["buyer"]


def test_stranger_sees_counts_and_finds_nothing_hidden(shelf: SearchIndex) -> None:
    public = ask(shelf, "刺梨")
    assert (public.total, "secret" in keys(public)) == (2, False)
    own = ask(shelf, "刺梨", audience=frozenset({PUBLIC, "org:1"}))
    assert (own.total, "secret" in keys(own)) == (3, True)
    nobody = ask(shelf, "刺梨", audience=frozenset())
    assert (nobody.total, nobody.hits) == (0, ())
    assert ask(shelf, "刺梨", audience=None).total == 3


def test_hidden_documents_leave_no_trace_in_scores(index: SearchIndex) -> None:
    index.index([document("a", "求轮椅"), document("b", "求课桌")])
    before = ask(index, "轮椅")
    hidden = [document(f"h{n}", "求轮椅", audience=frozenset({"org:1"})) for n in range(9)]
    index.index(hidden)
    assert ask(index, "轮椅") == before


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(sides=("offer",)), {"buyer", "lorry", "english", "books"}),
        (Filters(terms=("paid",)), {"pears"}),
        (Filters(division="520422"), {"truck", "tea", "buyer", "lorry"}),
        (Filters(division="520422102"), {"tea", "buyer", "lorry"}),
        (Filters(division="13"), {"lorry"}),
        (Filters(division="52", sides=("need",)), {"pears", "truck", "tea"}),
        (Filters(open_on=TODAY, sides=("offer",)), {"buyer", "lorry", "english"}),
        (Filters(kinds=("project",)), set()),
    ],
)
def test_filters(shelf: SearchIndex, filters: Filters, found: set[str]) -> None:
    answer = ask(shelf, filters=filters)
    assert set(keys(answer)) == found
    assert answer.total == len(found)


def test_every_field_can_be_filtered(index: SearchIndex) -> None:
    full = document(
        "full",
        categories=("market.purchase", "market"),
        state="published",
        beneficiaries=("women",),
        urgency="high",
        organisation="org9",
        external_ids=("K-1",),
    )
    index.index([full, document("plain")])
    for filters in (
        Filters(categories=("market",)),
        Filters(categories=("market.purchase", "funds")),
        Filters(states=("published",)),
        Filters(beneficiaries=("women",)),
        Filters(urgencies=("high", "critical")),
        Filters(organisations=("org9",)),
        Filters(external_ids=("K-1",)),
    ):
        assert keys(ask(index, filters=filters)) == ["full"], filters


CODES = ("52", "5204", "520422", "520422102", "520422102243", "13", "1306", "130633")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    places=st.lists(
        st.tuples(st.sampled_from(CODES), st.lists(st.sampled_from((*CODES, "CN")), max_size=3)),
        min_size=1,
        max_size=6,
    ),
    division=st.sampled_from((*CODES, "CN", "")),
)
def test_division_filter_is_the_definition(
    places: list[tuple[str, list[str]]], division: str
) -> None:
    documents = [
        document(str(n), division=code, reach=tuple(reach))
        for n, (code, reach) in enumerate(places)
    ]
    expected = {d.key for d in documents if matches_division(d, division)}
    with ENGINES["memory"](Path()) as index:
        index.index(documents)
        found = ask(index, filters=Filters(division=division))
    assert {hit.key for hit in found.hits} == expected


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=60) | st.text('"“”-*?()[]{}:^~/\\+&|!刺梨 aANDOR,.，。', max_size=30))
def test_no_text_raises_or_shows_what_is_hidden(shelf: SearchIndex, text: str) -> None:
    assert "secret" not in keys(ask(shelf, text, limit=50))


def test_half_a_surrogate_pair_is_harmless(shelf: SearchIndex) -> None:
    assert keys(ask(shelf, "\ud83d 朵贝")) == ["tea"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(title=st.text(max_size=40), text=st.text(max_size=80))
def test_any_text_can_be_stored_and_shown_whole(title: str, text: str) -> None:
    with ENGINES["memory"](Path()) as index:
        index.index([document("a", title, text)])
        hit = ask(index, f"{title[:10]} {text[:10]}", audience=None).hits
        everything = ask(index).hits[0]
    assert "".join(part.text for part in everything.title) == title
    assert all(found.key == "listing:a" for found in hit)


def test_matches_are_marked_in_title_and_snippet(index: SearchIndex) -> None:
    long = "路远。" * 40 + "我們要刺梨鮮果四十吨" + "山高。" * 40
    index.index([document("a", "收購刺梨的 Buyers", long)])
    hit = ask(index, "刺梨 buyer").hits[0]
    assert [part.text for part in hit.title if part.is_match] == ["刺梨", "Buyers"]
    shown = "".join(part.text for part in hit.snippet)
    assert [part.text for part in hit.snippet if part.is_match] == ["刺梨"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 102


def test_candidates_share_telling_words(shelf: SearchIndex) -> None:
    text = "我们村合作社那批刺梨还有四十吨左右没卖脱,哪位老板收鲜果?"
    found = shelf.candidates(text, Filters(sides=("offer",)), 5, EVERYBODY)
    assert found[0].key == "listing:buyer"
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert shelf.candidates("", Filters(), 5) == []


def test_more_like_leaves_itself_out_and_respects_the_audience(shelf: SearchIndex) -> None:
    found = shelf.more_like("listing:pears", Filters(), 5, EVERYBODY)
    assert found[0].key == "listing:buyer"
    assert {"listing:pears", "listing:secret"}.isdisjoint(c.key for c in found)
    assert shelf.more_like("listing:secret", Filters(), 5, EVERYBODY) == []
    assert shelf.more_like("listing:never", Filters(), 5, EVERYBODY) == []


def test_rebuild_answers_from_the_old_until_the_switch(index: SearchIndex) -> None:
    index.index([document("old", "求轮椅")])
    fresh = index.start_generation()
    fresh.index([document("new", "求轮椅", version=5)])
    assert keys(ask(index, "轮椅")) == ["old"]
    fresh.switch()
    assert keys(ask(index, "轮椅")) == ["new"]
    assert (index.count(), index.high_water(), index.check().ok) == (1, 5, True)


def test_abandoned_rebuild_changes_nothing(index: SearchIndex) -> None:
    index.index([document("old", "求轮椅")])
    fresh = index.start_generation()
    fresh.index([document("new", "求轮椅")])
    fresh.abandon()
    assert keys(ask(index, "轮椅")) == ["old"]


def test_check_counts(shelf: SearchIndex) -> None:
    health = shelf.check()
    assert health.ok
    assert health.documents == len(SHELF)


def test_empty_index_answers(index: SearchIndex) -> None:
    answer = ask(index, "刺梨")
    assert (answer.hits, answer.total, answer.next_cursor) == ((), 0, None)
    assert index.candidates("刺梨", Filters(), 5) == []


def test_documents_are_values() -> None:
    assert document("a") == document("a")
    assert isinstance(hash(document("a")), int)
    assert isinstance(document("a"), Document)
