"""Sums of approved volunteer hours, for programs."""

from typing import Any

from marshmallow import fields

from exchange.accounts.queries import organisation_by_public_id
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, length
from exchange.geography.rules import is_code
from exchange.kernel.errors import Forbidden, Invalid
from exchange.volunteering.hours_report.queries import Asked, may_read_report
from exchange.volunteering.hours_report.showing import Line, make_report, usual_days
from exchange.volunteering.kinds import Work
from exchange.volunteering.readers import reader
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import read_session

blp = ApiBlueprint(
    "api_hours_report",
    __name__,
    title="Volunteer hours summed up",
    description="Approved hours by organisation, by village and by kind of work.",
)


class HoursReportQuery(ApiSchema):
    """Of which days, whose, where, of which kind."""

    first = fields.Date(
        data_key="from", load_default=None, metadata={"description": "Else this year."}
    )
    last = fields.Date(
        data_key="to", load_default=None, metadata={"description": "Else today."}
    )
    organisation = Text(load_default="", validate=length(0, 20))
    division = Text(load_default="", validate=length(0, 12))
    work = fields.Enum(Work, by_value=fields.String(), load_default=None)


class HoursLineSchema(ApiSchema):
    """A group. Numbers are null where they would be of fewer than five people whom you may not
    know; the key is null for small groups taken together.
    """

    key = fields.String(allow_none=True)
    name = fields.String()
    people = fields.Integer(allow_none=True)
    times = fields.Integer(allow_none=True)
    minutes = fields.Integer(allow_none=True)


class HoursReportSchema(ApiSchema):
    """The three cuts and the total."""

    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    organisations = fields.List(fields.Nested(HoursLineSchema))
    villages = fields.List(fields.Nested(HoursLineSchema))
    works = fields.List(fields.Nested(HoursLineSchema))
    total = fields.Nested(HoursLineSchema)
    left_out = fields.Integer(
        metadata={"description": "Approved hours with an open objection, as far as you may know "
                  "whose; in no sum until it is settled."}
    )


@blp.get("/volunteer-hours")
@access(SIGNED_IN)
@blp.query(HoursReportQuery)
@blp.answers(200, HoursReportSchema, "The sums")
def report(given: dict[str, Any]) -> dict[str, Any]:
    """Approved hours of your organisation, and of what happened where your service point serves."""
    who, session = reader(), read_session()
    if not may_read_report(who.actor):
        raise Forbidden("hours_report_not_yours")
    usual = usual_days(who.today)
    first, last = given["first"] or usual[0], given["last"] or usual[1]
    if given["division"] and not is_code(given["division"]):
        raise Invalid(fields={"division": ["unknown_place"]})
    owner = organisation_by_public_id(session, given["organisation"])
    if given["organisation"] and owner is None:
        raise Invalid(fields={"organisation": ["unknown_reference"]})
    asked = Asked(first, last, owner.id if owner else None, given["division"], given["work"])
    found = make_report(session, who, asked)
    return {
        "first": first,
        "last": last,
        "organisations": [_item(one) for one in found.organisations],
        "villages": [_item(one) for one in found.places],
        "works": [_item(one) for one in found.works],
        "total": _item(found.total),
        "left_out": found.left_out,
    }


def _item(line: Line) -> dict[str, Any]:
    numbers = (line.people, line.times, line.minutes) if line.is_told else (None, None, None)
    return {
        "key": line.key or None,
        "name": str(line.name),
        **dict(zip(("people", "times", "minutes"), numbers, strict=True)),
    }
