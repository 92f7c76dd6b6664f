"""Combined answers for programs."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Quantity, Text, length
from exchange.brokering.combined.queries import combinations_for
from exchange.brokering.combined.service import take_up_together
from exchange.brokering.permissions import can_see
from exchange.brokering.queries import match_by_public_id
from exchange.brokering.schemas import MatchSummary, match_summary
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.matching.combining import PARTS
from exchange.matching.permissions import can_see_suggestions
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_combinations",
    __name__,
    title="Combinations",
    description="Several offers that fill a need together, or needs that share one offer.",
)
Given = dict[str, Any]


class PortionSchema(ApiSchema):
    """One pair of a combination."""

    listing = fields.Nested(ListingRef)
    score = fields.Float(metadata={"description": "0 to 1.", "minimum": 0, "maximum": 1})
    taken = Quantity(metadata={"description": "In the offer's unit."})
    covers = Quantity(metadata={"description": "In the need's unit."})


class CombinationSchema(ApiSchema):
    """Listings that answer one together."""

    percent = fields.Integer(metadata={"description": "Of the listing that is filled or used."})
    parts = fields.List(fields.Nested(PortionSchema))


class CombinationList(ApiSchema):
    """Combinations, the best first."""

    items = fields.List(fields.Nested(CombinationSchema))


class TogetherBody(ApiSchema):
    """The listing, and those that answer it together."""

    listing = Text(required=True, validate=length(1, 20))
    others = fields.List(Text(validate=length(1, 20)), required=True, validate=length(2, PARTS))


class TakenUpSchema(ApiSchema):
    """The matches, in the order of the others."""

    items = fields.List(fields.Nested(MatchSummary))


@blp.get("/listings/<public_id:public_id>/combinations")
@access(SIGNED_IN)
@blp.answers(200, CombinationList, "Combinations, the best first")
def combinations(public_id: str) -> Given:
    """Two or three offers that together fill a need, or needs that share an offer.

    Empty where one is enough. For the listing's owner and the social workers of its place.
    """
    session, actor = read_session(), current_actor()
    listing = seen_listing(session, actor, public_id)
    if not can_see_suggestions(actor, listing):
        raise Forbidden
    least = house().settings.display_threshold
    return {
        "items": [
            {
                "percent": one.percent,
                "parts": [
                    {
                        "listing": listing_ref(actor, part.pair.other(listing)),
                        "score": part.pair.score,
                        "taken": part.portion.taken_milli,
                        "covers": part.portion.covers_milli,
                    }
                    for part in one.parts
                ],
            }
            for one in combinations_for(session, house(), actor, listing, least)
        ]
    }


@blp.post("/matches/together")
@access(BROKER)
@blp.body(TogetherBody, {"listing": "7k2mq9xw4tzr", "others": ["m4v8c2hd7yqa", "p5w9d3je8zrb"]})
@blp.answers(201, TakenUpSchema, "All are taken up")
def take_up(given: Given) -> Given:
    """Take up all pairs of a combination, or none.

    409 names in ``ids`` what cannot be had any more. Doing it again does no more.
    """
    with acting() as act:
        listing = _seen(act, "listing", given["listing"])
        others = [_seen(act, "others", key) for key in given["others"]]
        made = [match.public_id for match in take_up_together(act, listing, others)]
    return taken_up(made)


def taken_up(public_ids: Sequence[str]) -> Given:
    """The matches with these ids, as far as the actor may see them."""
    session, actor = read_session(), current_actor()
    found = [match_by_public_id(session, key) for key in public_ids]
    return {
        "items": [match_summary(actor, one) for one in found if one and can_see(actor, one)]
    }


def _seen(act: Act, name: str, public_id: str) -> Listing:
    try:
        return seen_listing(act.session, act.actor, public_id)
    except NotFound as error:
        raise Invalid(fields={name: ["unknown_reference"]}) from error
