"""Activities, shifts and answers as programs send and read them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Text, YesNo, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.volunteering.coordinating_service import RoleValues
from exchange.volunteering.kinds import (
    ActivityState,
    Circle,
    Repeat,
    ShiftState,
    SignupState,
    Skill,
    Work,
)
from exchange.volunteering.models import Activity, Shift, Signup, VolunteerRole
from exchange.volunteering.permissions import may_manage, sees_people
from exchange.volunteering.queries import own_answers, places_in_line, roles_of, shifts_of
from exchange.volunteering.rules import LONGEST_NOTE, LONGEST_TEXT, OLDEST
from exchange.volunteering.showing import Reader, ShiftLine, shift_line
from exchange.volunteering.values import ActivityValues, ShiftValues

VERSION = {"description": "The version you have read; another one answers 409."}
SKILLS = {"description": "Codes of skills.", "enum": [one.value for one in Skill]}
FOLLOWING = {"description": "Also all later ones of its series."}
SHIFT_EXAMPLE = {
    "starts_at": "2026-12-05T09:00:00+08:00",
    "ends_at": "2026-12-05T11:00:00+08:00",
    "minimum": 2,
    "maximum": 10,
}
EXAMPLE = {
    "title": "周六陪孩子读书",
    "division": "520422102243",
    "place": "村小学一楼",
    "work": "teaching",
    "shift": {**SHIFT_EXAMPLE, "repeat": "weekly", "until": "2027-01-30"},
}


def _skills() -> fields.List[str]:
    return fields.List(Text(validate=length(1, 40)), validate=length(0, 20), metadata=SKILLS)


class ShiftContent(ApiSchema):
    """When, how many, where."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    minimum = fields.Integer(strict=True, load_default=1, validate=between(0, 100_000))
    maximum = fields.Integer(strict=True, required=True, validate=between(1, 100_000))
    place = Text(load_default="", validate=length(0, 1000))
    role = Text(load_default="", validate=length(0, 20), metadata={"description": "Id of a role."})


class ShiftPost(ShiftContent):
    """A shift, or a series of them."""

    repeat = fields.Enum(Repeat, by_value=fields.String(), load_default=None, allow_none=True)
    until = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "Last day of the series."}
    )


class ShiftPatch(ShiftContent):
    """What a shift says from now on."""

    following = YesNo(load_default=False, metadata=FOLLOWING)
    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class ActivityContent(ApiSchema):
    """What an activity says."""

    title = Text(validate=length(0, 1000))
    division = Text(validate=length(0, 12), metadata={"description": "Official code."})
    text = Text(validate=length(0, LONGEST_TEXT * 2))
    work = fields.Enum(Work, by_value=fields.String())
    place = Text(validate=length(0, 1000))
    meeting_point = Text(validate=length(0, 1000))
    safety_note = Text(validate=length(0, 2000))
    skills = _skills()
    min_age = fields.Integer(strict=True, validate=between(0, OLDEST))
    max_age = fields.Integer(strict=True, allow_none=True, validate=between(0, OLDEST))
    guardian_needed = YesNo()
    with_children = YesNo()
    is_outdoor = YesNo()
    circle = fields.Enum(Circle, by_value=fields.String())
    warning_days = fields.Integer(strict=True, validate=between(0, 365))


class ActivityPost(ActivityContent):
    """A new activity, a draft unless ``publish`` says otherwise."""

    title = Text(required=True, validate=length(1, 1000))
    division = Text(
        required=True, validate=length(1, 12), metadata={"description": "Official code."}
    )
    shift = fields.Nested(ShiftPost, load_default=None, allow_none=True)
    publish = YesNo(load_default=False)


class ActivityPatch(ActivityContent):
    """What is to change; what is left out stays."""

    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class ReasonBody(ApiSchema):
    """Why something is called off; everybody who signed up reads it."""

    reason = Text(required=True, validate=length(1, LONGEST_NOTE))
    following = YesNo(load_default=False, metadata=FOLLOWING)


class RoleBody(ApiSchema):
    """What somebody does at an activity."""

    name = Text(required=True, validate=length(1, 1000))
    note = Text(load_default="", validate=length(0, 2000))
    skills = _skills()


