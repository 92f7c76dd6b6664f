"""Saved searches for programs: list, follow, change, delete, and whose they are."""

from collections.abc import Callable

import pytest

from tests.api.conftest import NEED, MakeProgram
from tests.cast import Cast

PATH = "/saved-searches"


def test_a_program_follows_changes_and_deletes(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.enterprise)
    answer = caller.post(PATH, {"question": "q=冷链车&side=need&sort=newest"})
    assert answer.status_code == 201
    made = answer.get_json()
    assert made["name"] == "冷链车 · Needs"
    assert (made["rhythm"], made["paused"], made["last_told_at"]) == ("daily", False, None)
    assert made["question"] == "q=%E5%86%B7%E9%93%BE%E8%BD%A6&side=need"
    again = caller.post(PATH, {"question": "side=need&q=冷链车", "rhythm": "weekly"})
    assert (again.status_code, again.get_json()) == (200, made)
    own = f"{PATH}/{made['id']}"
    change = {"name": "车", "rhythm": "at_once", "paused": True}
    changed = caller.patch(own, change).get_json()
    assert changed == {**made, **change}
    assert caller.patch(own, {"paused": False}).get_json()["paused"] is False
    page = caller.get(PATH).get_json()
    assert [one["id"] for one in page["items"]] == [made["id"]]
    assert page["next_cursor"] is None
    gone = caller.call("DELETE", own)
    assert (gone.status_code, gone.data) == (204, b"")
    assert caller.get(PATH).get_json()["items"] == []
    assert caller.call("DELETE", own).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "question", "required"),
        ({"question": ""}, "question", "field_length"),
        ({"question": "side=need"}, "question", "search_too_wide"),
        ({"question": "category=nothing"}, "question", "search_unreadable"),
        ({"question": "q=茶", "rhythm": "hourly"}, "rhythm", "field_choice"),
        ({"question": "q=茶", "name": "长" * 61}, "name", "field_length"),
        ({"question": "q=茶", "name": "\u202e"}, "name", "search_name_form"),
        ({"question": "q=茶", "feed": 1}, "feed", "field_unknown"),
    ],
)
def test_bad_input_is_named(
    program: MakeProgram, cast: Cast, body: dict[str, object], field: str, code: str
) -> None:
    answer = program(cast.enterprise).post(PATH, body)
    assert answer.status_code == 422
    assert [one["code"] for one in answer.get_json()["errors"][field]] == [code]


def test_others_and_readers_may_not(program: MakeProgram, cast: Cast) -> None:
    made = program(cast.enterprise).post(PATH, {"question": "q=茶"}).get_json()
    stranger, reader = program(cast.stranger), program(cast.enterprise, may_write=False)
    own = f"{PATH}/{made['id']}"
    assert stranger.get(PATH).get_json()["items"] == []
    assert stranger.patch(own, {"name": "x"}).status_code == 404
    assert stranger.call("DELETE", own).status_code == 404
    assert reader.get(PATH).get_json()["items"] == [made]
    assert reader.patch(own, {"name": "x"}).status_code == 403
    assert reader.call("DELETE", own).status_code == 403
    assert program().get(PATH).status_code == 401


def test_no_token_learns_the_address_of_a_feed(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.enterprise)
    caller.post(PATH, {"question": "q=茶"})
    assert "feed" not in caller.get(PATH).get_data(as_text=True).replace('"rhythm"', "")


def test_what_a_program_follows_is_told_to_its_person(
    program: MakeProgram, cast: Cast, clock: object, run_jobs: Callable[[], int]
) -> None:
    caller = program(cast.enterprise)
    made = caller.post(PATH, {"question": "q=冷链车", "rhythm": "at_once"}).get_json()
    clock.forward(minutes=2)  # type: ignore[attr-defined]
    program(cast.officer).post("/listings", NEED)
    clock.forward(minutes=1)  # type: ignore[attr-defined]
    run_jobs()
    assert caller.get(PATH).get_json()["items"][0]["last_told_at"] is not None
    assert made["last_told_at"] is None
