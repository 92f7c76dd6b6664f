"""Ages, consents and checks as programs send and read them."""

from typing import Any

from marshmallow import fields, validate

from exchange.api.fields import ApiSchema, Text, YesNo, between, length
from exchange.volunteering.safeguarding.kinds import AskKind, ConsentState, ConsentWay
from exchange.volunteering.safeguarding.models import ChildrenCheck, GuardianConsent, SafeguardAsk
from exchange.volunteering.safeguarding.rules import LONGEST_NAME, LONGEST_REACH

WAYS = [way.value for way in ConsentWay if way is not ConsentWay.PHOTO]
PERSON = {"description": "The volunteer's id, as the lists of people give it."}


class AgeBody(ApiSchema):
    """That one is an adult, or when one was born."""

    adult = YesNo(load_default=False)
    birth_year = fields.Integer(strict=True, load_default=None, validate=between(1900, 2200))
    birth_month = fields.Integer(strict=True, load_default=None, validate=between(1, 12))


class RecordAskBody(ApiSchema):
    """Whom to ask for consent; left out where a check is missing."""

    guardian_name = Text(load_default="", validate=length(0, LONGEST_NAME))
    guardian_reach = Text(
        load_default="",
        validate=length(0, LONGEST_REACH),
        metadata={"description": "A mobile number or an e-mail address."},
    )


class GuardianConsentBody(ApiSchema):
    """A guardian's consent. Photos of a signed form are taken on the page."""

    person = Text(required=True, validate=length(1, 20), metadata=PERSON)
    activity = Text(
        load_default="",
        validate=length(0, 20),
        metadata={"description": "For this activity alone; left out: for all of yours."},
    )
    way = fields.String(required=True, validate=validate.OneOf(WAYS, error="field_choice"))
    guardian_name = Text(required=True, validate=length(1, LONGEST_NAME))
    guardian_reach = Text(required=True, validate=length(1, LONGEST_REACH))
    consent_on = fields.Date(load_default=None)
    valid_until = fields.Date(load_default=None)


class ChildrenCheckBody(ApiSchema):
    """That somebody was checked. What it said has no place here."""

    person = Text(required=True, validate=length(1, 20), metadata=PERSON)
    checked_on = fields.Date(required=True)
    checked_by = Text(
        load_default="",
        validate=length(0, 20),
        metadata={"description": "The organisation that made it; left out: yours."},
    )


class GuardianConsentSchema(ApiSchema):
    """A guardian's consent, without who gave it."""

    id = fields.String()
    person = fields.String()
    name = fields.String()
    organisation = fields.String()
    activity = fields.String(allow_none=True)
    way = fields.String(metadata={"enum": [way.value for way in ConsentWay]})
    state = fields.String(metadata={"enum": [state.value for state in ConsentState]})
    consent_on = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    recorded_at = fields.DateTime()


class GuardianSchema(ApiSchema):
    """Who gave it."""

    guardian_name = fields.String()
    guardian_reach = fields.String()


class ChildrenCheckSchema(ApiSchema):
    """A check: when, by whom, until when."""

    id = fields.String()
    person = fields.String()
    name = fields.String()
    organisation = fields.String()
    checked_by = fields.String()
    checked_on = fields.Date()
    expires_on = fields.Date()
    is_objected = fields.Boolean()
    recorded_at = fields.DateTime()


class RecordAskSchema(ApiSchema):
    """What a volunteer asks for."""

    id = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in AskKind]})
    person = fields.String()
    name = fields.String()
    organisation = fields.String()
    activity = fields.String(allow_none=True)
    asked_at = fields.DateTime()


class OwnSafeguardingSchema(ApiSchema):
    """What is on record about you."""

    age_known = fields.Boolean()
    is_minor = fields.Boolean()
    asks = fields.List(fields.Nested(RecordAskSchema))
    consents = fields.List(fields.Nested(GuardianConsentSchema))
    checks = fields.List(fields.Nested(ChildrenCheckSchema))


class SafeguardingSchema(ApiSchema):
    """What an organisation keeps, a page at a time; checks only for those who keep them."""

    asks = fields.List(fields.Nested(RecordAskSchema))
    consents = fields.List(fields.Nested(GuardianConsentSchema))
    checks = fields.List(fields.Nested(ChildrenCheckSchema))
    has_more = fields.Boolean()


class SafeguardingQuery(ApiSchema):
    """Which page."""

    page = fields.Integer(load_default=1, validate=between(1, 10_000))


def consent_item(one: GuardianConsent, today: Any) -> dict[str, Any]:
    """A consent as it is written."""
    return {
        "id": one.public_id,
        "person": one.person.public_id,
        "name": one.person.name,
        "organisation": one.organisation.public_id,
        "activity": one.activity.public_id if one.activity else None,
        "way": one.way.value,
        "state": one.state(today).value,
        "consent_on": one.consent_on,
        "valid_until": one.valid_until,
        "recorded_at": one.recorded_at,
    }


def check_item(one: ChildrenCheck) -> dict[str, Any]:
    """A check as it is written."""
    return {
        "id": one.public_id,
        "person": one.person.public_id,
        "name": one.person.name,
        "organisation": one.organisation.public_id,
        "checked_by": one.checked_by.public_id,
        "checked_on": one.checked_on,
        "expires_on": one.expires_on,
        "is_objected": one.objected_at is not None,
        "recorded_at": one.recorded_at,
    }


def ask_item(one: SafeguardAsk) -> dict[str, Any]:
    """An ask as it is written."""
    return {
        "id": one.public_id,
        "kind": one.kind.value,
        "person": one.person.public_id,
        "name": one.person.name,
        "organisation": one.organisation.public_id,
        "activity": one.activity.public_id if one.activity else None,
        "asked_at": one.asked_at,
    }
