"""Taking accepted intentions up, for programs."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema
from exchange.brokering.intended.taking_up import take_up as take_intention_up
from exchange.web.access import BROKER, access
from exchange.web.acting import acting

blp = ApiBlueprint(
    "api_intended",
    __name__,
    title="Accepted intentions",
    description="From an accepted cooperation intention for a need to a match.",
)


class IntentionTakenUpSchema(ApiSchema):
    """The match it became."""

    match = fields.String()


@blp.post("/intentions/<public_id:public_id>/take-up")
@access(BROKER)
@blp.answers(200, IntentionTakenUpSchema, "Taken up")
def take_up(public_id: str) -> dict[str, Any]:
    """Take an accepted intention for a need up: its offer and the need become a match in your
    hands. Sent twice it is one match.
    """
    with acting() as act:
        return {"match": take_intention_up(act, public_id)}
