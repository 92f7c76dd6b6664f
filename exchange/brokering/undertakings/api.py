"""Who could answer an undertaking together, for programs."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Quantity, Text, length
from exchange.brokering.combined.api import TakenUpSchema, taken_up
from exchange.brokering.undertakings.queries import answer_for
from exchange.brokering.undertakings.service import MOST_PAIRS, take_up_undertaking
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.listings.undertakings.permissions import is_inside, shown_parts
from exchange.listings.undertakings.queries import seen_undertaking
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_undertaking_answers",
    __name__,
    title="Answers to undertakings",
    description="The fewest givers that cover the most needs of an undertaking.",
)
Given = dict[str, Any]


class UndertakingGivenSchema(ApiSchema):
    """One pair of the answer."""

    need = fields.Nested(ListingRef)
    offer = fields.Nested(ListingRef)
    score = fields.Float(metadata={"description": "0 to 1.", "minimum": 0, "maximum": 1})
    taken = Quantity(
        allow_none=True,
        metadata={"description": "In the offer's unit; null where it cannot be counted."},
    )
    covers = Quantity(allow_none=True, metadata={"description": "In the need's unit."})
    share = fields.Float(metadata={"description": "Of what the need lacks, 0 to 1."})


class UndertakingGiverSchema(ApiSchema):
    """What one organisation could do."""

    pairs = fields.List(fields.Nested(UndertakingGivenSchema))


class UndertakingAnswerSchema(ApiSchema):
    """Who could answer it together, those that answer several needs first."""

    lacking = fields.List(
        fields.Nested(ListingRef), metadata={"description": "Open needs nobody has in hand."}
    )
    covered = fields.Float(
        metadata={"description": "Of how many needs' worth; one met by half counts half."}
    )
    givers = fields.List(fields.Nested(UndertakingGiverSchema))


class UndertakingPairBody(ApiSchema):
    """A need of the undertaking, and an offer."""

    need = Text(required=True, validate=length(1, 20))
    offer = Text(required=True, validate=length(1, 20))


class UndertakingTakeUpBody(ApiSchema):
    """The pairs to take up."""

    pairs = fields.List(
        fields.Nested(UndertakingPairBody), required=True, validate=length(1, MOST_PAIRS)
    )


@blp.get("/undertakings/<public_id:public_id>/combination")
@access(SIGNED_IN)
@blp.answers(200, UndertakingAnswerSchema, "The best answer")
def combination(public_id: str) -> Given:
    """The fewest givers that cover the most of what the undertaking still lacks.

    For its owner and for the social workers of its needs' places; docs/matching.md says how.
    """
    session, actor = read_session(), current_actor()
    undertaking, parts = seen_undertaking(session, actor, public_id)
    if not is_inside(actor, undertaking, parts):
        raise Forbidden
    found = answer_for(session, house(), actor, shown_parts(actor, parts))
    return {
        "lacking": [listing_ref(actor, need) for need in found.lacking],
        "covered": float(found.cover.covered),
        "givers": [
            {
                "pairs": [
                    {
                        "need": listing_ref(actor, found.pair_of(one).need),
                        "offer": listing_ref(actor, found.pair_of(one).offer),
                        "score": one.pair.score,
                        "taken": one.taken_milli if one.covers_milli is not None else None,
                        "covers": one.covers_milli,
                        "share": float(one.share),
                    }
                    for one in found.cover.given
                    if one.pair.owner == owner
                ]
            }
            for owner in found.cover.givers
        ],
    }


@blp.post("/undertakings/<public_id:public_id>/take-up")
@access(BROKER)
@blp.body(UndertakingTakeUpBody, {"pairs": [{"need": "7k2mq9xw4tzr", "offer": "m4v8c2hd7yqa"}]})
@blp.answers(201, TakenUpSchema, "All are taken up")
def take_up(given: Given, public_id: str) -> Given:
    """Take up all these pairs, or none.

    409 names in ``ids`` the offers that cannot be had any more. Doing it again does no more.
    """
    with acting() as act:
        pairs = [(_seen(act, pair["need"]), _seen(act, pair["offer"])) for pair in given["pairs"]]
        made = [match.public_id for match in take_up_undertaking(act, public_id, pairs)]
    return taken_up(made)


def _seen(act: Act, public_id: str) -> Listing:
    try:
        return seen_listing(act.session, act.actor, public_id)
    except NotFound as error:
        raise Invalid(fields={"pairs": ["unknown_reference"]}) from error
