"""Attendance, hours and certificates as programs send and read them."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields, validate

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Text, between, length
from exchange.api.paging import PageSchema
from exchange.kernel.actor import Actor
from exchange.volunteering.attendance.certificate_rules import LONGEST_REASON, masked_name
from exchange.volunteering.attendance.hours_rules import LONGEST_NOTE, MOST_MINUTES
from exchange.volunteering.attendance.kinds import Basis, MarkKind, Step
from exchange.volunteering.attendance.models import Certificate, HoursStep
from exchange.volunteering.attendance.rules import MOST_TICKS
from exchange.volunteering.attendance.showing import ListRow, OwnLine

KINDS = [kind.value for kind in MarkKind]
SIGNUP = {"description": "The id of the person's sign-up for this shift."}
SEEN = {"description": "The number of the last step that you have read; 0 for none."}
CHANGED = {"description": "Hours on it have been corrected since; it is not valid then."}
TRAVEL = {"description": "Written down beside; never counted."}


def _kind() -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(KINDS, error="field_choice"))


class TickSchema(ApiSchema):
    """One tick of a coordinator."""

    client_id = Text(
        required=True,
        validate=length(8, 60),
        metadata={"description": "Your own name for the tick: sent again it counts once."},
    )
    signup = Text(required=True, validate=length(1, 20), metadata=SIGNUP)
    kind = _kind()
    age_seconds = fields.Integer(
        strict=True,
        load_default=0,
        validate=between(0, 10**7),
        metadata={"description": "How long ago it was ticked, by your own clock."},
    )


class TicksBody(ApiSchema):
    """Ticks of one shift, also those made without a network."""

    ticks = fields.List(fields.Nested(TickSchema), required=True, validate=length(1, MOST_TICKS))


class TicksAnswer(ApiSchema):
    """What became of the ticks."""

    kept = fields.List(fields.String())
    refused = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "Why, by tick."}
    )


class CheckInBody(ApiSchema):
    """What a volunteer scanned."""

    code = Text(required=True, validate=length(1, 40))
    kind = _kind()


class HoursSchema(ApiSchema):
    """The last step about somebody's hours in a shift."""

    number = fields.Integer()
    step = fields.String(metadata={"enum": [step.value for step in Step]})
    minutes = fields.Integer()
    travel_minutes = fields.Integer(metadata=TRAVEL)
    basis = fields.String(metadata={"enum": [basis.value for basis in Basis]})
    note = fields.String()
    made_at = fields.DateTime()


class AttendanceSchema(ApiSchema):
    """Somebody on the list of a shift."""

    signup = fields.String(metadata=SIGNUP)
    name = fields.String()
    state = fields.String(allow_none=True, metadata={"enum": [*KINDS, None]})
    by_code = fields.Boolean()
    came_at = fields.DateTime(allow_none=True)
    left_at = fields.DateTime(allow_none=True)
    hours = fields.Nested(HoursSchema, allow_none=True)


class AttendanceList(ApiSchema):
    """Everybody with a place in a shift."""

    items = fields.List(fields.Nested(AttendanceSchema))


class ProposalSchema(ApiSchema):
    """How long somebody was there."""

    signup = Text(required=True, validate=length(1, 20), metadata=SIGNUP)
    minutes = fields.Integer(strict=True, required=True, validate=between(0, MOST_MINUTES))
    travel_minutes = fields.Integer(
        strict=True, load_default=0, validate=between(0, MOST_MINUTES), metadata=TRAVEL
    )
    note = Text(load_default="", validate=length(0, LONGEST_NOTE))
    seen = fields.Integer(strict=True, load_default=0, validate=between(0, 10**6), metadata=SEEN)


class ProposalsBody(ApiSchema):
    """Hours of one shift."""

    hours = fields.List(
        fields.Nested(ProposalSchema), required=True, validate=length(1, MOST_TICKS)
    )


class ApprovedHoursSchema(ApiSchema):
    """Whose hours are approved."""

    signup = Text(required=True, validate=length(1, 20), metadata=SIGNUP)
    seen = fields.Integer(strict=True, required=True, validate=between(0, 10**6), metadata=SEEN)


class ApprovalBody(ApiSchema):
    """Hours that a manager stands by."""

    hours = fields.List(
        fields.Nested(ApprovedHoursSchema), required=True, validate=length(1, MOST_TICKS)
    )
    note = Text(load_default="", validate=length(0, LONGEST_NOTE))


class ApprovalAnswer(ApiSchema):
    """What became of it."""

    approved = fields.Integer()
    own_left = fields.Boolean(
        metadata={"description": "Whether your own hours were left to another manager."}
    )


class ObjectionBody(ApiSchema):
    """What is wrong with one's hours."""

    words = Text(required=True, validate=length(1, LONGEST_NOTE))


class OwnHoursSchema(ApiSchema):
    """One of one's own shifts."""

    shift = fields.String()
    activity = fields.String()
    organisation = fields.Nested(OrganisationRef)
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    approved_minutes = fields.Integer()
    hours = fields.Nested(HoursSchema, allow_none=True)
    may_object = fields.Boolean()


