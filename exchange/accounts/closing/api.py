"""Closing one's account, for programs."""

from typing import Any

from marshmallow import fields

from exchange.accounts.closing.labels import obstacle_words
from exchange.accounts.closing.obstacles import obstacles_of
from exchange.accounts.closing.service import ask_to_close
from exchange.accounts.closing.views import check_password
from exchange.accounts.me_views import own_row
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, length
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, house, read_session

blp = ApiBlueprint(
    "api_closing",
    __name__,
    title="Your account",
    description="What closing your account needs, and closing it.",
)


class ObstacleSchema(ApiSchema):
    """What must be settled first."""

    code = fields.String(metadata={"example": "closing_open_cases"})
    detail = fields.String()
    path = fields.String(metadata={"description": "Where it is put right; empty: elsewhere."})


class ObstaclesSchema(ApiSchema):
    """All of it; empty when the account may be closed."""

    items = fields.List(fields.Nested(ObstacleSchema))


class CloseAccountBody(ApiSchema):
    """The person's password, whatever the token may do."""

    password = fields.String(required=True, validate=length(1, 200))


class ClosingSchema(ApiSchema):
    """When it closes."""

    closes_at = fields.AwareDateTime()


@blp.get("/me/close")
@access(SIGNED_IN)
@blp.answers(200, ObstaclesSchema, "What must be settled first")
def obstacles() -> dict[str, Any]:
    """What keeps your account open: cases to hand over, organisations without another manager."""
    found = obstacles_of(house(), read_session(), own_row().id)
    return {
        "items": [
            {"code": one.code, "detail": obstacle_words(one), "path": one.path} for one in found
        ]
    }


@blp.post("/me/close")
@access(SIGNED_IN)
@blp.body(CloseAccountBody)
@blp.answers(200, ClosingSchema, "It closes, unless you sign in before")
def close(given: dict[str, Any]) -> dict[str, Any]:
    """Close your account in a week. Every session and every token, this one too, ends now.

    409 while something must be settled first. Signing in on the site takes it back.
    """
    check_password(given["password"])
    with acting() as act:
        due_at = ask_to_close(act).due_at
    return {"closes_at": due_at}
