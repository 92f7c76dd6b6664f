"""A roadshow or visit as programs send and read it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from exchange.api.fields import ApiSchema, Text, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.kernel.actor import Actor
from exchange.projects.visits.announcing import VisitValues
from exchange.projects.visits.kinds import SignUpState, VisitKind, VisitState
from exchange.projects.visits.models import Visit
from exchange.projects.visits.permissions import may_run, sees_link
from exchange.projects.visits.queries import own_sign_up
from exchange.projects.visits.rules import (
    LONGEST_LINK,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_PEOPLE,
    MOST_SEATS,
)

EXAMPLE = {
    "kind": "visit", "title": "冷库现场看看", "starts_at": "2026-12-05T09:30:00+08:00",
    "place": "朵贝村村委会门口", "seats": 20,
}  # fmt: skip
VERSION = {"description": "The version you have read; another one answers 409."}


class VisitPost(ApiSchema):
    """What is announced."""

    kind = Text(
        required=True,
        validate=validate.OneOf([one.value for one in VisitKind], error="field_choice"),
    )
    title = Text(required=True, validate=length(1, LONGEST_TITLE))
    text = Text(load_default="", validate=length(0, LONGEST_TEXT))
    place = Text(load_default="", validate=length(0, LONGEST_PLACE))
    link = Text(load_default="", validate=length(0, LONGEST_LINK))
    starts_at = fields.AwareDateTime(required=True, format="iso")
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True, format="iso")
    closes_at = fields.AwareDateTime(load_default=None, allow_none=True, format="iso")
    seats = fields.Integer(required=True, strict=True, validate=between(1, MOST_SEATS))


class VisitPut(VisitPost):
    """The same in whole, in place of what it said."""

    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class VisitCancelBody(ApiSchema):
    """Why."""

    reason = Text(required=True, validate=length(1, LONGEST_REASON))


class VisitSignUpBody(ApiSchema):
    """How many come."""

    people = fields.Integer(required=True, strict=True, validate=between(1, MOST_PEOPLE))


class VisitSignUpSchema(ApiSchema):
    """What your organisation has said."""

    people = fields.Integer()
    state = fields.String(metadata={"enum": [one.value for one in SignUpState]})


class VisitSchema(ApiSchema):
    """A roadshow or visit."""

    id = fields.String()
    project = fields.String(metadata={"description": "The project's id."})
    kind = fields.String(metadata={"enum": [one.value for one in VisitKind]})
    state = fields.String(metadata={"enum": [one.value for one in VisitState]})
    title = fields.String()
    text = fields.String()
    place = fields.String()
    link = fields.String(
        allow_none=True,
        metadata={"description": "For those with a seat, and those who run it; else null."},
    )
    starts_at = fields.DateTime()
    ends_at = fields.DateTime(allow_none=True)
    closes_at = fields.DateTime()
    seats = fields.Integer()
    left = fields.Integer()
    own = fields.Nested(VisitSignUpSchema, allow_none=True)
    cancel_reason = fields.String()
    version = fields.Integer(allow_none=True, metadata={"description": "For those who run it."})
    url = fields.String()


class VisitQuery(PageQuery):
    """Which roadshows and visits."""

    division = Text(
        load_default="",
        validate=length(0, 12),
        metadata={"description": "Of projects in a division, its parts, or what contains it."},
    )
    day = fields.Date(load_default=None, metadata={"description": "On this day only."})
    kind = fields.Enum(VisitKind, by_value=fields.String(), load_default=None)
    free = fields.Boolean(
        load_default=False, metadata={"description": "Only with seats that are free."}
    )


class VisitPage(PageSchema):
    """Roadshows and visits; never more than a page."""

    items = fields.List(fields.Nested(VisitSchema))


def given_values(given: Mapping[str, Any]) -> VisitValues:
    """What was sent, as values."""
    names = ("title", "text", "place", "link", "starts_at", "ends_at", "closes_at", "seats")
    return VisitValues(kind=VisitKind(given["kind"]), **{name: given[name] for name in names})


def visit_item(actor: Actor, visit: Visit) -> dict[str, Any]:
    """One for this reader, who may see it."""
    own = own_sign_up(visit, actor.organisation_id)
    runs = may_run(actor, visit.project)
    return {
        "id": visit.public_id,
        "project": visit.project.public_id,
        "kind": visit.kind.value,
        "state": visit.state.value,
        "title": visit.title,
        "text": visit.text,
        "place": visit.place,
        "link": visit.link if visit.link and sees_link(actor, visit) else None,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "closes_at": visit.closes_at,
        "seats": visit.seats,
        "left": visit.seats - visit.taken,
        "own": {"people": own.people, "state": own.state.value} if own else None,
        "cancel_reason": visit.cancel_reason,
        "version": visit.version if runs else None,
        "url": f"/visits/{visit.public_id}",
    }
