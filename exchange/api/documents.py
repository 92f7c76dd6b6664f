"""The OpenAPI document, made once from what the rooms have registered."""

import re
from copy import deepcopy
from threading import Lock
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from exchange.api.blueprint import ApiBlueprint
from exchange.api.registry import api_of, responses
from exchange.web.access import PUBLIC, SIGNED_IN, Access, rule_of

DOCUMENT = "exchange.api.document"
MAKING = Lock()
BEARER = "bearer"
ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
METHODS = ("get", "post", "patch", "put", "delete")
DESCRIPTION = """The needs and offers of villages, and the matches that social workers make of them.

Every operation but the public ones needs a token: `Authorization: Bearer vre_…`. People make tokens
on the page /me/tokens, operators with `flask --app wsgi exchange token create`. A token acts as one
person for one organisation and sees exactly what that person sees on the pages; what it may not
know of answers 404. Cookies count for nothing here.

- Errors are problem details (RFC 9457). `code` is stable; `title`, `detail` and the sentences of
  fields and reasons follow `Accept-Language` (zh, en).
- Lists come in pages: send `next_cursor` of the answer as `cursor` for the next page, until it is
  null.
- Amounts are JSON numbers, or decimal texts when sent, with at most three decimals.
- Dates are civil dates in China; moments are UTC.
- Beyond the limits of requests the answer is 429 with Retry-After.
"""


def install(app: Flask) -> None:
    """The document is made at the first question, when every room has registered."""
    app.extensions[DOCUMENT] = None


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    with MAKING:
        made: dict[str, Any] | None = app.extensions[DOCUMENT]
        if made is None:
            made = app.extensions[DOCUMENT] = _make(app)
    return made


def _make(app: Flask) -> dict[str, Any]:
    api = api_of(app)
    for blueprint in api.blueprints:
        blueprint.describe(app, api)
    made: dict[str, Any] = deepcopy(api.spec.to_dict())
    made["info"]["description"] = DESCRIPTION
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    made["servers"] = [{"url": app.extensions["exchange"].settings.base_url}]
    made["tags"] = _tags(api.blueprints)
    components = made.setdefault("components", {})
    components["schemas"].pop("PaginationMetadata", None)  # flask-smorest's, which we do not use
    components["securitySchemes"] = {
        BEARER: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that begins with vre_.",
        }
    }
    titles = {blueprint.name: blueprint.title for blueprint in api.blueprints}
    for rule in app.url_map.iter_rules():
        blueprint_name, _, _view = rule.endpoint.partition(".")
        if blueprint_name in titles:
            _complete(app, made, rule, titles[blueprint_name])
    _declare_responses(made)
    return made


def _tags(blueprints: list[ApiBlueprint]) -> list[dict[str, str]]:
    texts: dict[str, list[str]] = {}
    for blueprint in blueprints:
        texts.setdefault(blueprint.title, []).append(blueprint.description)
    return [{"name": name, "description": " ".join(parts)} for name, parts in texts.items()]


def _complete(app: Flask, made: dict[str, Any], rule: Rule, title: str) -> None:
    """Say of each operation who may call it, and which problems it may answer."""
    item = made["paths"][ARGUMENT.sub(r"{\1}", rule.rule)]
    for method in METHODS:
        if method.upper() not in (rule.methods or ()):
            continue
        operation = item[method]
        access = rule_of(app, rule.endpoint, method) or SIGNED_IN
        operation["operationId"] = rule.endpoint.removeprefix("api_").replace(".", "_")
        operation["tags"] = [title]
        operation["security"] = [{BEARER: []}, {}] if access is PUBLIC else [{BEARER: []}]
        operation["x-scope"] = "read" if method == "get" else "write"
        _add_problems(operation, access, has_path=bool(rule.arguments), writes=method != "get")


def _add_problems(
    operation: dict[str, Any], access: Access, *, has_path: bool, writes: bool
) -> None:
    statuses = [401, 429, *([404] if has_path else []), *([409] if writes else [])]
    statuses += [] if access is PUBLIC and not writes else [403]
    statuses += [400, 413, 415] if "requestBody" in operation else []
    statuses += [412] if operation["operationId"] == "listings_change" else []
    found = operation["responses"]
    if found.pop("422", None) is not None:
        statuses.append(422)
    for status in sorted(statuses):
        found.setdefault(str(status), {"$ref": f"#/components/responses/PROBLEM_{status}"})


def _declare_responses(made: dict[str, Any]) -> None:
    """Define every answer that is referred to; the document's own way knows only some."""
    declared = made["components"].setdefault("responses", {})
    content, described = declared["DEFAULT_ERROR"]["content"], responses()
    for item in made["paths"].values():
        for operation in (item[method] for method in METHODS if method in item):
            for answer in operation["responses"].values():
                name = answer.get("$ref", "").rpartition("/")[2]
                if name and name not in declared:
                    declared[name] = {"description": described[name], "content": content}
    for name in [name for name in declared if name.startswith("UNPROCESSABLE")]:
        del declared[name]
