"""Needs that may be posted twice, for programs of social workers."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, between, length
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.queries import seen_listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.matching.duplicates.models import DuplicatePair
from exchange.matching.duplicates.queries import proposals_for, proposals_in
from exchange.matching.duplicates.sentences import duplicate_reasons
from exchange.matching.duplicates.service import keep_apart
from exchange.matching.sentences import ReasonLine
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_duplicates",
    __name__,
    title="Duplicates",
    description="Needs that may be posted twice. Merging them: see /listings/{id}/merge.",
)


class DuplicateQuery(ApiSchema):
    """Which page."""

    page = fields.Integer(load_default=1, validate=between(1, 1000))


class ApartBody(ApiSchema):
    """The two needs that are not the same."""

    one = Text(required=True, validate=length(1, 20))
    other = Text(required=True, validate=length(1, 20))


class DuplicateReason(ApiSchema):
    """One sign for or against."""

    code = fields.String(metadata={"example": "amount_same"})
    sentence = fields.String(metadata={"description": "In the reader's language."})
    weight = fields.Float(
        metadata={"description": "What it adds to the logarithm of the odds; below zero: against."}
    )


class DuplicateSchema(ApiSchema):
    """Two needs that may be one."""

    one = fields.Nested(ListingRef)
    other = fields.Nested(ListingRef)
    score = fields.Float(metadata={"description": "0 to 1.", "minimum": 0, "maximum": 1})
    reasons = fields.List(
        fields.Nested(DuplicateReason), metadata={"description": "The weightiest first."}
    )


class DuplicateList(ApiSchema):
    """Pairs, the likeliest first."""

    items = fields.List(fields.Nested(DuplicateSchema))
    more = fields.Boolean(metadata={"description": "Whether another page follows."})


@blp.get("/duplicates")
@access(BROKER)
@blp.query(DuplicateQuery)
@blp.answers(200, DuplicateList, "Pairs, the likeliest first")
def duplicates(asked: dict[str, Any]) -> dict[str, Any]:
    """What may be one need in the places you serve. It is computed in the background."""
    session, actor = read_session(), current_actor()
    pairs, more = proposals_in(session, actor, _today(), asked["page"])
    return {"items": _items(actor, pairs), "more": more}


@blp.get("/listings/<public_id:public_id>/duplicates")
@access(BROKER)
@blp.answers(200, DuplicateList, "Pairs with this need, the likeliest first")
def duplicates_of_need(public_id: str) -> dict[str, Any]:
    """What may be the same as this need; empty unless you serve its place."""
    session, actor = read_session(), current_actor()
    need = seen_listing(session, actor, public_id)
    pairs = proposals_for(session, actor, need, _today())
    return {"items": _items(actor, pairs, need.id), "more": False}


@blp.post("/duplicates/apart")
@access(BROKER)
@blp.body(ApartBody, {"one": "7k2mq9xw4tzr", "other": "9dk3mq2xw4tz"})
@blp.answers_nothing("Noted")
def apart(given: dict[str, Any]) -> None:
    """Say that two needs are not the same; they are not proposed again."""
    with acting() as act:
        one = seen_listing(act.session, act.actor, given["one"])
        keep_apart(act, one, seen_listing(act.session, act.actor, given["other"]))


def _today() -> Any:
    return civil_date(house().clock.now(), house().settings.time_zone)


def _items(
    actor: Actor, pairs: Sequence[DuplicatePair], first_id: int | None = None
) -> list[dict[str, Any]]:
    return [
        _item(actor, pair, lines, swap=pair.second_id == first_id)
        for pair, lines in zip(pairs, duplicate_reasons(pairs), strict=True)
    ]


def _item(
    actor: Actor, pair: DuplicatePair, lines: Sequence[ReasonLine], *, swap: bool
) -> dict[str, Any]:
    one, other = (pair.second, pair.first) if swap else (pair.first, pair.second)
    weights = {reason["code"]: reason["weight"] for reason in pair.reasons}
    return {
        "one": listing_ref(actor, one),
        "other": listing_ref(actor, other),
        "score": pair.score,
        "reasons": [
            {"code": line.code, "sentence": line.sentence, "weight": weights[line.code]}
            for line in lines
        ],
    }
