"""Plans as programs read them, and what they send to ask for one."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from exchange.api.fields import ApiSchema, Quantity, Text, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.listings.schemas import ListingRef
from exchange.matching.plans.kinds import ItemState, PlanState
from exchange.matching.plans.labels import FIGURES
from exchange.matching.plans.models import LONGEST_NAME
from exchange.matching.plans.rules import (
    LEAST_PERCENTS,
    MOST,
    MOST_DIVISIONS,
    PERCENTS,
    PlanChoice,
    Weights,
)
from exchange.matching.plans.values import MICRO, MILLI, Limits

PERCENT = MICRO // 100
EXAMPLE = {
    "name": "冬季计划",
    "divisions": ["5204"],
    "weights": {"vulnerable": 100, "remote": 50, "waiting": 50},
    "limits": {"per_organisation": 10, "per_need": 3, "least_percent": 40},
}
USUAL = "Leave it out for what stands there already."
Given = Mapping[str, Any]


def _weight(description: str) -> fields.Integer:
    choice = validate.OneOf(PERCENTS, error="field_choice")
    return fields.Integer(strict=True, validate=choice, metadata={"description": description})


def _limit(name: str, description: str) -> fields.Integer:
    bounds = between(1, MOST[name])
    return fields.Integer(strict=True, validate=bounds, metadata={"description": description})


def _places(**options: Any) -> fields.List[str]:
    return fields.List(Text(validate=length(2, 12)), **options)


class PlanWeights(ApiSchema):
    """How much more a need counts, in per cent. The three add up."""

    vulnerable = _weight("For people who come first.")
    remote = _weight("In remote places.")
    waiting = _weight("After a long wait, in full from 90 days on.")


class PlanLimits(ApiSchema):
    """How much may fall on one."""

    per_organisation = _limit("per_organisation", "Pairs with one organisation.")
    per_broker = _limit("per_broker", "Pairs in hand for each social worker of a station.")
    per_offer = _limit("per_offer", "Needs for an offer that names no amount.")
    per_need = _limit("per_need", "Offers for one need.")
    least_percent = fields.Integer(
        strict=True,
        validate=validate.OneOf(LEAST_PERCENTS, error="field_choice"),
        metadata={"description": "The score, of 100, below which no pair is planned."},
    )


class PlanChoiceSchema(ApiSchema):
    """What a plan weighs and what it keeps to."""

    weights = fields.Nested(PlanWeights, metadata={"description": USUAL})
    limits = fields.Nested(PlanLimits, metadata={"description": USUAL})
    remote_places = _places(
        validate=length(0, MOST_DIVISIONS),
        metadata={"description": "Divisions that count as remote in full."},
    )


class PlanPost(PlanChoiceSchema):
    """A plan to be computed. What is left out is as your service point usually sets it."""

    name = Text(required=True, validate=length(1, LONGEST_NAME))
    divisions = _places(
        required=True,
        validate=length(1, MOST_DIVISIONS),
        metadata={"description": "Divisions whose needs are planned; CN for all."},
    )


class PlanVariation(PlanChoiceSchema):
    """Another plan like a former one. What is left out is as in that one."""

    name = Text(required=True, validate=length(1, LONGEST_NAME))
    divisions = _places(validate=length(1, MOST_DIVISIONS), metadata={"description": USUAL})


class PlanDefaultsPatch(PlanChoiceSchema):
    """What plans of your service point begin with, changed in part."""

    version = fields.Integer(
        required=True,
        strict=True,
        metadata={"description": "As read; when somebody changed it since the answer is 409."},
    )


class PlanDefaultsSchema(PlanChoiceSchema):
    """What plans of your service point begin with."""

    version = fields.Integer(metadata={"description": "0 for what comes with the program."})


class PlanFigures(ApiSchema):
    """What a plan comes to."""

    pairs = fields.Integer()
    needs = fields.Integer(metadata={"description": "Open needs that were looked at."})
    needs_met = fields.Integer(metadata={"description": "Of them, those that get something."})
    needs_full = fields.Integer(metadata={"description": "Of them, those that are met in full."})
    expected = fields.Float(metadata={"description": "Good introductions to expect."})
    weighted = fields.Float(metadata={"description": "The same, weighed by priority."})
    organisations = fields.Integer()
    largest_organisation = fields.Integer(metadata={"description": "Most pairs with one of them."})
    vulnerable = fields.Integer(metadata={"description": "Needs of people who come first."})
    vulnerable_met = fields.Integer()
    remote = fields.Integer()
    remote_met = fields.Integer()
    waited_days_met = fields.Integer(metadata={"description": "Days waited, on average."})


class PlanReasonCount(ApiSchema):
    """How many for one reason."""

    code = fields.String()
    sentence = fields.String(metadata={"description": "In the reader's language."})
    count = fields.Integer()


class PlanQueuedSchema(ApiSchema):
    """What became of the pairs of a released plan."""

    queued = fields.Integer()
    waiting = fields.Integer(metadata={"description": "Not decided on yet."})
    left_out = fields.List(fields.Nested(PlanReasonCount))


class PlanSummary(ApiSchema):
    """A plan in short."""

    id = fields.String(metadata={"example": "7k2mq9xw4tzr"})
    name = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in PlanState]})
    divisions = fields.List(fields.String())
    created_at = fields.DateTime()
    ready_at = fields.DateTime(allow_none=True)
    released_at = fields.DateTime(allow_none=True)
    url = fields.String(metadata={"description": "Its page."})


class PlanSchema(PlanSummary):
    """A plan with what was set and what it comes to; figures are null until it is computed."""

    choice = fields.Nested(PlanChoiceSchema)
    figures = fields.Nested(PlanFigures, allow_none=True)
    best_pair_first = fields.Nested(
        PlanFigures,
        allow_none=True,
        metadata={"description": "What taking the best pair first would come to."},
    )
    gaps = fields.List(
        fields.Nested(PlanReasonCount),
        metadata={"description": "Needs that stay unmet, by reason."},
    )
    release = fields.Nested(PlanQueuedSchema, allow_none=True)


class PlanPage(PageSchema):
    """Plans, the newest first."""

    items = fields.List(fields.Nested(PlanSummary))


class PlannedPairQuery(PageQuery):
    """Which pairs of a plan."""

    place = Text(
        load_default=None,
        validate=length(0, 12),
        metadata={"description": "A township, by the nine digits of its code; all if left out."},
    )


class PlanReasonSchema(ApiSchema):
    """Why a pair was left out or a need stays unmet."""

    code = fields.String()
    sentence = fields.String(metadata={"description": "In the reader's language."})


class PlannedPair(ApiSchema):
    """A need and an offer that the plan would introduce; null for what you may not see any more."""

    need = fields.Nested(ListingRef, allow_none=True)
    offer = fields.Nested(ListingRef, allow_none=True)
    score = fields.Float(metadata={"minimum": 0, "maximum": 1})
    priority = fields.Float(metadata={"description": "1 for none."})
    takes = Quantity(allow_none=True, metadata={"description": "Of the offer, in its own unit."})
    covers = Quantity(allow_none=True, metadata={"description": "Of the need, in its own unit."})
    share = fields.Float(metadata={"description": "The part of the need that it meets, 0 to 1."})
    state = fields.String(metadata={"enum": [state.value for state in ItemState]})
    left_out = fields.Nested(
        PlanReasonSchema,
        allow_none=True,
        metadata={"description": "Why the pair did not become work."},
    )


class PlannedPairPage(PageSchema):
    """Planned pairs, the most valuable first."""

    items = fields.List(fields.Nested(PlannedPair))


class PlanGapSchema(ApiSchema):
    """A need that stays unmet, wholly or in part; null where you may not see it any more."""

    need = fields.Nested(ListingRef, allow_none=True)
    reason = fields.Nested(PlanReasonSchema)
    met = fields.Float(metadata={"description": "The part that is met, 0 to 1."})
    priority = fields.Float()
    category = fields.String()
    place = fields.String(metadata={"description": "Its township."})


class PlanGapPage(PageSchema):
    """Needs that stay unmet."""

    items = fields.List(fields.Nested(PlanGapSchema))


class PlanComparison(ApiSchema):
    """Two plans side by side."""

    one = fields.Nested(PlanSchema)
    other = fields.Nested(PlanSchema)
    differences = fields.Nested(
        PlanFigures, metadata={"description": "The figures of the other less those of the one."}
    )


def choice_from(given: Given, usual: PlanChoice) -> PlanChoice:
    """The usual choice with what was sent in its place."""
    limits = dict(given.get("limits") or {})
    if "least_percent" in limits:
        limits["least_micro"] = limits.pop("least_percent") * PERCENT
    places = given.get("remote_places", usual.remote_places)
    return PlanChoice(
        Weights(**{**vars(usual.weights), **(given.get("weights") or {})}),
        Limits(**{**_values(usual.limits), **limits}),
        tuple(sorted(set(places))),
    )


def choice_item(choice: PlanChoice) -> dict[str, Any]:
    """A choice as programs read it."""
    limits = _values(choice.limits)
    limits["least_percent"] = limits.pop("least_micro") // PERCENT
    return {
        "weights": dict(vars(choice.weights)),
        "limits": limits,
        "remote_places": list(choice.remote_places),
    }


def _values(limits: Limits) -> dict[str, Any]:
    return dict(vars(limits))


def figures_item(figures: Given | None) -> dict[str, Any] | None:
    """Stored figures as programs read them; what is kept in thousandths becomes a number."""
    if figures is None:
        return None
    found = {name: value for name, value in figures.items() if not name.endswith("_milli")}
    for name, _label in FIGURES:
        if name.endswith("_milli"):
            found[name.removesuffix("_milli")] = figures[name] / MILLI
    return found


def differences(one: Given, other: Given) -> dict[str, Any]:
    """The stored figures of the other less those of the one, as programs read them."""
    return figures_item({name: other[name] - one[name] for name in one if name in other}) or {}
