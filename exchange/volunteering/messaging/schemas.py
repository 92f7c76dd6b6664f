"""Messages to a shift, and who is silent, as programs send and read them."""

from typing import Any

from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, YesNo, length
from exchange.api.paging import PageSchema
from exchange.volunteering.messaging.kinds import Addressed, Answer, AskedBy
from exchange.volunteering.messaging.models import MessageRecipient, ShiftMessage
from exchange.volunteering.messaging.queries import Reached, Silent
from exchange.volunteering.messaging.rules import (
    LONGEST_MESSAGE,
    LONGEST_QUESTION,
    RELEASE_HOURS,
)
from exchange.volunteering.rules import LONGEST_NOTE

SIGNUPS = {"description": "Ids of sign-ups, as in the list of attendance."}


class ShiftMessageBody(ApiSchema):
    """What is written to whom."""

    text = Text(required=True, validate=length(1, LONGEST_MESSAGE))
    to = fields.Enum(Addressed, by_value=fields.String(), required=True)
    signups = fields.List(
        Text(validate=length(1, 20)), load_default=list, validate=length(0, 500), metadata=SIGNUPS
    )
    wants_answer = YesNo(load_default=False)
    client_id = Text(
        required=True,
        validate=length(1, 40),
        metadata={"description": "Your own name for this message: sent again it is one."},
    )


class MessageRecipientSchema(ApiSchema):
    """Who got it and what they said."""

    name = fields.String()
    answer = fields.String(allow_none=True, metadata={"enum": [one.value for one in Answer]})
    note = fields.String()
    answered_at = fields.AwareDateTime(allow_none=True)


class ShiftMessageSchema(ApiSchema):
    """A message on record."""

    id = fields.String()
    text = fields.String()
    to = fields.String(metadata={"enum": [one.value for one in Addressed]})
    wants_answer = fields.Boolean()
    sent_at = fields.AwareDateTime()
    told = fields.Integer(metadata={"description": "How many were told."})
    read = fields.Integer(metadata={"description": "How many have opened it."})
    recipients = fields.List(fields.Nested(MessageRecipientSchema))


class ShiftMessagePage(PageSchema):
    """The messages to a shift."""

    items = fields.List(fields.Nested(ShiftMessageSchema))


class OwnShiftMessageSchema(ApiSchema):
    """A message that you have got, and your answer."""

    id = fields.String()
    text = fields.String()
    shift = fields.String()
    wants_answer = fields.Boolean()
    sent_at = fields.AwareDateTime()
    my_answer = fields.String(allow_none=True, metadata={"enum": [one.value for one in Answer]})
    my_note = fields.String()


class ShiftAnswerBody(ApiSchema):
    """One of three answers; words for a question."""

    answer = fields.Enum(Answer, by_value=fields.String(), required=True)
    note = Text(load_default="", validate=length(0, LONGEST_QUESTION))


class ShiftAskBody(ApiSchema):
    """Whom to ask once more; nobody named asks all who are silent."""

    signups = fields.List(
        Text(validate=length(1, 20)), load_default=list, validate=length(0, 500), metadata=SIGNUPS
    )


class ShiftAskAnswer(ApiSchema):
    """How many were asked."""

    asked = fields.Integer()


class PlaceReleaseBody(ApiSchema):
    """Whose place goes to others, when, why."""

    signup = Text(required=True, validate=length(1, 20))
    hours = fields.Integer(
        strict=True, required=True, metadata={"enum": list(RELEASE_HOURS)}
    )
    reason = Text(required=True, validate=length(1, LONGEST_NOTE))


class SilentVolunteerSchema(ApiSchema):
    """Somebody who was asked and has not answered."""

    signup = fields.String()
    name = fields.String()
    since = fields.AwareDateTime()
    asked_by = fields.String(metadata={"enum": [one.value for one in AskedBy]})
    last_asked_at = fields.AwareDateTime()
    release_at = fields.AwareDateTime(allow_none=True)


class SilentVolunteerPage(PageSchema):
    """Who is silent, the longest first."""

    items = fields.List(fields.Nested(SilentVolunteerSchema))


def message_item(message: ShiftMessage, reached: Reached) -> dict[str, Any]:
    """A message on record, for those who look after the activity."""
    return {
        "id": message.public_id,
        "text": message.text,
        "to": message.addressed.value,
        "wants_answer": message.wants_answer,
        "sent_at": message.sent_at,
        "told": reached.told,
        "read": reached.read,
        "recipients": [
            {
                "name": one.person.name,
                "answer": one.answer.value if one.answer else None,
                "note": one.note,
                "answered_at": one.answered_at,
            }
            for one in message.recipients
        ],
    }


def own_message_item(message: ShiftMessage, own: MessageRecipient) -> dict[str, Any]:
    """A message that somebody has got; never who else."""
    return {
        "id": message.public_id,
        "text": message.text,
        "shift": message.shift.public_id,
        "wants_answer": message.wants_answer,
        "sent_at": message.sent_at,
        "my_answer": own.answer.value if own.answer else None,
        "my_note": own.note,
    }


def silent_item(one: Silent) -> dict[str, Any]:
    """Somebody who is silent."""
    return {
        "signup": one.signup.public_id,
        "name": one.signup.person.name,
        "since": one.since,
        "asked_by": one.by.value,
        "last_asked_at": one.last_asked_at,
        "release_at": one.release_at,
    }
