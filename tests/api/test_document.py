"""The OpenAPI document is sound, names every operation, and tells who may call it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from exchange.web.access import PUBLIC, rule_of
from tests.api.conftest import MakeProgram

METHODS = {"get", "post", "patch", "put", "delete"}
NOT_OPERATIONS = {"api.home", "api.openapi", "api.problem_type"}
TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}


@pytest.fixture
def document(program: MakeProgram) -> dict[str, Any]:
    made: dict[str, Any] = program().get("/openapi.json").get_json()
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield path, method, item[method]


def everything(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from everything(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from everything(inner)


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert {"info", "paths", "components", "servers", "tags"} <= set(document)
    assert {"title", "version", "description"} <= set(document["info"])
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for node in everything(document):
        if isinstance(node.get("$ref"), str):
            target: Any = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                assert part in target, node["$ref"]
                target = target[part]


def test_schemas_use_the_words_of_3_1(document: dict[str, Any]) -> None:
    for node in everything(document["components"]["schemas"]):
        assert "nullable" not in node
        if isinstance(node.get("type"), str | list):
            types = [node["type"]] if isinstance(node["type"], str) else node["type"]
            assert set(types) <= TYPES


def test_every_operation_says_what_it_does_and_what_it_may_answer(
    document: dict[str, Any],
) -> None:
    names = []
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, operation in operations(document):
        names.append(operation["operationId"])
        assert operation["summary"], (path, method)
        assert set(operation["tags"]) <= tags
        assert {"401", "429", "default"} <= set(operation["responses"])
        assert any(status.startswith("2") for status in operation["responses"])
        parameters = {one["name"] for one in operation.get("parameters", ())} | {
            one["name"] for one in document["paths"][path].get("parameters", ())
        }
        assert set(re.findall(r"{(\w+)}", path)) <= parameters
        if method != "get":
            assert {"403", "409"} <= set(operation["responses"])
    assert len(set(names)) == len(names)


def test_every_error_is_a_problem(document: dict[str, Any]) -> None:
    for answer in document["components"]["responses"].values():
        assert list(answer["content"]) == ["application/problem+json"]
        assert answer["description"]


def test_every_endpoint_is_in_the_document(app: Flask, document: dict[str, Any]) -> None:
    documented = {(path, method) for path, method, _ in operations(document)}
    present = {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint not in NOT_OPERATIONS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert present == documented
    assert len(present) >= 25


def test_what_needs_a_token_says_so(app: Flask, document: dict[str, Any]) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or rule.endpoint in NOT_OPERATIONS:
            continue
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            is_public = {} in document["paths"][path][method.lower()]["security"]
            assert is_public == (rule_of(app, rule.endpoint, method) is PUBLIC)
            assert method == "GET" or not is_public


def test_the_page_for_people_links_to_it(program: MakeProgram) -> None:
    page = program().get("/")
    assert page.mimetype == "text/html"
    assert 'href="/api/v1/openapi.json"' in page.get_data(as_text=True)
