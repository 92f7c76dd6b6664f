"""Copying an activity, for programs."""

from typing import Any

from flask import url_for
from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema
from exchange.volunteering.copying.service import copy_activity
from exchange.volunteering.queries import seen_activity
from exchange.volunteering.readers import reader
from exchange.volunteering.schemas import ActivitySchema, activity_item
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, read_session

blp = ApiBlueprint(
    "api_activity_copies",
    __name__,
    title="Copies of activities",
    description="The same words, roles and shifts on other days.",
)


class ActivityCopyBody(ApiSchema):
    """The day on which the copy begins; the other shifts follow at the same distance."""

    first_day = fields.Date(required=True)


@blp.post("/activities/<public_id:public_id>/copy")
@access(SIGNED_IN)
@blp.body(ActivityCopyBody, {"first_day": "2027-03-06"})
@blp.answers(201, ActivitySchema, "A draft")
def copy(given: dict[str, Any], public_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Make a draft after an activity that you look after; people do not come along.

    Sent twice within minutes it is one.
    """
    with acting() as act:
        found = seen_activity(act.session, act.actor, public_id)
        made = copy_activity(act, found, given["first_day"]).activity.public_id
    session, who = read_session(), reader()
    item = activity_item(session, who, seen_activity(session, who.actor, made))
    return item, 201, {"Location": url_for("api_volunteering.show", public_id=made)}