class CoordinatorBody(ApiSchema):
    """A member of the organisation."""

    person = Text(required=True, validate=length(1, 20), metadata={"description": "Id."})


class JoinBody(ApiSchema):
    """Signing up."""

    wait = YesNo(load_default=True, metadata={"description": "Wait where the shift is full."})
    note = Text(load_default="", validate=length(0, LONGEST_NOTE))


class DeclineBody(ApiSchema):
    """Not coming."""

    note = Text(load_default="", validate=length(0, LONGEST_NOTE))


class ActivityQuery(PageQuery):
    """Which activities."""

    division = Text(load_default="", validate=length(0, 12))
    day = fields.Date(load_default=None)
    skill = fields.Enum(Skill, by_value=fields.String(), load_default=None)
    work = fields.Enum(Work, by_value=fields.String(), load_default=None)
    free = fields.Boolean(load_default=False)


class RoleSchema(ApiSchema):
    """A role."""

    id = fields.String()
    name = fields.String()
    note = fields.String()
    skills = fields.List(fields.String())


class ShiftSchema(ApiSchema):
    """A shift as this reader may know it."""

    id = fields.String()
    activity = fields.String(metadata={"description": "Id of the activity."})
    title = fields.String()
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    minimum = fields.Integer()
    maximum = fields.Integer()
    taken = fields.Integer()
    place = fields.String()
    role = fields.String(allow_none=True, metadata={"description": "Id of the role."})
    state = fields.String(metadata={"enum": [one.value for one in ShiftState]})
    cancel_reason = fields.String()
    my_answer = fields.String(
        allow_none=True, metadata={"enum": [*(one.value for one in SignupState), None]}
    )
    my_position = fields.Integer(
        allow_none=True, metadata={"description": "On the waiting list, from 1."}
    )
    asked_again = fields.Boolean(
        metadata={"description": "Whether you are to say if you still come after a change."}
    )
    version = fields.Integer()


class ShiftPage(PageSchema):
    """Shifts."""

    items = fields.List(fields.Nested(ShiftSchema))


class ActivitySchema(ApiSchema):
    """An activity as this reader may know it."""

    id = fields.String()
    state = fields.String(metadata={"enum": [one.value for one in ActivityState]})
    title = fields.String()
    text = fields.String()
    work = fields.String(metadata={"enum": [one.value for one in Work]})
    organisation = fields.Nested(OrganisationRef)
    division = fields.String()
    place = fields.String()
    meeting_point = fields.String(
        allow_none=True, metadata={"description": "Null for whoever is not signed up."}
    )
    safety_note = fields.String()
    skills = fields.List(fields.String())
    min_age = fields.Integer()
    max_age = fields.Integer(allow_none=True)
    guardian_needed = fields.Boolean()
    with_children = fields.Boolean()
    is_outdoor = fields.Boolean()
    circle = fields.String(metadata={"enum": [one.value for one in Circle]})
    warning_days = fields.Integer(allow_none=True)
    cancel_reason = fields.String()
    roles = fields.List(fields.Nested(RoleSchema))
    shifts = fields.List(
        fields.Nested(ShiftSchema), metadata={"description": "Those that are not over."}
    )
    version = fields.Integer()
    published_at = fields.DateTime(allow_none=True)
    url = fields.String(metadata={"description": "The page of it on this site."})


class ActivityBrief(ApiSchema):
    """An activity in a list."""

    id = fields.String()
    title = fields.String()
    work = fields.String()
    organisation = fields.Nested(OrganisationRef)
    division = fields.String()
    with_children = fields.Boolean()
    url = fields.String()


class ActivityPageSchema(PageSchema):
    """Activities."""

    items = fields.List(fields.Nested(ActivityBrief))


class AnswerSchema(ApiSchema):
    """What one person has answered."""

    person = fields.String()
    name = fields.String()
    shift = fields.String()
    state = fields.String(metadata={"enum": [one.value for one in SignupState]})
    note = fields.String()
    answered_at = fields.DateTime()
    asked_again = fields.Boolean()


class AnswerPage(PageSchema):
    """Answers, shift by shift."""

    items = fields.List(fields.Nested(AnswerSchema))


