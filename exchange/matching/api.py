"""Suggestions of a listing for programs, for its owner and for brokers who serve the place."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, between
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Forbidden
from exchange.listings.permissions import sees_details
from exchange.listings.queries import seen_listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.matching.explaining import feature_rows, pair_for
from exchange.matching.panels import pair_needs_check, shown_only
from exchange.matching.permissions import can_see_suggestions
from exchange.matching.queries import Suggested, suggestions_for
from exchange.matching.sentences import GATES, reason_lines
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
NEEDS_CHECK = fields.Boolean(
    metadata={
        "description": "People would come to people who need protection: the giver must be "
        "verified and a check be on record before an introduction."
    }
)


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
    needs_check = NEEDS_CHECK
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
    pairs = suggestions_for(
        session, actor, listing, today, asked["limit"], where=shown_only(current_app)
    )
    least = house().settings.display_threshold
    told = told_reasons(actor, pairs)
    return {
        "items": [
            {
                "listing": listing_ref(actor, pair.other(listing)),
                "score": pair.score,
                "shown": pair.score >= least,
                "needs_check": pair_needs_check(pair.need, pair.offer),
                "reasons": reasons,
            }
            for pair, reasons in zip(pairs, told, strict=True)
        ]
    }


class GateSchema(ApiSchema):
    """What keeps a pair from being suggested."""

    code = fields.String(metadata={"example": "out_of_coverage"})
    sentence = fields.String(metadata={"description": "In the reader's language."})


class FeatureSchema(ApiSchema):
    """One feature of a pair and its part in the score."""

    name = fields.String(metadata={"example": "category"})
    value = fields.Float(allow_none=True, metadata={"description": "null where nothing is known."})
    mean = fields.Float()
    weight = fields.Float()
    contribution = fields.Float(metadata={"description": "weight × (value - mean)."})


class PairSchema(ApiSchema):
    """Why a pair is suggested, or why not. ``base`` and all contributions make the logit."""

    need = fields.Nested(ListingRef)
    offer = fields.Nested(ListingRef)
    suggested = fields.Boolean(metadata={"description": "Whether the pair is stored as one."})
    shown = fields.Boolean(metadata={"description": "Whether the pages show it to people."})
    needs_check = NEEDS_CHECK
    closed = fields.List(fields.Nested(GateSchema), metadata={"description": "Gates that say no."})
    score = fields.Float(metadata={"description": "0 to 1; what it would be with open gates."})
    logit = fields.Float()
    base = fields.Float()
    weights = fields.String(metadata={"description": "The version of the weights."})
    reasons = fields.List(fields.Nested(ReasonSchema))
    features = fields.List(
        fields.Nested(FeatureSchema),
        metadata={"description": "Empty for who may not read both listings in full."},
    )


@blp.get("/listings/<public_id:public_id>/suggestions/<public_id:other_id>")
@access(SIGNED_IN)
@blp.answers(200, PairSchema, "The account of the pair")
def explain(public_id: str, other_id: str) -> dict[str, Any]:
    """Why another listing is suggested for this one, or why not.

    It is computed from the present values, also for pairs that are not suggested. For the listing's
    owner and the social workers of its place, of any listing that they may see.
    """
    pair = pair_for(
        read_session(), house(), current_actor(), public_id, other_id, shown_only(current_app)
    )
    account, detailed = pair.account, pair.is_detailed
    lines = reason_lines(account.reasons, detailed=detailed)
    told = {reason.code: reason.contribution for reason in account.reasons}
    least = house().settings.display_threshold
    return {
        "need": listing_ref(current_actor(), pair.need),
        "offer": listing_ref(current_actor(), pair.offer),
        "suggested": account.is_stored,
        "shown": account.is_stored and account.score >= least and not account.closed,
        "needs_check": pair_needs_check(pair.need, pair.offer),
        "closed": [
            {"code": gate.code, "sentence": str(GATES[gate.code])} for gate in account.closed
        ],
        "score": account.score,
        "logit": account.logit,
        "base": account.base,
        "weights": account.weights.version,
        "reasons": [
            {"code": line.code, "sentence": line.sentence, "contribution": told[line.code]}
            for line in lines
        ],
        "features": feature_rows(account) if detailed else [],
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
