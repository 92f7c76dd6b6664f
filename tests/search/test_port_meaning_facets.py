"""Meaning, facets, hints and completed titles: what every engine promises."""

from datetime import date

import numpy as np
import pytest

from exchange.search.encoder import Vectors
from exchange.search.port import PUBLIC, Facet, Filters, Query, SearchIndex, Sort
from tests.search.engines import EVERYBODY, SPACE, ask, document, keys


def direction(*parts: float) -> Vectors:
    """A vector of unit length that points along the first axes."""
    vector = np.zeros(SPACE.dimensions, np.float32)
    vector[: len(parts)] = parts
    scaled: Vectors = vector / np.linalg.norm(vector)
    return scaled


def test_other_words_are_found_by_meaning_behind_the_same_words(index: SearchIndex) -> None:
    index.index(
        [
            document("same", "冷藏车", vector=direction(0.2, 1)),
            document("near", "Refrigerated lorry", vector=direction(1, 0.1)),
            document("far", "求课桌", vector=direction(0, 0, 1)),
            document("none", "求图书"),
        ]
    )
    answer = ask(index, "冷藏车", vector=direction(1))
    assert keys(answer) == ["same", "near"]
    assert (answer.full, answer.relaxed) == (1, True)
    assert keys(ask(index, "冷藏车")) == ["same"]


def test_meaning_obeys_filters_audience_and_excluded_words(index: SearchIndex) -> None:
    index.index(
        [
            document("need", "Refrigerated lorry", vector=direction(1)),
            document("offer", "Cold lorry", side="offer", vector=direction(1, 0.1)),
            document("hidden", "Lorry", audience=frozenset({"org:1"}), vector=direction(1)),
        ]
    )
    meant = direction(1)
    assert keys(ask(index, "冷藏车", vector=meant, filters=Filters(sides=("offer",)))) == ["offer"]
    assert set(keys(ask(index, "冷藏车", vector=meant))) == {"need", "offer"}
    assert keys(ask(index, "冷藏车 -refrigerated", vector=meant)) == ["offer"]
    own = frozenset({PUBLIC, "org:1"})
    assert "hidden" in keys(ask(index, "冷藏车", vector=meant, audience=own))


def test_many_full_matches_leave_no_room_for_others(index: SearchIndex) -> None:
    lorries = [document(f"{n:03}", "冷藏车", vector=direction(0, 1)) for n in range(30)]
    index.index([*lorries, document("near", "Lorry", vector=direction(1))])
    answer = ask(index, "冷藏车", vector=direction(1), limit=40)
    assert (answer.total, answer.full, answer.relaxed) == (30, 30, False)


def test_pages_go_on_behind_the_chosen_hundred(index: SearchIndex) -> None:
    index.index([document(f"{n:03}", "冷藏车" + "鲜" * (n % 7)) for n in range(130)])
    seen: list[str] = []
    page = ask(index, "冷藏车", limit=40)
    assert page.total == 130
    while True:
        seen += keys(page)
        if page.next_cursor is None:
            break
        page = ask(index, "冷藏车", limit=40, cursor=page.next_cursor)
        assert page.total == 130
    assert sorted(seen) == [f"{n:03}" for n in range(130)]


def test_every_order_finds_the_same_documents(index: SearchIndex) -> None:
    index.index(
        [document("both", "冷藏车 司机"), document("one", "冷藏车"), document("no", "图书")]
    )
    found = [set(keys(ask(index, "冷藏车 司机", sort=sort))) for sort in Sort]
    assert found == [{"both", "one"}] * 3


def test_preferred_side_and_what_is_open_come_first(index: SearchIndex) -> None:
    index.index(
        [
            document("a", "收刺梨"),
            document("b", "收刺梨", side="offer"),
            document("c", "收刺梨", side="offer", to_date=date(2026, 1, 1)),
        ]
    )
    assert keys(ask(index, "刺梨", prefer_side="offer"))[:2] == ["b", "c"]
    assert keys(ask(index, "刺梨", prefer_side="offer", day=date(2026, 11, 22)))[-1] == "c"


