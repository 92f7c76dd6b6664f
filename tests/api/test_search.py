"""Searching and the other lists, page by page."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.api.conftest import NEED, OFFER, MakeProgram, Program
from tests.cast import Cast
from tests.conftest import Queries


def walked(caller: Program, path: str, **query: Any) -> Iterator[dict[str, Any]]:
    """Every item of a list, page by page."""
    cursor = None
    while True:
        page = caller.get(path, cursor=cursor or "", **query).get_json()
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


@pytest.fixture
def posted(
    program: MakeProgram, cast: Cast, run_jobs: Callable[[], int]
) -> dict[str, dict[str, Any]]:
    """Nine needs and two offers, in the index."""
    officer, firm = program(cast.officer), program(cast.enterprise)
    found = {}
    for number in range(9):
        key = f"N{number}"
        row = {**NEED, "title": f"冷链车第{number}批", "external_id": key}
        found[key] = officer.post("/listings", row).get_json()
    for key, terms in (("O1", "free"), ("O2", "paid")):
        row = {**OFFER, "external_id": key, "terms": terms}
        found[key] = firm.post("/listings", row).get_json()
    run_jobs()
    return found


def keys(items: Any) -> list[str]:
    return [item["external_id"] for item in items]


def test_search_finds_words_and_scores_them(
    program: MakeProgram, posted: dict[str, dict[str, Any]]
) -> None:
    page = program().get("/listings", q="冷藏车 回程").get_json()
    assert {"O1", "O2"} <= set(keys(page["items"]))
    first = page["items"][0]
    assert first["score"] > 0
    assert {"id", "external_id", "side", "title", "category", "division"} <= set(first)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"side": "offer"}, {"O1", "O2"}),
        ({"terms": "paid"}, {"O2"}),
        ({"terms": ["paid", "free"]}, {"O1", "O2"}),
        ({"category": "logistics", "side": "offer"}, {"O1", "O2"}),
        ({"category": "funds"}, set()),
        ({"side": "offer", "state": "published"}, {"O1", "O2"}),
        ({"state": "fulfilled"}, set()),
    ],
)
def test_filters_narrow_the_answer(
    program: MakeProgram, posted: dict[str, Any], query: dict[str, Any], expected: set[str]
) -> None:
    assert set(keys(program().get("/listings", **query).get_json()["items"])) == expected


@pytest.mark.parametrize("sort", ["relevance", "newest", "nearest"])
def test_paging_walks_everything_once(
    program: MakeProgram, posted: dict[str, Any], sort: str
) -> None:
    caller = program()
    for limit in (1, 4):
        query = {"limit": limit, "sort": sort, "near": "520402", "q": "冷链车"}
        found = keys(walked(caller, "/listings", **query))
        assert sorted(found) == sorted(posted)


def test_a_cursor_of_another_question_is_refused(
    program: MakeProgram, posted: dict[str, Any]
) -> None:
    caller = program()
    cursor = caller.get("/listings", limit=2).get_json()["next_cursor"]
    answer = caller.get("/listings", limit=2, q="车", cursor=cursor)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_cursor")


def test_search_never_shows_what_is_private(
    program: MakeProgram, cast: Cast, run_jobs: Callable[[], int]
) -> None:
    private = {**NEED, "title": "冷链车暗号", "visibility": "brokers", "external_id": "P"}
    assert program(cast.officer).post("/listings", private).status_code == 201
    run_jobs()
    for caller in (program(), program(cast.stranger), program(cast.enterprise)):
        assert keys(caller.get("/listings", q="暗号", state="all").get_json()["items"]) == []
    for who in (cast.officer, cast.broker):
        assert keys(program(who).get("/listings", q="暗号").get_json()["items"]) == ["P"]


def test_what_is_withdrawn_is_found_no_more(
    program: MakeProgram, cast: Cast, posted: dict[str, Any]
) -> None:
    program(cast.enterprise).post(f"/listings/{posted['O1']['id']}/withdraw")
    found = program().get("/listings", side="offer", state="all").get_json()["items"]
    assert keys(found) == ["O2"]


def test_a_longer_list_asks_the_database_no_more_often(
    program: MakeProgram,
    posted: dict[str, Any],
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    caller = program()
    caller.get("/listings")  # what a process reads once
    counts = []
    for limit in (2, 4, 8):
        with catch_queries() as queries:
            assert len(caller.get("/listings", limit=limit, side="need").get_json()["items"])
        counts.append(queries.count)
    assert len(set(counts)) == 1


def test_provinces_and_what_lies_below(program: MakeProgram) -> None:
    caller = program()
    assert [one["code"] for one in caller.get("/divisions").get_json()["items"]] == ["52"]
    below = caller.get("/divisions", parent="5204").get_json()["items"]
    assert "520422" in {one["code"] for one in below}
    found = caller.get("/divisions", q="普定").get_json()["items"]
    assert found[0]["code"] == "520422"
    one = caller.get("/divisions/520422").get_json()
    assert [step["code"] for step in one["path"]] == ["52", "5204", "520422"]
    assert caller.get("/divisions/529999").status_code == 404
    assert caller.get("/divisions", parent="529999").status_code == 422


def test_categories_are_a_tree(program: MakeProgram) -> None:
    body = program().get("/categories").get_json()
    codes = {one["code"] for one in body["items"]}
    assert "logistics.coldchain" in codes
    assert all(one["parent"] in codes for one in body["items"] if one["parent"])
    assert {"free", "subsidised", "paid", "cooperation"} == set(body["terms"])


def test_only_verified_organisations_are_listed(program: MakeProgram, cast: Cast) -> None:
    caller = program()
    for limit in (1, 2, 50):
        found = [one["name_zh"] for one in walked(caller, "/organisations", limit=limit)]
        assert len(found) == len(set(found)) == 3
        assert cast.officer.organisation.name_zh in found
    name = cast.enterprise.organisation.name_zh
    named = caller.get("/organisations", q=name[:2]).get_json()["items"]
    assert [one["name_zh"] for one in named] == [name]
    assert caller.get("/organisations", q="%").get_json()["items"] == []


def test_a_private_persons_organisation_is_nobodys_business(
    program: MakeProgram, cast: Cast
) -> None:
    path = f"/organisations/{cast.stranger.organisation.public_id}"
    assert program().get(path).status_code == 404
    assert program(cast.officer).get(path).status_code == 404
    assert program(cast.stranger).get(path).status_code == 200
