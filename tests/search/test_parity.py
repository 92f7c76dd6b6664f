"""Engines that choose candidates answer like the one that looks at every document."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from exchange.search.backends import tantivy_ordering, tantivy_retriever
from exchange.search.backends.memory import MemoryIndex
from exchange.search.port import PUBLIC, Document, Facet, Filters, Point, Query, SearchIndex, Sort
from exchange.search.staged import PARTIAL_TERMS
from tests.search.engines import ENGINES, SPACE, analyzer, document, engines_here

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
WORDS = ("刺梨", "冷藏车", "轮椅", "茶园", "朵贝村", "40吨", "八万斤", "trucks", "old books", "车")
PLACES = ("520402104", "520422102", "520422", "1306")
STAFF = frozenset({PUBLIC, "org:1"})
LEFT_OUT = ("memory", "whoosh")  # what is compared with, and what looks at every document itself

texts = st.lists(st.sampled_from(WORDS), max_size=3).map("，".join)
documents = st.lists(
    st.builds(
        dict,
        title=texts,
        text=texts,
        side=st.sampled_from(("need", "offer")),
        terms=st.sampled_from(("free", "paid", "")),
        division=st.sampled_from(PLACES),
        reach=st.lists(st.sampled_from((*PLACES, "52", "CN")), max_size=2).map(tuple),
        categories=st.sampled_from(((), ("market", "market.purchase"), ("funds",))),
        audience=st.sampled_from((frozenset({PUBLIC}), frozenset({"org:1"}), STAFF)),
        published_at=st.sampled_from([None, *(NOON - timedelta(minutes=n) for n in range(3))]),
        to_date=st.sampled_from((None, TODAY, TODAY - timedelta(days=1))),
        point=st.sampled_from((None, Point(26, 106), Point(26, 107), Point(39.9, 116.4))),
        names=st.sampled_from(((), ("普定县农科所",))),
        axis=st.sampled_from((None, *range(SPACE.dimensions))),
    ),
    min_size=1,
    max_size=12,
)
queries = st.builds(
    Query,
    text=st.one_of(
        texts,
        st.sampled_from(("“冷藏车” 轮椅", "刺梨 -茶园", "农科所的刺梨", "-车", "没有的词")),
    ),
    filters=st.builds(
        Filters,
        sides=st.sampled_from(((), ("need",), ("need", "offer"))),
        categories=st.sampled_from(((), ("market",))),
        division=st.sampled_from(("", "CN", "52", "520422")),
        terms=st.sampled_from(((), ("free",))),
        open_on=st.sampled_from((None, TODAY)),
        ends_by=st.sampled_from((None, None, TODAY)),
    ),
    sort=st.sampled_from(list(Sort)),
    origin=st.sampled_from((None, Point(26, 106.2))),
    limit=st.integers(1, 5),
    audience=st.sampled_from((frozenset({PUBLIC}), STAFF, frozenset(), None)),
    vector=st.sampled_from((None, *np.eye(SPACE.dimensions, dtype=np.float32))),
    prefer_side=st.sampled_from(("", "offer")),
    day=st.sampled_from((None, TODAY)),
    facets=st.just(tuple(Facet)),
)


@pytest.fixture(scope="module", params=sorted(set(engines_here()) - set(LEFT_OUT)))
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchIndex]:
    with ENGINES[request.param](tmp_path_factory.mktemp("parity") / "index") as opened:
        yield opened


def written(number: int, values: dict[str, object]) -> Document:
    axis = values.pop("axis")
    vector = None if axis is None else np.eye(SPACE.dimensions, dtype=np.float32)[axis]
    return document(f"{number:02}", version=number, vector=vector, **values)


def pages(index: SearchIndex, query: Query) -> list[object]:
    """All pages: what is told of each, and the keys."""
    told: list[object] = []
    cursor: str | None = None
    while True:
        answer = index.search(replace(query, cursor=cursor))
        hits = [(hit.key, hit.distance_km, round(hit.score, 4)) for hit in answer.hits]
        told.append((hits, answer.total, answer.full, answer.relaxed, answer.facets))
        cursor = answer.next_cursor
        if cursor is None:
            return told


PROPERTY = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes minutes
)
shelves = given(shelf=documents, changed=documents, asked=st.lists(queries, min_size=3, max_size=6))
Shelf = list[dict[str, object]]


def compare(engine: SearchIndex, shelf: Shelf, changed: Shelf, asked: list[Query]) -> None:
    """Ask both, after some documents were replaced and some removed."""
    whole = MemoryIndex(analyzer())
    engine.delete([f"listing:{number:02}" for number in range(30)])
    first = [written(number, values) for number, values in enumerate(shelf)]
    second = [written(2 * number, values) for number, values in enumerate(changed)]
    for index in (whole, engine):
        index.index(first)
        index.index(second)
        index.delete(["listing:01", "listing:06"])
        assert index.count() == whole.count()
        assert index.high_water() == whole.high_water()
    for query in asked:
        if len(analyzer().question(query.text).terms) > PARTIAL_TERMS:
            continue  # of the others, a document that has only the least telling may be left out
        assert pages(engine, query) == pages(whole, query)
        if query.text:
            some = (query.text, query.filters, 4, query.audience)
            assert engine.suggest(*some) == whole.suggest(*some)
            assert engine.candidates(*some) == whole.candidates(*some)
            key = first[0].key
            like = (key, query.filters, 4, query.audience)
            assert engine.more_like(*like) == whole.more_like(*like)


@pytest.mark.slow
@settings(PROPERTY, max_examples=25)
@shelves
def test_answers_are_those_of_a_look_at_every_document(
    engine: SearchIndex, shelf: Shelf, changed: Shelf, asked: list[Query]
) -> None:
    compare(engine, shelf, changed, asked)


@pytest.mark.slow
@settings(PROPERTY, max_examples=15)
@shelves
def test_so_are_those_of_the_ways_made_for_many_documents(
    engine: SearchIndex,
    monkeypatch: pytest.MonkeyPatch,
    shelf: Shelf,
    changed: Shelf,
    asked: list[Query],
) -> None:
    """The limits are moved, so that a few documents are many."""
    monkeypatch.setattr(tantivy_ordering, "FEW", 1)
    monkeypatch.setattr(tantivy_ordering, "LEAST", 2)
    monkeypatch.setattr(tantivy_ordering, "SPOTS_AT_ONCE", 1)
    monkeypatch.setattr(tantivy_ordering, "GROUP", 2)
    monkeypatch.setattr(tantivy_retriever, "EXACT", 0)
    compare(engine, shelf, changed, asked)
