"""A handover as programs read and send it."""

from typing import Any

from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, length
from exchange.brokering.handover.models import Handover, HandoverCase
from exchange.brokering.handover.queries import LoadedCase
from exchange.brokering.handover.service import LONGEST
from exchange.brokering.kinds import MatchState
from exchange.kernel.actor import Actor
from exchange.listings.schemas import ListingRef, listing_ref

Given = dict[str, Any]
MOST_CASES = 1000


class CaseHolderSchema(ApiSchema):
    """A social worker."""

    id = fields.String()
    name = fields.String()


class CaseReceiverSchema(CaseHolderSchema):
    """Who could take cases over."""

    in_hand = fields.Integer(metadata={"description": "Cases in their hands now."})


class OpenCaseSchema(ApiSchema):
    """A case in a worker's hands: a match, or a need for which nobody has been found yet."""

    key = fields.String(metadata={"example": "match-17"})
    need = fields.Nested(ListingRef)
    offer = fields.Nested(ListingRef, allow_none=True)
    match = fields.String(allow_none=True, metadata={"description": "Id of the match."})
    state = fields.String(
        allow_none=True, metadata={"enum": [*(state.value for state in MatchState), None]}
    )


class HandoverLineSchema(OpenCaseSchema):
    """A case, the words its summary begins with, and who serves its place."""

    summary = fields.String()
    receivers = fields.List(fields.String())


class HandoverPreviewSchema(ApiSchema):
    """Everything that would be handed over."""

    person = fields.Nested(CaseHolderSchema)
    receivers = fields.List(fields.Nested(CaseReceiverSchema))
    cases = fields.List(fields.Nested(HandoverLineSchema))
    open_count = fields.Integer(metadata={"description": "Of the cases, what the caseload counts."})
    ended_count = fields.Integer(
        metadata={"description": "Of the cases, matches that ended and leave something to do."}
    )
    last_handover = fields.String(
        allow_none=True,
        metadata={"description": "Id of the newest handover of their cases that you may read."},
    )


class PassingBody(ApiSchema):
    """To whom one case goes, and where it stands."""

    key = Text(required=True, validate=length(1, 40))
    to = Text(required=True, validate=length(1, 20))
    summary = Text(load_default="", validate=length(0, LONGEST))


class HandOverBody(ApiSchema):
    """Every open case, once; nothing stays behind."""

    cases = fields.List(
        fields.Nested(PassingBody), required=True, validate=length(1, MOST_CASES)
    )
    note = Text(load_default="", validate=length(0, LONGEST))


class HandedCaseSchema(OpenCaseSchema):
    """A case that was handed over."""

    to = fields.Nested(CaseHolderSchema)
    summary = fields.String()


class HandoverSchema(ApiSchema):
    """What was handed over, as far as you may read it."""

    id = fields.String()
    person = fields.Nested(CaseHolderSchema)
    made_by = fields.Nested(CaseHolderSchema)
    made_at = fields.AwareDateTime()
    note = fields.String()
    cases = fields.List(fields.Nested(HandedCaseSchema))


def loaded_item(actor: Actor, one: LoadedCase) -> Given:
    """An open case as this reader may know it."""
    match = one.match
    return {
        "key": one.case.key,
        "need": listing_ref(actor, one.need),
        "offer": listing_ref(actor, match.offer) if match else None,
        "match": match.public_id if match else None,
        "state": match.state.value if match else None,
    }


def handover_item(actor: Actor, made: Handover, cases: list[HandoverCase]) -> Given:
    """A handover with the cases that this reader may read."""
    return {
        "id": made.public_id,
        "person": {"id": made.from_person.public_id, "name": made.from_person.name},
        "made_by": {"id": made.made_by.public_id, "name": made.made_by.name},
        "made_at": made.made_at,
        "note": made.note,
        "cases": [_handed(actor, one) for one in cases if one.need is not None],
    }


def _handed(actor: Actor, one: HandoverCase) -> Given:
    match = one.match
    return {
        "key": one.key,
        "need": listing_ref(actor, one.need) if one.need else None,
        "offer": listing_ref(actor, match.offer) if match else None,
        "match": match.public_id if match else None,
        "state": match.state.value if match else None,
        "to": {"id": one.to_person.public_id, "name": one.to_person.name},
        "summary": one.summary,
    }
