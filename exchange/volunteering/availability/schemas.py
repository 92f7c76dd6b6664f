"""Volunteers' time and substitutes as programs send and read them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields, validate

from exchange.api.fields import ApiSchema, Text, YesNo, length
from exchange.api.paging import PageSchema
from exchange.volunteering.attendance.certificate_rules import masked_name
from exchange.volunteering.availability.finding import Candidate
from exchange.volunteering.availability.kinds import Band, Reach, Reply, Tongue
from exchange.volunteering.availability.models import Availability, SubstituteRequest
from exchange.volunteering.availability.rules import MOST_AT_ONCE
from exchange.volunteering.availability.time_rules import CODES, codes_of, mask_of
from exchange.volunteering.availability.values import AvailabilityValues
from exchange.volunteering.kinds import Skill

TIMES = {
    "description": "Weekday (0 is Monday) and part of the day: until noon, until six, after that.",
    "enum": list(CODES),
}
VERSION = {"description": "The version you have read, 0 for none; another one answers 409."}
EXAMPLE = {
    "skills": ["tutoring", "driving"],
    "words": "教过三年小学数学",
    "times": ["5-morning", "6-morning"],
    "division": "520422102243",
    "reach": "county",
    "tongues": ["mandarin", "bouyei"],
    "may_be_asked": True,
    "is_adult": True,
}


def _codes(metadata: dict[str, Any]) -> fields.List[str]:
    return fields.List(Text(validate=length(1, 40)), validate=length(0, 40), metadata=metadata)


class AvailabilityContent(ApiSchema):
    """What you can do, when, where and how far."""

    skills = _codes({"enum": [one.value for one in Skill]})
    words = Text(validate=length(0, 2000), metadata={"description": "In your own words."})
    times = fields.List(
        fields.String(validate=validate.OneOf(CODES, error="field_choice")),
        validate=length(0, 40),
        metadata=TIMES,
    )
    from_date = fields.Date(allow_none=True)
    to_date = fields.Date(allow_none=True)
    division = Text(validate=length(1, 12), metadata={"description": "Where you live."})
    reach = fields.Enum(Reach, by_value=fields.String())
    tongues = _codes({"enum": [one.value for one in Tongue]})
    dialect = Text(validate=length(0, 400))
    has_transport = YesNo()
    is_remote = YesNo(metadata={"description": "You can also help online."})
    may_be_asked = YesNo(
        metadata={
            "description": "Coordinators of verified organisations, and social workers, may ask you"
            " to stand in."
        }
    )


class AvailabilityBody(AvailabilityContent):
    """What you say of your time; what is left out stays as it is."""

    is_adult = YesNo(load_default=False, metadata={"description": "You are 18 or older."})
    again = YesNo(
        load_default=False,
        metadata={"description": "Offer your time once more while a match holds it."},
    )
    version = fields.Integer(strict=True, load_default=None, metadata=VERSION)


class AvailabilityPauseBody(ApiSchema):
    """A time without you; without until it lasts until you come back."""

    from_date = fields.Date(required=True)
    until = fields.Date(load_default=None, allow_none=True)
    version = fields.Integer(strict=True, load_default=None, metadata=VERSION)


class AvailabilitySchema(AvailabilityContent):
    """What you say of your time, and the offer that is made of it."""

    pause_from = fields.Date(allow_none=True)
    pause_until = fields.Date(allow_none=True)
    consented_at = fields.DateTime(allow_none=True)
    listing = fields.String(allow_none=True)
    listing_state = fields.String(allow_none=True)
    version = fields.Integer()


class SubstituteSchema(ApiSchema):
    """Somebody who would fit; never their whole name."""

    id = fields.String(metadata={"description": "Send it to ask them."})
    name = fields.String(metadata={"description": "The first sign of the name."})
    skills = fields.List(fields.String(), metadata={"description": "Those that are wanted."})
    distance = fields.String(metadata={"enum": [one.value for one in Band]})
    times = fields.List(fields.String(), metadata=TIMES)
    has_transport = fields.Boolean()


class SubstituteAskedSchema(ApiSchema):
    """Somebody who was asked."""

    name = fields.String()
    asked_at = fields.DateTime()
    reply = fields.String(metadata={"enum": [one.value for one in Reply]})


class SubstitutesSchema(ApiSchema):
    """Who would fit a shift, and who was asked."""

    may_ask = fields.Boolean()
    count = fields.Integer(
        allow_none=True, metadata={"description": "null for fewer than five, where only counted."}
    )
    items = fields.List(fields.Nested(SubstituteSchema))
    asked = fields.List(fields.Nested(SubstituteAskedSchema))


class AskSubstitutesBody(ApiSchema):
    """Whom to ask."""

    people = fields.List(
        Text(validate=length(1, 20)), required=True, validate=length(1, MOST_AT_ONCE)
    )


class SubstitutesAskedAnswer(ApiSchema):
    """What came of it."""

    asked = fields.Integer()
    left_out = fields.Integer(
        metadata={"description": "Have no time any more, or were asked already."}
    )


class VolunteerSumsQuery(ApiSchema):
    """Which place."""

    division = Text(required=True, validate=validate.Regexp(r"\d{2}(\d{2}(\d{2})?)?\Z"))


class VolunteerSumsSchema(ApiSchema):
    """Sums; null where they are below five."""

    division = fields.String()
    count = fields.Integer(allow_none=True)
    skills = fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True))


class SubstituteRequestSchema(ApiSchema):
    """A shift that you are asked to come to."""

    shift = fields.String()
    activity = fields.String()
    title = fields.String()
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    asked_at = fields.DateTime()


class SubstituteRequestPage(PageSchema):
    """All of them."""

    items = fields.List(fields.Nested(SubstituteRequestSchema))


def availability_values(
    given: Mapping[str, Any], present: AvailabilityValues
) -> AvailabilityValues:
    """The values with what was sent."""
    names = {"division": "division_code"}
    own = AvailabilityContent().fields.keys()
    sent = {names.get(key, key): value for key, value in given.items() if key in own}
    for name in ("skills", "tongues"):
        if name in sent:
            sent[name] = tuple(sent[name])
    if "times" in sent:
        sent["times"] = mask_of(sent["times"])
    return replace(present, **sent, is_adult=given["is_adult"])


def availability_item(row: Availability) -> dict[str, Any]:
    """For its person alone."""
    plain = {
        name: getattr(row, name)
        for name in (
            "words", "from_date", "to_date", "dialect", "has_transport", "is_remote",
            "may_be_asked", "pause_from", "pause_until", "consented_at", "version", "reach",
        )
    }  # fmt: skip
    return {
        **plain,
        "skills": list(row.skills),
        "tongues": list(row.tongues),
        "times": list(codes_of(row.times)),
        "division": row.division_code,
        "listing": row.listing.public_id if row.listing else None,
        "listing_state": row.listing.state.value if row.listing else None,
    }


def candidate_item(one: Candidate) -> dict[str, Any]:
    """For those who may ask."""
    return {
        "id": one.row.public_id,
        "name": masked_name(one.row.person.name),
        "skills": list(one.shared),
        "distance": one.band.value,
        "times": list(codes_of(one.row.times)),
        "has_transport": one.row.has_transport,
    }


def asked_item(one: SubstituteRequest) -> dict[str, Any]:
    """For those who see who comes."""
    return {
        "name": masked_name(one.person.name),
        "asked_at": one.asked_at,
        "reply": one.reply.value,
    }


def request_item(one: SubstituteRequest) -> dict[str, Any]:
    """For whoever is asked."""
    shift = one.shift
    return {
        "shift": shift.public_id,
        "activity": shift.activity.public_id,
        "title": shift.activity.title,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "asked_at": one.asked_at,
    }
