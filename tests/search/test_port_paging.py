"""The order of an answer, and paging that keeps its place: what every engine promises."""

import base64
import json
import random
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from exchange.search.port import InvalidCursor, Point, Query, SearchIndex, Sort
from tests.search.engines import EVERYBODY, ask, document, keys

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_newest_first(index: SearchIndex) -> None:
    index.index(
        [document(str(n), "求轮椅", published_at=NOON - timedelta(days=n)) for n in (2, 0, 1)]
    )
    assert keys(ask(index, "轮椅", sort=Sort.NEWEST)) == ["0", "1", "2"]
    assert keys(ask(index)) == ["0", "1", "2"]


def test_nearest_first_and_placeless_last(index: SearchIndex) -> None:
    guiyang, anshun, beijing = Point(26.65, 106.63), Point(26.25, 105.95), Point(39.9, 116.4)
    index.index(
        [
            document("none"),
            document("beijing", point=beijing),
            document("guiyang", point=guiyang),
        ]
    )
    answer = ask(index, sort=Sort.NEAREST, origin=anshun)
    assert keys(answer) == ["guiyang", "beijing", "none"]
    assert answer.hits[0].distance_km == pytest.approx(81, abs=2)
    assert answer.hits[2].distance_km is None


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["", "轮椅 山村"])
def test_pages_show_each_unchanged_document_once(index: SearchIndex, sort: Sort, text: str) -> None:
    choice = random.Random(7)
    documents = [
        document(
            f"{n:02}",
            choice.choice(["求轮椅", "山村轮椅", "山村求助"]),
            "轮椅" * choice.randint(0, 3),
            published_at=NOON - timedelta(minutes=choice.randint(0, 5)),
            point=Point(26 + choice.randint(0, 3), 106),
        )
        for n in range(25)
    ]
    index.index(documents)
    query = Query(text, sort=sort, origin=Point(26, 106), limit=4, audience=EVERYBODY)
    expected = [hit.key for hit in index.search(_with(query, limit=100)).hits]
    seen: list[str] = []
    page = index.search(query)
    for turn in range(20):
        seen += [hit.key for hit in page.hits]
        if page.next_cursor is None:
            break
        index.index([document(f"new{turn}", "山村轮椅", published_at=NOON + timedelta(days=1))])
        page = index.search(_with(query, cursor=page.next_cursor))
    assert [key for key in seen if "new" not in key] == expected
    assert len(seen) == len(set(seen))


def _with(query: Query, *, limit: int | None = None, cursor: str | None = None) -> Query:
    return Query(
        query.text,
        query.filters,
        query.sort,
        query.origin,
        cursor,
        query.limit if limit is None else limit,
        query.audience,
    )


def test_cursor_of_another_query_is_refused(index: SearchIndex) -> None:
    index.index([document(str(n), "求轮椅") for n in range(5)])
    cursor = ask(index, "轮椅", limit=2).next_cursor
    assert cursor is not None
    with pytest.raises(InvalidCursor):
        ask(index, "课桌", limit=2, cursor=cursor)


@pytest.mark.parametrize("cursor", ["", "x", "é", "null", "W10", "A" * 9_000, "e30", "{}"])
def test_broken_cursor_is_refused(shelf: SearchIndex, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        ask(shelf, "刺梨", cursor=cursor)


@pytest.mark.parametrize("value", [float("nan"), "x", None, [], {}, 10**400], ids=range(6))
@pytest.mark.parametrize("at", range(1, 8))
def test_tampered_cursor_is_refused_or_harmless(shelf: SearchIndex, at: int, value: object) -> None:
    cursor = ask(shelf, "刺梨", limit=1).next_cursor
    assert cursor is not None
    packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    content = json.loads(zlib.decompress(packed))
    content[at] = value
    forged = base64.urlsafe_b64encode(zlib.compress(json.dumps(content).encode())).decode()
    try:
        answer = ask(shelf, "刺梨", limit=1, cursor=forged.rstrip("="))
    except InvalidCursor:
        return
    assert "secret" not in keys(answer)
