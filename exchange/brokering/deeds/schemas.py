"""Deliveries, changes, messages, feedback and follow-up of a match as programs read and send."""

from datetime import date
from typing import Any

from marshmallow import fields

from exchange.api.fields import ApiSchema, Quantity, Text, YesNo, between, length
from exchange.brokering.deeds.kinds import (
    Again,
    AgainReason,
    ChangeState,
    DeliveryState,
    FollowUpKind,
    FollowUpState,
    Thread,
)
from exchange.brokering.deeds.models import (
    CommitmentChange,
    Delivery,
    Feedback,
    FollowUp,
    MatchMessage,
)
from exchange.brokering.deeds.rules import LEAST_HELPED, MOST_HELPED
from exchange.brokering.models import ContactReveal, Match
from exchange.brokering.schemas import NOTE, SpeakingBody
from exchange.brokering.talk.messaging import LONGEST
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side

ID = length(1, 20)
SIDE = {"enum": [side.value for side in Side]}


class ConfirmDeliveryBody(SpeakingBody):
    """Which delivery, for which side."""

    delivery = Text(required=True, validate=ID)


class DisputeBody(ConfirmDeliveryBody):
    """What is not right about it."""

    note = Text(required=True, validate=length(1, 2000))


class SettleBody(ApiSchema):
    """How much of a disputed delivery counts."""

    delivery = Text(required=True, validate=ID)
    amount = Quantity(
        load_default=None,
        allow_none=True,
        metadata={"description": "In the offer's unit; null where nothing arrived."},
    )
    note = Text(required=True, validate=length(1, 2000))


class ChangeBody(ApiSchema):
    """What is to be agreed instead."""

    commitment = Text(required=True, validate=ID)
    taken = Quantity(
        load_default=None, allow_none=True, metadata={"description": "In the offer's unit."}
    )
    covers = Quantity(
        load_default=None, allow_none=True, metadata={"description": "In the need's unit."}
    )
    due_on = fields.Date(load_default=None, allow_none=True)
    drops_rest = YesNo(
        load_default=False,
        metadata={"description": "What has not arrived is let go, whatever the amounts say."},
    )
    note = Text(load_default="", validate=NOTE)


class AnswerChangeBody(SpeakingBody):
    """Yes or no to a change."""

    change = Text(required=True, validate=ID)
    accept = YesNo(required=True)


class TakeChangeBackBody(ApiSchema):
    """Which change is taken back."""

    change = Text(required=True, validate=ID)


class ContactConsentBody(SpeakingBody):
    """Whether the other side may see the contact."""

    give = YesNo(required=True)


class MessageBody(ApiSchema):
    """Words for a thread."""

    thread = fields.Enum(Thread, by_value=fields.String(), required=True)
    text = Text(required=True, validate=length(1, LONGEST))


class FeedbackBody(SpeakingBody):
    """How it was."""

    helped = fields.Integer(
        required=True,
        strict=True,
        validate=between(LEAST_HELPED, MOST_HELPED),
        metadata={"description": "1: did not help, 5: helped a lot."},
    )
    again = fields.Enum(Again, by_value=fields.String(), required=True)
    reason = fields.Enum(AgainReason, by_value=fields.String(), load_default=None, allow_none=True)
    text = Text(load_default="", validate=length(0, 1000))


class FollowUpBody(ApiSchema):
    """What was heard, or why nobody asked."""

    kind = fields.Enum(FollowUpKind, by_value=fields.String(), required=True)
    note = Text(required=True, validate=length(1, 2000))
    skipped = YesNo(load_default=False)


class DeliverySchema(ApiSchema):
    """A delivery note."""

    id = fields.String()
    commitment = fields.String()
    amount = Quantity(metadata={"description": "In the offer's unit."})
    arrived_on = fields.Date()
    note = fields.String()
    recorded_at = fields.DateTime()
    state = fields.String(metadata={"enum": [state.value for state in DeliveryState]})
    receiver = fields.String(metadata=SIDE)
    received_at = fields.DateTime(
        allow_none=True, metadata={"description": "When the receiving side confirmed it."}
    )
    given_at = fields.DateTime(
        allow_none=True, metadata={"description": "When the giving side confirmed it."}
    )
    dispute_note = fields.String()
    photos = fields.List(fields.String(), metadata={"description": "Ids of its pictures."})
    photos_until = fields.Date(
        allow_none=True,
        metadata={"description": "Until when you may add pictures; null where you may not."},
    )


class ChangeSchema(ApiSchema):
    """A change that waits for an answer, with what is agreed now."""

    id = fields.String()
    commitment = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in ChangeState]})
    taken = Quantity()
    covers = Quantity()
    due_on = fields.Date(allow_none=True)
    drops_rest = fields.Boolean()
    former_taken = Quantity()
    former_covers = Quantity()
    former_due_on = fields.Date(allow_none=True)
    note = fields.String()
    need_answer = fields.String()
    offer_answer = fields.String()


