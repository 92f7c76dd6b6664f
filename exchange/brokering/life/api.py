"""Undoing, and the next best pair, for programs: the same verbs as on the pages."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text
from exchange.brokering.api import ONE, Given, answer_with, pair_ids
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import undoing
from exchange.brokering.schemas import NOTE, MatchSchema, PairBody
from exchange.listings.kinds import Side
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting

blp = ApiBlueprint(
    "api_match_life",
    __name__,
    title="Undoing steps of a match",
    description="A dismissal, a claim or an answer is taken back; another pair is taken up.",
)


class ReleaseBody(ApiSchema):
    """Why a pair goes back to the queue."""

    reason = fields.Enum(CloseReason, by_value=fields.String(), required=True)
    note = Text(load_default="", validate=NOTE)


class TakeAnswerBackBody(ApiSchema):
    """Whose answer is taken back."""

    side = fields.Enum(Side, by_value=fields.String(), required=True)


@blp.post(f"{ONE}/release")
@access(BROKER)
@blp.body(ReleaseBody, {"reason": "no_time"})
@blp.answers(200, MatchSchema, "Back in the queue")
def release(given: Given, public_id: str) -> Given:
    """Give a pair that was taken up and not proposed back: anybody of the place may take it up."""
    with acting() as act:
        undoing.release(act, public_id, **given)
    return answer_with(public_id)


@blp.post(f"{ONE}/restore")
@access(BROKER)
@blp.answers(200, MatchSchema, "The dismissal is undone")
def restore(public_id: str) -> Given:
    """Undo a dismissal: whoever made it within a week, a supervisor at any time."""
    with acting() as act:
        undoing.restore(act, public_id)
    return answer_with(public_id)


@blp.post(f"{ONE}/take-back")
@access(SIGNED_IN)
@blp.body(TakeAnswerBackBody, {"side": "need"})
@blp.answers(200, MatchSchema, "The answer is taken back")
def take_back(given: Given, public_id: str) -> Given:
    """Take a side's answer back while the other side has said nothing; a no within a day."""
    with acting() as act:
        undoing.take_back_answer(act, public_id, given["side"])
    return answer_with(public_id)


@blp.post(f"{ONE}/next")
@access(BROKER)
@blp.body(PairBody, {"need": "7k2mq9xw4tzr", "offer": "m4v8c2hd7yqa"})
@blp.answers(201, MatchSchema, "Taken up instead")
def take_next(given: Given, public_id: str) -> tuple[Given, int, dict[str, str]]:
    """After a match has ended, take up another pair of its need or its offer in its place."""
    with acting() as act:
        made: Any = undoing.claim_next(act, public_id, *pair_ids(act, given))
        next_id = made.public_id
    return answer_with(next_id), 201, {"Location": f"/api/v1/matches/{next_id}"}