class CalendarSchema(ApiSchema):
    """The address of one's own calendar."""

    url = fields.String()


def activity_values(given: Mapping[str, Any], present: ActivityValues) -> ActivityValues:
    """The values with what was sent."""
    names = {"division": "division_code"}
    own = ActivityContent().fields.keys()
    sent = {names.get(key, key): value for key, value in given.items() if key in own}
    if "skills" in sent:
        sent["skills"] = tuple(sent["skills"])
    return replace(present, **sent)


def shift_values(given: Mapping[str, Any]) -> ShiftValues:
    """The values of a shift."""
    return ShiftValues(
        starts_at=given["starts_at"].astimezone(UTC),
        ends_at=given["ends_at"].astimezone(UTC),
        minimum=given["minimum"],
        maximum=given["maximum"],
        place=given["place"],
        role=given["role"],
    )


def role_values(given: Mapping[str, Any]) -> RoleValues:
    """The values of a role."""
    return RoleValues(given["name"], given["note"], tuple(given.get("skills", ())))


def role_item(role: VolunteerRole) -> dict[str, Any]:
    """A role."""
    return {
        "id": role.public_id, "name": role.name, "note": role.note, "skills": list(role.skills),
    }  # fmt: skip


def brief_item(reader: Reader, activity: Activity) -> dict[str, Any]:
    """An activity in a list."""
    return {
        "id": activity.public_id,
        "title": activity.title,
        "work": activity.work.value,
        "organisation": organisation_ref(reader.actor, activity.organisation),
        "division": activity.division_code,
        "with_children": activity.with_children,
        "url": f"/activities/{activity.public_id}",
    }


def activity_item(session: Session, reader: Reader, activity: Activity) -> dict[str, Any]:
    """An activity for this reader, who may know of it."""
    shifts = shifts_of(session, [activity.id], reader.now)[activity.id]
    items = shift_items(session, reader, shifts)
    comes = any(one["my_answer"] == SignupState.SIGNED_UP for one in items)
    inside = comes or sees_people(reader.actor, activity)
    plain = {
        name: getattr(activity, name)
        for name in (
            "title", "text", "place", "safety_note", "min_age", "max_age", "guardian_needed",
            "with_children", "is_outdoor", "cancel_reason", "version", "published_at",
        )
    }  # fmt: skip
    return {
        **brief_item(reader, activity),
        **plain,
        "state": activity.state.value,
        "circle": activity.circle.value,
        "skills": list(activity.skills),
        "meeting_point": activity.meeting_point if inside else None,
        "warning_days": activity.warning_days if may_manage(reader.actor, activity) else None,
        "roles": [role_item(one) for one in roles_of(session, activity.id)],
        "shifts": items,
    }


def shift_items(session: Session, reader: Reader, shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """Shifts with what the reader has answered."""
    own = own_answers(session, reader.actor.person_id, [one.id for one in shifts])
    positions = places_in_line(session, own.values())
    return [
        shift_item(shift_line(reader, one.activity, one, own.get(one.id), positions, {}))
        for one in shifts
    ]


def shift_item(line: ShiftLine) -> dict[str, Any]:
    """One shift."""
    shift = line.shift
    plain = {
        name: getattr(shift, name)
        for name in ("starts_at", "ends_at", "minimum", "maximum", "taken", "version")
    }
    return {
        **plain,
        "id": shift.public_id,
        "activity": shift.activity.public_id,
        "title": shift.activity.title,
        "place": line.place,
        "role": shift.role.public_id if shift.role else None,
        "state": shift.state.value,
        "cancel_reason": shift.cancel_reason,
        "my_answer": line.state.value if line.state else None,
        "my_position": line.position or None,
        "asked_again": line.is_asked,
    }


def answer_item(shift: Shift, signup: Signup) -> dict[str, Any]:
    """What one person has answered, for those who look after the activity."""
    return {
        "person": signup.person.public_id,
        "name": signup.person.name,
        "shift": shift.public_id,
        "state": signup.state.value,
        "note": signup.note,
        "answered_at": signup.answered_at,
        "asked_again": signup.asked_at is not None,
    }