class MessageSchema(ApiSchema):
    """Somebody's words."""

    id = fields.String()
    side = fields.String(allow_none=True, metadata={**SIDE, "description": "Null: who brokers."})
    by = fields.String()
    is_mine = fields.Boolean()
    text = fields.String()
    at = fields.DateTime()


class ThreadSchema(ApiSchema):
    """A thread with its newest messages, the oldest first."""

    thread = fields.String(metadata={"enum": [thread.value for thread in Thread]})
    may_write = fields.Boolean()
    messages = fields.List(fields.Nested(MessageSchema))


class ThreadsSchema(ApiSchema):
    """The threads that you may read."""

    items = fields.List(fields.Nested(ThreadSchema))


class FeedbackSchema(ApiSchema):
    """What a side was asked and has said."""

    side = fields.String(metadata=SIDE)
    asked_at = fields.DateTime()
    given_at = fields.DateTime(allow_none=True)
    helped = fields.Integer(allow_none=True)
    again = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    text = fields.String()
    by_proxy = fields.Boolean()


class FollowUpSchema(ApiSchema):
    """A day on which the broker looks again."""

    kind = fields.String(metadata={"enum": [kind.value for kind in FollowUpKind]})
    due_on = fields.Date()
    state = fields.String(metadata={"enum": [state.value for state in FollowUpState]})
    closed_at = fields.DateTime(allow_none=True)
    note = fields.String()


class DeedsSchema(ApiSchema):
    """What has come, what waits for an answer, how it was and when somebody looks again."""

    deliveries = fields.List(fields.Nested(DeliverySchema))
    changes = fields.List(fields.Nested(ChangeSchema))
    feedback = fields.List(fields.Nested(FeedbackSchema))
    follow_ups = fields.List(
        fields.Nested(FollowUpSchema), metadata={"description": "For brokers; else empty."}
    )
    need_contact_withdrawn = fields.Boolean()
    offer_contact_withdrawn = fields.Boolean()
    may = fields.List(fields.String(), metadata={"description": "What you can do now."})


class RevealSchema(ApiSchema):
    """Somebody was shown your contact."""

    match = fields.String()
    by = fields.String()
    side = fields.String(allow_none=True, metadata={**SIDE, "description": "Null: who brokers."})
    first_at = fields.DateTime()
    last_at = fields.DateTime()
    times = fields.Integer()


class RevealsSchema(ApiSchema):
    """Who was shown your contact, the newest first; a hundred at most."""

    items = fields.List(fields.Nested(RevealSchema))


def delivery_item(one: Delivery, photos_until: date | None) -> dict[str, Any]:
    """A delivery note, for one reader."""
    return {
        "id": one.public_id,
        "commitment": one.commitment.public_id,
        "amount": one.milli,
        "arrived_on": one.arrived_on,
        "note": one.note,
        "recorded_at": one.recorded_at,
        "state": one.state.value,
        "receiver": one.receiver.value,
        "received_at": one.received_at,
        "given_at": one.given_at,
        "dispute_note": one.dispute_note,
        "photos": [row.file.public_id for row in one.files],
        "photos_until": photos_until,
    }


def change_item(one: CommitmentChange) -> dict[str, Any]:
    """A change and what it would replace."""
    return {
        "id": one.public_id,
        "commitment": one.commitment.public_id,
        "state": one.state.value,
        "taken": one.taken_milli,
        "covers": one.covers_milli,
        "due_on": one.due_on,
        "drops_rest": one.drops_rest,
        "former_taken": one.former_taken_milli,
        "former_covers": one.former_covers_milli,
        "former_due_on": one.former_due_on,
        "note": one.note,
        "need_answer": one.need_answer.value,
        "offer_answer": one.offer_answer.value,
    }


def message_item(one: MatchMessage, actor: Actor) -> dict[str, Any]:
    """Somebody's words."""
    return {
        "id": one.public_id,
        "side": one.side.value if one.side else None,
        "by": one.author.name,
        "is_mine": one.author_id == actor.person_id,
        "text": one.text,
        "at": one.at,
    }


def feedback_item(one: Feedback) -> dict[str, Any]:
    """What a side has said."""
    return {
        "side": one.side.value,
        "asked_at": one.asked_at,
        "given_at": one.given_at,
        "helped": one.helped,
        "again": one.again.value if one.again else None,
        "reason": one.again_reason.value if one.again_reason else None,
        "text": one.text,
        "by_proxy": one.proxy_consent is not None,
    }


def follow_up_item(one: FollowUp) -> dict[str, Any]:
    """A day to look again."""
    return {
        "kind": one.kind.value,
        "due_on": one.due_on,
        "state": one.state.value,
        "closed_at": one.closed_at,
        "note": one.note,
    }


def reveal_item(one: ContactReveal) -> dict[str, Any]:
    """Who was shown the reader's contact, and for which match."""
    found: Match = one.match
    return {
        "match": found.public_id,
        "by": one.shown_to.name,
        "side": one.as_side.value if one.as_side else None,
        "first_at": one.at,
        "last_at": one.last_at,
        "times": one.times,
    }
