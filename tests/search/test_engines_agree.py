"""Engines that choose for themselves find what the engine in memory finds, in the same order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.search.port import Answer, Document, Facet, Filters, Point, Query, SearchIndex, Sort
from tests.conftest import PostgresCopies, SqliteCopies
from tests.search.engines import ENGINES, SPACE, document, engines_here, memory

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 22)
WORDS = ("刺梨", "鲜果", "冷藏车", "轮椅", "村", "40吨", "truck", "screened fruits", "茶", "it's")
CODES = ("520402104", "520422", "5204", "52", "110105")
OTHERS = sorted({"postgres"} & set(engines_here()))
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
codes = st.sampled_from(CODES)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A listing with words, places and marks that others share."""
    side = draw(st.sampled_from(("need", "offer")))
    reach = draw(st.sampled_from(((), ("CN",), ("5204",), ("52", "11"))))
    return document(
        f"{draw(st.integers(0, 40)):02}",
        draw(texts),
        draw(texts),
        side=side,
        audience=frozenset(draw(st.sets(st.sampled_from(("all", "org:1", "o'2\\")), min_size=1))),
        names=draw(st.sampled_from(((), ("普定县农科所",)))),
        organisation=draw(st.sampled_from(("", "a", "b"))),
        categories=draw(st.sampled_from(((), ("fruit",), ("fruit", "fruit.pear")))),
        category_words=draw(st.sampled_from(((), ("水果",)))),
        division=draw(codes),
        reach=reach if side == "offer" else (),
        terms=draw(st.sampled_from(("", "free", "paid"))),
        beneficiaries=tuple(sorted(draw(st.sets(st.sampled_from(("women", "elderly")))))),
        urgency=draw(st.sampled_from(("", "high"))),
        to_date=draw(st.sampled_from((None, DAY, DAY - timedelta(days=1)))),
        published_at=NOON - timedelta(minutes=draw(st.integers(0, 3))),
        point=draw(st.sampled_from((None, Point(26, 106), Point(27, 107)))),
        external_ids=draw(st.sampled_from(((), ("x'1",)))),
        version=draw(st.integers(1, 9)),
        vector=draw(st.sampled_from((None, *VECTORS))),
    )


# Of unit length also in two bytes for each number.
VECTORS = [*np.eye(SPACE.dimensions, dtype=np.float32)[:3], np.float32([0.5] * 4 + [0] * 4)]


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """A question with any filters."""
    words = draw(texts)
    extra = draw(st.sampled_from(("", ' "冷藏车"', " -轮椅", " -it's")))
    filters = Filters(
        sides=draw(st.sampled_from(((), ("need",), ("need", "offer")))),
        categories=draw(st.sampled_from(((), ("fruit",)))),
        division=draw(st.sampled_from(("", "CN", "52", "5204", "520422", "520422104227"))),
        terms=draw(st.sampled_from(((), ("free",), ("free", "paid")))),
        beneficiaries=draw(st.sampled_from(((), ("women",)))),
        organisations=draw(st.sampled_from(((), ("a",)))),
        external_ids=draw(st.sampled_from(((), ("x'1",)))),
        open_on=draw(st.sampled_from((None, DAY))),
        ends_by=draw(st.sampled_from((None, DAY))),
    )
    return Query(
        words + extra,
        filters,
        sort=draw(st.sampled_from(list(Sort))),
        origin=Point(26.2, 106),
        limit=draw(st.integers(1, 7)),
        audience=draw(
            st.sampled_from((None, frozenset(), frozenset({"all"}), frozenset({"all", "o'2\\"})))
        ),
        vector=draw(st.sampled_from((None, *VECTORS))),
        prefer_side=draw(st.sampled_from(("", "offer"))),
        day=DAY,
        facets=tuple(Facet),
    )


@pytest.fixture(scope="module", params=OTHERS)
def pair(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    database_copies: SqliteCopies | PostgresCopies,
) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    """An engine beside the one in memory; both are emptied by each example."""
    root = tmp_path_factory.mktemp("pair") / "index"
    with ENGINES[request.param](root) as one, memory(Path()) as other:
        yield one, other


def pages(index: SearchIndex, query: Query) -> list[Answer]:
    """All pages of an answer."""
    found = [index.search(query)]
    while found[-1].next_cursor is not None and len(found) < 30:
        found.append(index.search(replace(query, cursor=found[-1].next_cursor)))
    return found


def told(answers: list[Answer]) -> dict[str, Any]:
    """What a reader sees of an answer. Scores are compared as orders: vectors are rounded."""
    return {
        "keys": [hit.key for answer in answers for hit in answer.hits],
        "distances": [hit.distance_km for answer in answers for hit in answer.hits],
        "titles": [hit.title for answer in answers for hit in answer.hits],
        "counts": [(answer.total, answer.full, answer.relaxed) for answer in answers],
        "facets": answers[0].facets,
    }


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    shelf=st.lists(documents(), max_size=30),
    later=st.lists(documents(), max_size=4),
    gone=st.sets(st.integers(0, 40), max_size=4),
    asked=st.lists(queries(), min_size=1, max_size=5),
)
def test_any_answer_is_that_of_the_engine_in_memory(
    pair: tuple[SearchIndex, SearchIndex],
    shelf: list[Document],
    later: list[Document],
    gone: set[int],
    asked: list[Query],
) -> None:
    for index in pair:
        index.delete([f"listing:{number:02}" for number in range(41)])
        index.index(shelf)
    one, other = pair
    for query in asked:
        assert told(pages(one, query)) == told(pages(other, query))
    for index in pair:
        index.index(later)
        index.delete([f"listing:{number:02}" for number in gone])
    assert (one.count(), one.high_water()) == (other.count(), other.high_water())
    for query in asked:
        assert told(pages(one, query)) == told(pages(other, query))
        assert one.suggest(query.text, query.filters, 5, query.audience) == other.suggest(
            query.text, query.filters, 5, query.audience
        )
        assert one.candidates(query.text, query.filters, 9, query.audience) == other.candidates(
            query.text, query.filters, 9, query.audience
        )
