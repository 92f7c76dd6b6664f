"""A cooperation intention as programs send and read it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Quantity, Text, YesNo, between, length
from exchange.api.paging import PageSchema
from exchange.kernel.actor import Actor
from exchange.listings.permissions import can_see as can_see_listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.projects.intentions.kinds import DeclineReason, IntentionKind, IntentionState, Party
from exchange.projects.intentions.models import Intention, IntentionMessage
from exchange.projects.intentions.outcomes import Outcome
from exchange.projects.intentions.rules import (
    LONGEST_MESSAGE,
    LONGEST_UNIT,
    LONGEST_WANTED,
    LONGEST_WORDS,
    MOST_WANTED,
)
from exchange.projects.intentions.values import IntentionValues
from exchange.taxonomy.terms import Terms

EXAMPLE = {
    "kind": "technology", "text": "可以派两名冷链工程师，帮村里设计冷库。", "until": "2027-01-31",
    "terms": "free",
}  # fmt: skip
VERSION = {"description": "The version you have read; another one answers 409."}


def one_of(kinds: Any) -> validate.OneOf:
    """The validator of a closed list."""
    return validate.OneOf([one.value for one in kinds], error="field_choice")


class IntentionPost(ApiSchema):
    """What your organisation would bring."""

    kind = Text(required=True, validate=one_of(IntentionKind))
    text = Text(required=True, validate=length(1, LONGEST_WORDS))
    until = fields.Date(required=True, metadata={"description": "The last day on which it holds."})
    need = Text(
        load_default="", validate=length(0, 20),
        metadata={"description": "Id of a need of the project it is for."},
    )  # fmt: skip
    terms = Text(load_default=Terms.FREE.value, validate=one_of(Terms))
    quantity = Quantity(load_default=None, allow_none=True)
    unit = Text(load_default=None, allow_none=True, validate=length(0, LONGEST_UNIT))
    risk_read = YesNo(
        load_default=False,
        metadata={"description": "Investments: you have read that they carry risk."},
    )


class IntentionPut(IntentionPost):
    """The same in whole, in place of what it said."""

    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class IntentionAnswerBody(ApiSchema):
    """A yes, a no, or a question."""

    answer = Text(
        required=True,
        validate=validate.OneOf(["accept", "decline", "ask"], error="field_choice"),
    )
    text = Text(load_default="", validate=length(0, LONGEST_MESSAGE))
    reason = Text(load_default=None, allow_none=True, validate=one_of(DeclineReason))
    follow_up_on = fields.Date(load_default=None, allow_none=True)
    version = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=between(0, 2**31),
        metadata=VERSION,
    )  # fmt: skip


class IntentionMessageBody(ApiSchema):
    """A message to the other side."""

    text = Text(required=True, validate=length(1, LONGEST_MESSAGE))


class IntentionNeedBody(ApiSchema):
    """A need of the project."""

    need = Text(required=True, validate=length(1, 20))


class IntentionOutcomeBody(ApiSchema):
    """What came of it."""

    came_about = YesNo(required=True)
    note = Text(load_default="", validate=length(0, LONGEST_MESSAGE))


class WantedLine(ApiSchema):
    """A kind of cooperation a project wishes for."""

    kind = Text(required=True, validate=one_of(IntentionKind))
    words = Text(required=True, validate=length(1, LONGEST_WANTED))


class ProjectWantedBody(ApiSchema):
    """All lines; they take the place of those that are there."""

    wanted = fields.List(
        fields.Nested(WantedLine), required=True, validate=length(0, MOST_WANTED)
    )


class IntentionProjectRef(ApiSchema):
    """A project in short."""

    id = fields.String()
    title = fields.String()


class IntentionMessageSchema(ApiSchema):
    """One message."""

    from_party = fields.String(metadata={"enum": [one.value for one in Party]})
    text = fields.String()
    at = fields.DateTime()


class IntentionOutcomeSchema(ApiSchema):
    """What brokering made of it; null where you may not know of it yet."""

    offer = fields.String(allow_none=True)
    match = fields.String(allow_none=True)
    state = fields.String(allow_none=True)
    waits = fields.String(metadata={"description": "A code of what stands in the way, or empty."})


class IntentionSchema(ApiSchema):
    """An intention. Nobody reads it but its organisation, the project's lead and the station."""

    id = fields.String()
    project = fields.Nested(IntentionProjectRef)
    organisation = fields.Nested(OrganisationRef)
    kind = fields.String(metadata={"enum": [one.value for one in IntentionKind]})
    state = fields.String(metadata={"enum": [one.value for one in IntentionState]})
    text = fields.String()
    quantity = Quantity(allow_none=True)
    unit = fields.String(allow_none=True)
    terms = fields.String()
    until = fields.Date()
    need = fields.Nested(ListingRef, allow_none=True)
    decline_reason = fields.String(allow_none=True)
    note = fields.String()
    follow_up_on = fields.Date(allow_none=True)
    outcome = fields.Nested(IntentionOutcomeSchema, allow_none=True)
    messages = fields.List(fields.Nested(IntentionMessageSchema))
    version = fields.Integer()
    created_at = fields.DateTime()
    url = fields.String()


class IntentionPage(PageSchema):
    """Intentions; never more than a page."""

    items = fields.List(fields.Nested(IntentionSchema))


class ProjectWantedSchema(ApiSchema):
    """What a project wishes for."""

    wanted = fields.List(fields.Nested(WantedLine))


def given_values(given: Mapping[str, Any]) -> IntentionValues:
    """What was sent, as values."""
    return IntentionValues(
        kind=IntentionKind(given["kind"]),
        text=given["text"],
        until=given["until"],
        quantity_milli=given["quantity"],
        unit=given["unit"],
        terms=Terms(given["terms"]),
        need=given["need"],
        risk_read=given["risk_read"],
    )


def intention_item(
    actor: Actor,
    one: Intention,
    outcome: Outcome | None = None,
    messages: tuple[IntentionMessage, ...] = (),
) -> dict[str, Any]:
    """An intention for this reader, who may know of it."""
    need = one.need if one.need is not None and can_see_listing(actor, one.need) else None
    return {
        "id": one.public_id,
        "project": {"id": one.project.public_id, "title": one.project.title},
        "organisation": organisation_ref(actor, one.organisation),
        "kind": one.kind.value,
        "state": one.state.value,
        "text": one.text,
        "quantity": one.quantity_milli,
        "unit": one.unit,
        "terms": one.terms.value,
        "until": one.until,
        "need": listing_ref(actor, need) if need else None,
        "decline_reason": one.decline_reason.value if one.decline_reason else None,
        "note": one.close_note,
        "follow_up_on": one.follow_up_on,
        "outcome": vars(outcome) if outcome else None,
        "messages": [
            {"from_party": row.party.value, "text": row.text, "at": row.at} for row in messages
        ],
        "version": one.version,
        "created_at": one.created_at,
        "url": f"/intentions/{one.public_id}",
    }
