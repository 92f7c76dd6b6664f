"""Searching listings for programs: the same search as the page's."""

from typing import Any

from marshmallow import fields, validate

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import Text, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.discovery.finding import STATES, How, find
from exchange.discovery.panels import today
from exchange.discovery.places import place_of
from exchange.discovery.rules import SORTS, Asked, one_line
from exchange.geography.rules import is_code
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Side
from exchange.listings.schemas import ListingSchema, listing_item
from exchange.search.port import Point
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Terms
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code

blp = ApiBlueprint(
    "api_search", __name__, title="Listings", description="Search finds what you may see."
)


class ListingQuery(PageQuery):
    """What to look for."""

    q = Text(
        load_default="",
        validate=length(0, 200),
        metadata={"description": "Words in Chinese, English or pinyin.", "example": "冷链车"},
    )
    side = fields.Enum(Side, by_value=fields.String(), load_default=None)
    category = Text(load_default="", metadata={"description": "A category, with those below it."})
    division = Text(load_default="", metadata={"description": "A division, with its parts."})
    terms = fields.List(
        fields.Enum(Terms, by_value=fields.String()),
        load_default=[],
        metadata={"description": "May stand several times: any of them."},
    )
    state = fields.String(
        load_default="open",
        validate=validate.OneOf(STATES, error="field_choice"),
        metadata={"description": "open: can be taken up today."},
    )
    sort = fields.String(
        load_default="relevance", validate=validate.OneOf(SORTS, error="field_choice")
    )
    near = Text(
        load_default="",
        metadata={"description": "The division to measure from; left out: your organisation's."},
    )


class FoundSchema(ListingSchema):
    """A listing that was found."""

    score = fields.Float(
        metadata={"description": "Compares within one answer only; larger is better."}
    )


class FoundPage(PageSchema):
    """Listings found."""

    items = fields.List(fields.Nested(FoundSchema))
    total = fields.Integer(metadata={"description": "Rounded down unless total_is_exact."})
    total_is_exact = fields.Boolean()
    relaxed = fields.Boolean(metadata={"description": "Whether some items lack some of the words."})


@blp.get("/listings")
@access(PUBLIC)
@blp.query(ListingQuery)
@blp.answers(200, FoundPage, "Listings")
def search(given: dict[str, Any]) -> dict[str, Any]:
    """Search needs and offers.

    A page may be short, even empty, before the end: go on until next_cursor is null.
    """
    actor, asked = current_actor(), _asked(given)
    origin = _origin(given["near"] or actor.division or given["division"])
    how = How(origin, today(), given["cursor"] or None, given["limit"])
    found = find(read_session(), house(), actor, asked, how)
    if found.cursor_refused:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return {
        "items": [
            {**listing_item(actor, one.listing), "score": one.score} for one in found.listings
        ],
        "next_cursor": found.next_cursor,
        "total": found.total,
        "total_is_exact": found.is_exact,
        "relaxed": found.relaxed,
    }


def _asked(given: dict[str, Any]) -> Asked:
    problems: dict[str, list[str]] = {}
    if given["category"] and given["category"] not in taxonomy():
        problems["category"] = ["unknown_category"]
    for name in ("division", "near"):
        if given[name] and not is_code(given[name]):
            problems[name] = ["unknown_place"]
    if problems:
        raise Invalid(fields=problems)
    return Asked(
        q=one_line(given["q"]),
        side=given["side"].value if given["side"] else "",
        category=given["category"],
        division=given["division"],
        terms=tuple(dict.fromkeys(terms.value for terms in given["terms"])),
        state=given["state"],
        sort=given["sort"],
    )


def _origin(code: str) -> Point | None:
    return place_of(read_session(), code, locale_code()).point if code else None
