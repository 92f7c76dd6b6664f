"""The audit for programs: whose it is, filters, pages, and no personal values."""

import json

import pytest

from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.publishing import withdraw_listing
from tests.api.conftest import MakeProgram
from tests.brokering.conftest import OpenAct
from tests.cast import Cast
from tests.factories import make_listing


@pytest.fixture
def withdrawn(cast: Cast, act_as: OpenAct) -> str:
    """A need of the officer's that was taken back."""
    need = make_listing(cast.house, cast.officer, Side.NEED)
    need_id, public_id = need.id, need.public_id
    with act_as(cast.officer.actor) as act:
        withdraw_listing(act, act.session.get_one(Listing, need_id))
    return public_id


def test_supervisors_read_their_divisions_without_personal_values(
    program: MakeProgram, cast: Cast, withdrawn: str
) -> None:
    caller = program(cast.supervisor, may_write=False)
    page = caller.get("/audit", about=withdrawn, event="ListingWithdrawn").get_json()
    (item,) = page["items"]
    assert (item["event"], item["label"]) == ("ListingWithdrawn", "Withdrew a listing")
    assert (item["role"], item["origin"]) == ("manager", "test")
    assert item["concerns"] == [
        {
            "listing": withdrawn, "match": None, "division": "520422102243",
            "organisation": cast.officer.organisation.public_id,
        }
    ]  # fmt: skip
    assert "listing.state" in item["changed"]
    assert page["next_cursor"] is None
    whole = json.dumps(caller.get("/audit", limit=100).get_json(), ensure_ascii=False)
    assert "微耕机" not in whole
    assert cast.officer.phone not in whole


def test_pages_follow_each_other(program: MakeProgram, cast: Cast, withdrawn: str) -> None:
    caller = program(cast.operator)
    assert withdrawn
    seen: list[str] = []
    cursor = None
    while True:
        page = caller.get("/audit", limit=1, **({"cursor": cursor} if cursor else {})).get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    whole = caller.get("/audit", limit=100).get_json()["items"]
    assert seen == [item["id"] for item in whole]
    assert len(seen) == len(set(seen)) > 1


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"about": "nobody"}, "about", "audit_about_unknown"),
        ({"cursor": "gone"}, "cursor", "audit_cursor"),
        ({"since": "yesterday"}, "since", "field_type"),
    ],
)
def test_bad_input_is_named(
    program: MakeProgram, cast: Cast, query: dict[str, str], field: str, code: str
) -> None:
    answer = program(cast.supervisor).get("/audit", **query)
    assert answer.status_code == 422
    assert [one["code"] for one in answer.get_json()["errors"][field]] == [code]


def test_others_may_not_and_everybody_reads_their_own(
    program: MakeProgram, cast: Cast, withdrawn: str
) -> None:
    assert withdrawn
    assert program().get("/audit").status_code == 401
    for who in (cast.officer, cast.broker, cast.stranger):
        assert program(who).get("/audit").status_code == 403
    mine = program(cast.officer).get("/audit/mine").get_json()["items"]
    assert {"event": "ListingWithdrawn", "by": "You", "role": ""}.items() <= {
        **next(item for item in mine if item["event"] == "ListingWithdrawn")
    }.items()
    other = program(cast.stranger).get("/audit/mine").get_json()["items"]
    assert "ListingWithdrawn" not in {item["event"] for item in other}
