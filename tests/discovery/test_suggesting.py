"""The door of suggestions, and the box that asks it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.discovery import suggest_views
from exchange.discovery.suggesting import frequent_queries_source
from exchange.kernel.act import House
from exchange.search.jobs import ensure_index
from exchange.search.suggestions import MOST, add_suggestion_source
from exchange.web.throttle import Limit
from tests.conftest import Queries

Catch = Callable[[], AbstractContextManager[Queries]]


def items(client: FlaskClient, text: str, more: str = "") -> list[dict[str, object]]:
    answer = client.get(f"/search/suggest?q={quote(text)}{more}")
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.get_json()["items"]
    assert len(found) <= MOST
    return found


def test_category_place_and_the_words_before_them(client: FlaskClient) -> None:
    category = items(client, "lenglian")[0]
    assert category["filters"] == {"category": "logistics.coldchain"}
    assert (category["kind"], category["label"], category["q"]) == ("category", "冷链运输", "")
    place = items(client, "冷藏 anshun")[0]
    assert place["filters"] == {"division": "5204"}
    assert (place["kind"], place["label"], place["q"]) == ("place", "安顺市", "冷藏")
    in_english = items(client, "anshun", "&locale=en")[0]
    assert (in_english["label"], in_english["detail"]) == ("Anshun City", "Guizhou")


def test_villages_are_proposed_to_their_own_county_only(client: FlaskClient) -> None:
    assert items(client, "焦家村") == []
    found = items(client, "焦家村", "&near=520422")
    assert found[0]["filters"] == {"division": "520422102240"}


def test_another_source_plugs_in(client: FlaskClient, house: House) -> None:
    def often(_session: Session, beginning: str, limit: int) -> Sequence[str]:
        return [one for one in ("冷链车 安顺", "冷链运输", beginning) if beginning in one][:limit]

    add_suggestion_source(house, frequent_queries_source(often))
    found = items(client, "冷链")
    assert [one["label"] for one in found if one["kind"] == "query"] == ["冷链车 安顺"]
    assert found[0]["label"] == "冷链运输"


@pytest.mark.parametrize(
    "query",
    ["", "?q=", "?q=%00", "?q=%ed%a0%80", "?q=" + "x" * 3000, "?q=%F0%9F%90%82", "?q=%25_%27",
     "?q=1", "?q=lenglian&side=x&near=%27&locale=%00", "?q=a&q=b", "?q=-"],
)  # fmt: skip
def test_odd_input_gets_an_answer(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/search/suggest{query}")
    assert answer.status_code == 200
    assert isinstance(answer.get_json()["items"], list)


def test_an_answer_is_kept_for_a_minute_and_known_again(client: FlaskClient) -> None:
    answer = client.get("/search/suggest?q=anshun&locale=zh")
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    again = client.get(
        "/search/suggest?q=anshun&locale=zh", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_it_takes_few_queries(client: FlaskClient, catch_queries: Catch) -> None:
    items(client, "anshun", "&near=520422")
    with catch_queries() as queries:
        items(client, "puding", "&near=520422&locale=zh")
    assert queries.count <= 15


def test_too_many_questions_are_refused(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("discovery.suggest", 30, suggest_views.ASKING.window)
    monkeypatch.setattr(suggest_views, "ASKING", few)
    answers = [client.get("/search/suggest?q=x").status_code for _ in range(45)]
    assert answers[:30] == [200] * 30
    assert answers[-1] == 429


@pytest.mark.parametrize("address", ["/", "/search", "/needs", "/offers"])
def test_the_box_is_a_plain_form_that_names_the_door(
    app: Flask, client: FlaskClient, address: str
) -> None:
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    with client.session_transaction() as session:
        session["place"] = {"code": "520422", "zh": "普定县", "en": "Puding County"}
    page = client.get(address).text
    assert 'data-suggest-url="/search/suggest?' in page
    assert "near=520422" in page
    assert 'type="search" name="q"' in page
    assert "js/suggest.js" in page
    assert page.count("js/combobox.js") == 1