class OwnHoursPage(PageSchema):
    """One's own shifts that have begun, the latest first."""

    items = fields.List(fields.Nested(OwnHoursSchema))


class NumberBody(ApiSchema):
    """One's number in the national system."""

    number = Text(required=True, validate=length(1, 60))


class NumberSchema(ApiSchema):
    """One's number in the national system."""

    number = fields.String(allow_none=True)


class CertificateBody(ApiSchema):
    """What is to be certified: one activity, or a period with the organisation."""

    organisation = Text(required=True, validate=length(1, 20))
    person = Text(
        load_default="",
        validate=length(0, 20),
        metadata={"description": "For managers: the id of the sign-up; empty for oneself."},
    )
    activity = Text(load_default="", validate=length(0, 20))
    from_day = fields.Date(load_default=None, allow_none=True)
    to_day = fields.Date(load_default=None, allow_none=True)


class RevokeBody(ApiSchema):
    """Why a certificate holds no more."""

    reason = Text(required=True, validate=length(1, LONGEST_REASON))


class CertificateSchema(ApiSchema):
    """A certificate."""

    id = fields.String()
    number = fields.String()
    code = fields.String()
    organisation = fields.String()
    name = fields.String()
    activity = fields.String(allow_none=True)
    from_day = fields.Date()
    to_day = fields.Date()
    minutes = fields.Integer()
    valid = fields.Boolean()
    replaced = fields.Boolean()
    hours_changed = fields.Boolean(metadata=CHANGED)
    revoke_reason = fields.String()
    issued_at = fields.DateTime()
    url = fields.String(metadata={"description": "The page to print."})


class CertificatePage(PageSchema):
    """Certificates, the newest first."""

    items = fields.List(fields.Nested(CertificateSchema))


class VerificationQuery(ApiSchema):
    """What stands on the paper."""

    code = Text(required=True, validate=length(1, 40))


class VerificationSchema(ApiSchema):
    """What everybody may know of a certificate."""

    valid = fields.Boolean()
    replaced = fields.Boolean()
    hours_changed = fields.Boolean(metadata=CHANGED)
    revoke_reason = fields.String()
    organisation = fields.String()
    name = fields.String(metadata={"description": "Masked: the first sign and an asterisk."})
    activity = fields.String(allow_none=True)
    from_day = fields.Date()
    to_day = fields.Date()
    minutes = fields.Integer()


class ExportBody(ApiSchema):
    """A period."""

    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True)


class ExportRowSchema(ApiSchema):
    """One volunteer in one shift."""

    number = fields.String(metadata={"description": "In the national system; empty if not given."})
    name = fields.String()
    activity = fields.String()
    day = fields.Date()
    begins = fields.String()
    ends = fields.String()
    minutes = fields.Integer()


class ExportSchema(ApiSchema):
    """Approved hours for the national system."""

    items = fields.List(fields.Nested(ExportRowSchema))
    left_out = fields.Integer(
        metadata={"description": "Approved hours with an open objection; not among the items."}
    )


def hours_item(step: HoursStep | None) -> dict[str, Any] | None:
    """The last step."""
    if step is None:
        return None
    return {
        "number": step.number,
        "step": step.step.value,
        "minutes": step.minutes,
        "travel_minutes": step.travel_minutes,
        "basis": step.basis.value,
        "note": step.note,
        "made_at": step.made_at,
    }


def attendance_item(row: ListRow, step: HoursStep | None) -> dict[str, Any]:
    """Somebody on the list."""
    return {
        "signup": row.signup,
        "name": row.name,
        "state": row.state or None,
        "by_code": row.by_code,
        "came_at": row.came_at,
        "left_at": row.left_at,
        "hours": hours_item(step),
    }


def own_items(actor: Actor, lines: Iterable[OwnLine]) -> list[dict[str, Any]]:
    """One's own shifts."""
    return [
        {
            "shift": line.signup.shift.public_id,
            "activity": line.signup.shift.activity.title,
            "organisation": organisation_ref(actor, line.signup.shift.activity.organisation),
            "starts_at": line.signup.shift.starts_at,
            "ends_at": line.signup.shift.ends_at,
            "approved_minutes": line.standing,
            "hours": hours_item(line.step),
            "may_object": line.may_object,
        }
        for line in lines
    ]


def verification_item(one: Certificate, *, hours_changed: bool) -> dict[str, Any]:
    """What everybody may know of a certificate."""
    return {
        "valid": one.is_valid and not hours_changed,
        "hours_changed": hours_changed,
        "replaced": one.replaced_by_id is not None,
        "revoke_reason": one.revoke_reason,
        "organisation": one.organisation_name,
        "name": masked_name(one.name),
        "activity": one.title or None,
        "from_day": one.from_day,
        "to_day": one.to_day,
        "minutes": one.minutes,
    }


def certificate_item(one: Certificate, *, hours_changed: bool) -> dict[str, Any]:
    """A certificate, for whom it concerns."""
    return {
        **verification_item(one, hours_changed=hours_changed),
        "id": one.public_id,
        "number": one.number,
        "code": one.code,
        "name": one.name,
        "issued_at": one.issued_at,
        "url": f"/certificates/{one.public_id}",
    }