SHELVES = [
    document(
        "need-a",
        "冷藏车",
        division="520422104",
        categories=("logistics", "logistics.coldchain"),
        terms="paid",
        beneficiaries=("elderly", "women"),
        urgency="high",
    ),
    document("need-b", "冷藏车", division="520402", categories=("logistics",), terms="free"),
    document("offer", "冷藏车", side="offer", reach=("5204",), terms="paid"),
    document("wide", "冷藏车", side="offer", reach=("CN",), division="1101"),
    document("other", "课桌", division="1306", terms="free"),
    document("hidden", "冷藏车", division="5204", terms="free", audience=frozenset({"org:1"})),
]


@pytest.fixture
def shelves(index: SearchIndex) -> SearchIndex:
    index.index(SHELVES)
    return index


def counted(index: SearchIndex, text: str, facet: Facet, **filters: object) -> dict[str, int]:
    query = Query(
        text,
        Filters(**filters),  # type: ignore[arg-type]  # the test's own keywords
        audience=EVERYBODY,
        facets=(facet,),
        limit=1,
    )
    return dict(index.search(query).facets[facet])


@pytest.mark.parametrize(
    ("text", "facet", "filters", "expected"),
    [
        ("", Facet.SIDE, {}, {"need": 3, "offer": 2}),
        ("冷藏车", Facet.SIDE, {}, {"need": 2, "offer": 2}),
        ("冷藏车", Facet.SIDE, {"sides": ("offer",)}, {"need": 2, "offer": 2}),
        ("冷藏车", Facet.TERMS, {"sides": ("offer",)}, {"paid": 1}),
        ("冷藏车", Facet.CATEGORY, {}, {"logistics": 2, "logistics.coldchain": 1}),
        ("", Facet.BENEFICIARY, {}, {"elderly": 1, "women": 1}),
        ("", Facet.URGENCY, {}, {"high": 1}),
        ("", Facet.KIND, {}, {"listing": 5}),
        ("冷藏车", Facet.DIVISION, {}, {"52": 4}),
        ("冷藏车", Facet.DIVISION, {"division": "5204"}, {"520422": 3, "520402": 3}),
        ("没有的词", Facet.SIDE, {}, {}),
    ],
)
def test_facets_count_what_a_tap_would_find(
    shelves: SearchIndex, text: str, facet: Facet, filters: dict[str, object], expected: object
) -> None:
    assert counted(shelves, text, facet, **filters) == expected


def test_facets_count_nothing_hidden(shelves: SearchIndex) -> None:
    own = Query("冷藏车", audience=frozenset({PUBLIC, "org:1"}), facets=(Facet.TERMS,), limit=1)
    assert shelves.search(own).facets[Facet.TERMS] == {"free": 2, "paid": 2}
    assert counted(shelves, "冷藏车", Facet.TERMS) == {"free": 1, "paid": 2}


def test_facets_of_a_relaxed_answer_count_what_is_shown(shelves: SearchIndex) -> None:
    query = Query("冷藏车 课桌", audience=EVERYBODY, facets=(Facet.TERMS,), limit=1)
    answer = shelves.search(query)
    assert answer.relaxed
    assert sum(answer.facets[Facet.TERMS].values()) == answer.total - 1  # one has no terms


def test_what_ends_soon_can_be_asked_for(index: SearchIndex) -> None:
    index.index(
        [
            document("soon", to_date=date(2026, 11, 25)),
            document("late", to_date=date(2027, 11, 25)),
            document("never"),
        ]
    )
    assert keys(ask(index, filters=Filters(ends_by=date(2026, 11, 30)))) == ["soon"]


def test_titles_are_completed(index: SearchIndex) -> None:
    index.index(
        [
            document("a", "冷藏车返程捎货"),
            document("b", "冷藏车返程捎货"),
            document("c", "图书", "冷藏车"),
            document("d", "冷藏车司机", audience=frozenset({"org:1"})),
        ]
    )
    assert index.suggest("冷藏", Filters(), 5, EVERYBODY) == ["冷藏车返程捎货"]
    assert index.suggest("", Filters(), 5, EVERYBODY) == []


def test_amounts_are_found_in_other_units(index: SearchIndex) -> None:
    index.index([document("t", "刺梨40吨"), document("x", "刺梨50吨")])
    assert keys(ask(index, "八万斤刺梨"))[0] == "t"
    assert keys(ask(index, "40,000 kg"))[0] == "t"
