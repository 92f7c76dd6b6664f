"""Divisions for programs: finding one, drilling down, and one with its path."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, between, length
from exchange.geography.models import Division
from exchange.geography.place_search import search_divisions
from exchange.geography.queries import children, division, path
from exchange.geography.rules import is_code
from exchange.kernel.errors import Invalid, NotFound
from exchange.web.access import PUBLIC, access
from exchange.web.acting import read_session
from exchange.web.locale import locale_code

blp = ApiBlueprint(
    "api_divisions",
    __name__,
    title="Divisions",
    description="The administrative divisions of China; a code's prefix contains it.",
)


class DivisionQuery(ApiSchema):
    """Which divisions."""

    q = Text(
        load_default="",
        validate=length(0, 60),
        metadata={"description": "Characters, pinyin, initials or a code; at least two."},
    )
    parent = Text(
        load_default=None,
        validate=length(0, 12),
        metadata={"description": "Only below this code; without q its direct children."},
    )
    limit = fields.Integer(load_default=20, validate=between(1, 50))


class DivisionRef(ApiSchema):
    """A division's code and name."""

    code = fields.String(required=True, metadata={"example": "520422"})
    name = fields.String(required=True, metadata={"example": "普定县"})


class DivisionSchema(DivisionRef):
    """A division."""

    label = fields.String(metadata={"description": "The name in the reader's language."})
    level = fields.String(metadata={"example": "county"})
    parent = fields.String(allow_none=True, metadata={"example": "5204"})
    valid_to = fields.Date(allow_none=True, metadata={"description": "Its last day, if retired."})
    successor = fields.String(allow_none=True)


class DivisionDetail(DivisionSchema):
    """A division with its path from the province down."""

    path = fields.List(fields.Nested(DivisionRef))


class DivisionList(ApiSchema):
    """Divisions found."""

    items = fields.List(fields.Nested(DivisionSchema))


@blp.get("/divisions")
@access(PUBLIC)
@blp.query(DivisionQuery)
@blp.answers(200, DivisionList, "Divisions, the nearest meaning first")
def find(asked: dict[str, Any]) -> dict[str, Any]:
    """Find divisions by name, or list those directly below one.

    Without q and parent: the provinces. Not paged: a list below one division is short.
    """
    session, parent = read_session(), asked["parent"] or None
    if parent and (not is_code(parent) or division(session, parent) is None):
        raise Invalid(fields={"parent": ["division_unknown"]})
    if asked["q"]:
        found = search_divisions(session, asked["q"], parent, None, asked["limit"])
    else:
        found = children(session, parent)
    return {"items": [_item(one) for one in found]}


@blp.get("/divisions/<division_code:code>")
@access(PUBLIC)
@blp.answers(200, DivisionDetail, "The division")
def show(code: str) -> dict[str, Any]:
    """One division with its path."""
    found = division(read_session(), code) if is_code(code) else None
    if found is None:
        raise NotFound("division_unknown")
    line = path(read_session(), code)
    return {**_item(found), "path": [{"code": one.code, "name": one.name} for one in line]}


def _item(found: Division) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": found.name,
        "label": found.label(locale_code()),
        "level": found.level.value,
        "parent": found.parent_code,
        "valid_to": found.valid_to,
        "successor": found.successor_code,
    }
