"""Suggestions of a listing for programs, for its owner and for brokers who serve the place."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, between
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Forbidden
from exchange.listings.permissions import sees_details
from exchange.listings.queries import seen_listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.matching.permissions import can_see_suggestions
from exchange.matching.queries import Suggested, suggestions_for
from exchange.matching.sentences import reason_lines
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session

blp = ApiBlueprint(
    "api_suggestions",
    __name__,
    title="Suggestions",
    description="Which listings of the other side may fit, and why.",
)
MOST = 100
Told = list[dict[str, Any]]


class SuggestionQuery(ApiSchema):
    """How many suggestions."""

    limit = fields.Integer(load_default=20, validate=between(1, MOST))


class ReasonSchema(ApiSchema):
    """One reason of a score."""

    code = fields.String(metadata={"example": "category_same"})
    sentence = fields.String(metadata={"description": "In the reader's language."})
    contribution = fields.Float(
        metadata={"description": "Its part of the score's logit; below zero it speaks against."}
    )


class SuggestionSchema(ApiSchema):
    """A listing that may fit."""

    listing = fields.Nested(ListingRef)
    score = fields.Float(metadata={"description": "0 to 1.", "minimum": 0, "maximum": 1})
    shown = fields.Boolean(metadata={"description": "Whether the pages show it to people."})
    reasons = fields.List(
        fields.Nested(ReasonSchema), metadata={"description": "The weightiest first."}
    )


class SuggestionList(ApiSchema):
    """Suggestions, the best first."""

    items = fields.List(fields.Nested(SuggestionSchema))


@blp.get("/listings/<public_id:public_id>/suggestions")
@access(SIGNED_IN)
@blp.query(SuggestionQuery)
@blp.answers(200, SuggestionList, "Suggestions, the best first")
def suggestions(asked: dict[str, Any], public_id: str) -> dict[str, Any]:
    """What may fit a listing, best first, with the reasons of each score.

    They are computed in the background, usually within seconds of a change. Only the listing's
    owner and the social workers of its place see them.
    """
    session, actor = read_session(), current_actor()
    listing = seen_listing(session, actor, public_id)
    if not can_see_suggestions(actor, listing):
        raise Forbidden
    today = civil_date(house().clock.now(), house().settings.time_zone)
    pairs = suggestions_for(session, actor, listing, today, asked["limit"])
    least = house().settings.display_threshold
    told = told_reasons(actor, pairs)
    return {
        "items": [
            {
                "listing": listing_ref(actor, pair.other(listing)),
                "score": pair.score,
                "shown": pair.score >= least,
                "reasons": reasons,
            }
            for pair, reasons in zip(pairs, told, strict=True)
        ]
    }


def told_reasons(actor: Actor, pairs: Sequence[Suggested]) -> list[Told]:
    """The reasons of each pair as this reader may know them, in at most two queries for all."""
    found: dict[int, Told] = {pair.suggestion_id: [] for pair in pairs}
    for detailed in (True, False):
        some = [pair for pair in pairs if _sees_both(actor, pair) is detailed]
        flat = [(pair, reason) for pair in some for reason in pair.reasons]
        lines = iter(reason_lines([reason for _pair, reason in flat], detailed=detailed))
        line = next(lines, None)
        for pair, reason in flat:
            if line is not None and line.code == reason.code:
                told = {"sentence": line.sentence, "contribution": reason.contribution}
                found[pair.suggestion_id].append({"code": reason.code, **told})
                line = next(lines, None)
    return list(found.values())


def _sees_both(actor: Actor, pair: Suggested) -> bool:
    return sees_details(actor, pair.need) and sees_details(actor, pair.offer)
