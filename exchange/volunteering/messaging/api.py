"""Messages to a shift, and who is silent, for programs."""

from typing import Any

from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.errors import Forbidden, NotFound
from exchange.volunteering.messaging.answering_service import answer_message
from exchange.volunteering.messaging.queries import (
    Reached,
    messages_of,
    own_message,
    reached_by,
    silent_of,
)
from exchange.volunteering.messaging.schemas import (
    OwnShiftMessageSchema,
    PlaceReleaseBody,
    ShiftAnswerBody,
    ShiftAskAnswer,
    ShiftAskBody,
    ShiftMessageBody,
    ShiftMessagePage,
    ShiftMessageSchema,
    SilentVolunteerPage,
    message_item,
    own_message_item,
    silent_item,
)
from exchange.volunteering.messaging.sending_service import Letter, send_message
from exchange.volunteering.messaging.silence_service import ask_again, release_unless
from exchange.volunteering.models import Shift
from exchange.volunteering.permissions import may_manage, sees_people
from exchange.volunteering.queries import seen_shift
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_shift_messages",
    __name__,
    title="Messages to a shift",
    description="What coordinators write to volunteers, what these answer, and who is silent.",
)
Given = dict[str, Any]
EXAMPLE = {"text": "明早 8 点在村口集合，带水。", "to": "placed", "client_id": "3f2a-9c01"}


@blp.get("/shifts/<public_id:public_id>/messages")
@access(SIGNED_IN)
@blp.answers(200, ShiftMessagePage, "The newest first")
def index(public_id: str) -> Given:
    """What was written to people of a shift. For those who look after the activity."""
    session, shift = read_session(), _managed(public_id)
    found = messages_of(session, shift.id)
    reached = reached_by(session, [one.id for one in found])
    items = [message_item(one, reached.get(one.id, Reached())) for one in found]
    return {"items": items, "next_cursor": None}


@blp.post("/shifts/<public_id:public_id>/messages")
@access(SIGNED_IN)
@blp.body(ShiftMessageBody, EXAMPLE)
@blp.answers(201, ShiftMessageSchema, "Sent")
def send(given: Given, public_id: str) -> tuple[Given, int]:
    """Write to people of a shift; they are told by the channels they chose.

    With the same client_id it is one message. 409 beyond five messages to a shift within a day.
    """
    with acting() as act:
        letter = Letter(
            given["text"], given["to"], given["client_id"], tuple(given["signups"]),
            given["wants_answer"],
        )  # fmt: skip
        made = send_message(act, seen_shift(act.session, act.actor, public_id), letter)
        reached = reached_by(act.session, [made.id]).get(made.id, Reached())
        return message_item(made, reached), 201


@blp.get("/shift-messages/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers(200, OwnShiftMessageSchema, "The message")
def show(public_id: str) -> Given:
    """A message that you have got."""
    return own_message_item(*own_message(read_session(), current_actor().person_id, public_id))


@blp.post("/shift-messages/<public_id:public_id>/answer")
@access(SIGNED_IN)
@blp.body(ShiftAnswerBody, {"answer": "coming"})
@blp.answers(200, OwnShiftMessageSchema, "Noted")
def answer(given: Given, public_id: str) -> Given:
    """Say that you come, that you cannot, or ask something. The first two count for the shift."""
    with acting() as act:
        answer_message(act, public_id, given["answer"], given["note"])
    return own_message_item(*own_message(read_session(), current_actor().person_id, public_id))


@blp.get("/shifts/<public_id:public_id>/silent")
@access(SIGNED_IN)
@blp.answers(200, SilentVolunteerPage, "Who is silent")
def quiet(public_id: str) -> Given:
    """Who has a place, was asked whether they come, and has not answered; since when."""
    shift = seen_shift(read_session(), current_actor(), public_id)
    if not sees_people(current_actor(), shift.activity):
        raise NotFound
    found = silent_of(read_session(), [shift])[shift.id]
    return {"items": [silent_item(one) for one in found], "next_cursor": None}


@blp.post("/shifts/<public_id:public_id>/ask")
@access(SIGNED_IN)
@blp.body(ShiftAskBody, {"signups": []})
@blp.answers(200, ShiftAskAnswer, "Asked")
def ask(given: Given, public_id: str) -> Given:
    """Ask those who are silent once more; nobody more than once a day."""
    with acting() as act:
        found = seen_shift(act.session, act.actor, public_id)
        return {"asked": len(ask_again(act, found, given["signups"] or None))}


@blp.post("/shifts/<public_id:public_id>/release")
@access(SIGNED_IN)
@blp.body(PlaceReleaseBody, {"signup": "7k2mq9xw4tzr", "hours": 12, "reason": "名额紧，还有人在等"})
@blp.answers_nothing("They are told")
def release(given: Given, public_id: str) -> None:
    """Let a silent person's place go to others unless they answer within so many hours."""
    with acting() as act:
        found = seen_shift(act.session, act.actor, public_id)
        release_unless(act, found, given["signup"], given["hours"], given["reason"])


def _managed(public_id: str) -> Shift:
    shift = seen_shift(read_session(), current_actor(), public_id)
    if not may_manage(current_actor(), shift.activity):
        raise Forbidden("activity_not_yours")
    return shift
