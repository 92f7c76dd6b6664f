"""The place picker's doors."""

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient


def test_visitor_finds_a_place(client: FlaskClient) -> None:
    places = client.get("/places?q=puding").get_json()["places"]
    assert places[0] == {
        "code": "520422",
        "name": "普定县",
        "above": "贵州省 安顺市",
        "label": "普定县",
        "level": "county",
        "leaf": False,
    }


def test_village_shows_where_it_lies(client: FlaskClient) -> None:
    places = client.get("/places?q=jj&near=520422104227").get_json()["places"]
    village = next(p for p in places if p["code"] == "520422102240")
    assert village["label"] == "普定县 化处镇 焦家村"
    assert village["leaf"] is True


def test_names_are_english_for_english_readers(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["locale"] = "en"
    places = client.get("/places?q=520422102240").get_json()["places"]
    assert places[0]["label"] == "Jiaojia Village, Huachu Town, Puding County"


def test_htmx_gets_buttons(client: FlaskClient) -> None:
    answer = client.get("/places?q=puding", headers={"HX-Request": "true"})
    assert answer.mimetype == "text/html"
    assert 'data-code="520422"' in answer.text
    nothing = client.get("/places?q=没有这个地方", headers={"HX-Request": "true"}).text
    assert "place-none" in nothing
    assert "<button" not in nothing


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=普", "?q=普定&near=x&within=%27&limit=abc", "?q=" + "镇" * 500]
)
def test_odd_questions_get_an_answer(client: FlaskClient, query: str) -> None:
    assert client.get(f"/places{query}").status_code == 200


def test_number_of_answers_is_limited(client: FlaskClient) -> None:
    assert len(client.get("/places?q=xc&limit=9999").get_json()["places"]) <= 20


def test_drilling_down_begins_with_the_provinces(client: FlaskClient) -> None:
    answer = client.get("/places/top/children").get_json()
    assert [p["code"] for p in answer["places"]] == ["52"]
    assert answer["path"] == []


def test_drilling_down_shows_the_way(client: FlaskClient) -> None:
    answer = client.get("/places/520422/children").get_json()
    assert "白岩镇" in [p["name"] for p in answer["places"]]
    assert [p["name"] for p in answer["path"]] == ["贵州省", "安顺市", "普定县"]


@pytest.mark.parametrize("code", ["99", "nonsense", "5204229"])
def test_unknown_place_is_not_found(client: FlaskClient, code: str) -> None:
    assert client.get(f"/places/{code}/children").status_code == 404


def test_picker_works_without_a_script(app: Flask) -> None:
    page = """{% from 'geography/_picker.html' import place_picker with context %}
    {{ place_picker('division', '520422', '普定县', 'W<b>o',
                    errors=['bad'], offers=[('52', '贵州')]) }}"""
    with app.test_request_context():
        html = render_template_string(page)
    assert 'name="division_text" value="普定县"' in html
    assert 'type="radio" name="division" value="52"' in html
    assert "W&lt;b&gt;o" in html
    assert "<script" not in html
    assert "style=" not in html
