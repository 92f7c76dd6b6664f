"""Searching listings for programs: the same search as the page's."""

from typing import Any

from marshmallow import fields, validate

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import Text, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.discovery.finding import STATES
from exchange.discovery.noting import note_question
from exchange.discovery.panels import today
from exchange.discovery.places import place_of
from exchange.discovery.rules import LITERAL, SOON, SORTS, URGENT, Asked, one_line
from exchange.discovery.searching import Reader, search
from exchange.geography.rules import is_code
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Side
from exchange.listings.queries import load_coverage
from exchange.listings.schemas import ListingSchema, listing_item
from exchange.search.port import Point
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Beneficiary, Terms
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
    beneficiaries = fields.List(
        fields.Enum(Beneficiary, by_value=fields.String()),
        load_default=[],
        metadata={"description": "Whom it is for; may stand several times: any of them."},
    )
    urgency = fields.String(
        load_default="", validate=validate.OneOf(("", URGENT), error="field_choice")
    )
    ending = fields.String(
        load_default="",
        validate=validate.OneOf(("", SOON), error="field_choice"),
        metadata={"description": "soon: ends within two weeks."},
    )
    literal = fields.List(
        fields.String(validate=validate.OneOf(LITERAL, error="field_choice")),
        load_default=[],
        metadata={
            "description": "What of the words is taken as typed: spelling (nothing is mended), "
            "place (no place is read out of them). May stand several times."
        },
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
    searched = fields.String(metadata={"description": "The words that were searched."})
    mended = fields.Boolean(metadata={"description": "Whether they are not the words as typed."})
    meant = fields.List(
        fields.String(), metadata={"description": "Words that may have been meant."}
    )
    place = fields.String(
        allow_none=True, metadata={"description": "The division that was read out of the words."}
    )
    given_up = fields.List(
        fields.String(),
        metadata={"description": "What was dropped to find anything: place, filters, ended."},
    )
    is_plain = fields.Boolean(
        metadata={"description": "Whether the index could not answer and the database did."}
    )


@blp.get("/listings")
@access(PUBLIC)
@blp.query(ListingQuery)
@blp.answers(200, FoundPage, "Listings")
def search_listings(given: dict[str, Any]) -> dict[str, Any]:
    """Search needs and offers.

    A page may be short, even empty, before the end: go on until next_cursor is null.
    """
    actor, asked = current_actor(), _asked(given)
    origin = _origin(given["near"] or actor.division or given["division"])
    reader = Reader(actor, actor.division or "", origin, locale_code(), today())
    cursor = given["cursor"] or None
    outcome = search(read_session(), house(), reader, asked, cursor, given["limit"], facets=())
    load_coverage(read_session(), [one.listing for one in outcome.found.listings])
    note_question(house(), asked, outcome, reader, is_first=cursor is None)
    found = outcome.found
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
        "searched": outcome.used.q,
        "mended": bool(outcome.mended),
        "meant": list(outcome.meant),
        "place": outcome.place.code if outcome.place else None,
        "given_up": list(outcome.given_up),
        "is_plain": found.is_plain,
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
        beneficiaries=tuple(dict.fromkeys(one.value for one in given["beneficiaries"])),
        urgency=given["urgency"],
        ending=given["ending"],
        literal=tuple(dict.fromkeys(given["literal"])),
        state=given["state"],
        sort=given["sort"],
    )


def _origin(code: str) -> Point | None:
    return place_of(read_session(), code, locale_code()).point if code else None
