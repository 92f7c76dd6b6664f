"""Verification for programs: asking, the queue, deciding, an organisation's record."""

from typing import Any

from marshmallow import fields

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.permissions import can_manage, can_see_organisation
from exchange.accounts.queries import organisation_by_public_id
from exchange.accounts.rules import may_verify
from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.accounts.verification.kinds import Check, DecisionKind, Ruling, Wanted
from exchange.accounts.verification.queries import (
    Filters,
    case_of,
    decisions_about,
    open_request,
    open_requests,
    request_id_of,
)
from exchange.accounts.verification.rules import checklist_of
from exchange.accounts.verification.service import (
    Answer,
    Evidence,
    ask_verification,
    claim_request,
    decide_request,
)
from exchange.accounts.verification.suspension_service import lift_suspension, suspend_organisation
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, YesNo, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_verification",
    __name__,
    title="Verification",
    description="Who is who: organisations ask, stations and centres decide.",
)
Given = dict[str, Any]
ONE = "/verification-requests/<public_id:public_id>"
OWNER = "/organisations/<public_id:public_id>"


class VerificationAskBody(ApiSchema):
    """How the station can check who the organisation is. Files are sent on the page."""

    evidence = Text(load_default="", validate=length(0, 2000))
    licence_number = Text(load_default="", validate=length(0, 80))
    licence_until = fields.Date(load_default=None, allow_none=True)


class VerificationRequestSchema(ApiSchema):
    """A request that waits for a decision."""

    id = fields.String()
    organisation = fields.Nested(OrganisationRef)
    asked_at = fields.AwareDateTime()
    renewal = fields.Boolean()
    evidence = fields.String()
    licence_number = fields.String()
    licence_until = fields.Date(allow_none=True)
    more_wanted = fields.Boolean(metadata={"description": "It waits for the organisation."})
    claimed = fields.Boolean(metadata={"description": "Somebody has taken it."})
    checklist = fields.List(fields.String(metadata={"enum": [one.value for one in Check]}))
    version = fields.Integer()


class VerificationPage(PageSchema):
    """Requests."""

    items = fields.List(fields.Nested(VerificationRequestSchema))


class VerificationQuery(PageQuery):
    """Which requests."""

    show = fields.Enum(Wanted, by_value=fields.String(), load_default=Wanted.WAITING)
    kind = fields.Enum(OrganisationKind, by_value=fields.String(), load_default=None)
    q = Text(load_default="", validate=length(0, 60))


class VerificationDecisionBody(ApiSchema):
    """The answer. A yes needs the whole checklist, everything else a reason."""

    ruling = fields.Enum(Ruling, by_value=fields.String(), required=True)
    reason = Text(load_default="", validate=length(0, 500))
    checked = fields.List(
        fields.Enum(Check, by_value=fields.String()), load_default=list, validate=length(0, 10)
    )
    credit_code = Text(load_default="", validate=length(0, 30))
    version = fields.Integer(required=True, validate=between(0, 10**9))


class ClaimBody(ApiSchema):
    """Take it, also from a colleague."""

    over = YesNo(load_default=False)


class StandingReasonBody(ApiSchema):
    """Why; the organisation's managers read it."""

    reason = Text(required=True, validate=length(1, 500))


class RecordSchema(ApiSchema):
    """One decision on record."""

    kind = fields.String(metadata={"enum": [kind.value for kind in DecisionKind]})
    at = fields.AwareDateTime()
    reason = fields.String()
    until = fields.Date(allow_none=True)


class StandingSchema(ApiSchema):
    """Where an organisation stands, and how it came there, the newest first."""

    state = fields.String(metadata={"enum": [state.value for state in Verification]})
    until = fields.Date(allow_none=True)
    licence_number = fields.String()
    licence_until = fields.Date(allow_none=True)
    record = fields.List(fields.Nested(RecordSchema))


def _told(request: VerificationRequest) -> Given:
    organisation, licence = request.organisation, request.licence_number
    return {
        "id": request.public_id,
        "organisation": organisation_ref(current_actor(), organisation),
        "asked_at": request.asked_at,
        "renewal": request.renewal,
        "evidence": request.evidence,
        "licence_number": licence,
        "licence_until": request.licence_until,
        "more_wanted": request.more_asked_at is not None,
        "claimed": request.claimed_by_id is not None,
        "checklist": [
            one.value for one in checklist_of(organisation.kind, has_licence=bool(licence))
        ],
        "version": request.version,
    }


@blp.get("/verification-requests")
@access(BROKER)
@blp.query(VerificationQuery)
@blp.answers(200, VerificationPage, "Requests, the oldest first")
def index(asked: Given) -> Given:
    """Who waits to be verified by your station or centre."""
    session, actor, limit = read_session(), current_actor(), asked["limit"]
    after = _after(asked["cursor"]) if asked["cursor"] else 0
    filters = Filters(asked["show"], asked["kind"], asked["q"])
    found = open_requests(session, actor, after, limit + 1, filters)
    more = found[limit - 1].public_id if len(found) > limit else None
    return {"items": [_told(one) for one in found[:limit]], "next_cursor": more}


@blp.get(ONE)
@access(BROKER)
@blp.answers(200, VerificationRequestSchema, "The request")
def show(public_id: str) -> Given:
    """One request that you may decide."""
    return _told(_open(public_id))


@blp.post(ONE + "/claim")
@access(BROKER)
@blp.body(ClaimBody)
@blp.answers(200, VerificationRequestSchema, "Taken")
def claim(given: Given, public_id: str) -> Given:
    """Say that you look at it."""
    with acting() as act:
        claim_request(act, public_id, over=given["over"])
    return _told(_open(public_id))


@blp.post(ONE + "/decision")
@access(BROKER)
@blp.body(VerificationDecisionBody, {"ruling": "more", "reason": "请补登记证照片", "version": 1})
@blp.answers_nothing("Decided; the organisation is told")
def decide(given: Given, public_id: str) -> None:
    """Verify, refuse, or ask for more. 409 when somebody else was faster."""
    answer = Answer(
        given["ruling"], given["reason"], frozenset(given["checked"]), given["credit_code"],
        given["version"],
    )  # fmt: skip
    with acting() as act:
        decide_request(act, public_id, answer)


@blp.post(OWNER + "/verification")
@access(SIGNED_IN)
@blp.body(VerificationAskBody)
@blp.answers(200, StandingSchema, "The station looks at it")
def ask(given: Given, public_id: str) -> Given:
    """Ask to be verified, answer what was asked for, or renew; for managers."""
    evidence = Evidence(
        words=given["evidence"],
        licence_number=given["licence_number"],
        licence_until=given["licence_until"],
    )
    with acting() as act:
        ask_verification(act, public_id, evidence)
    return _standing(public_id)


@blp.get(OWNER + "/standing")
@access(SIGNED_IN)
@blp.answers(200, StandingSchema, "The standing")
def standing(public_id: str) -> Given:
    """Where an organisation stands, for its managers and for who may decide."""
    return _standing(public_id)


@blp.post(OWNER + "/suspend")
@access(BROKER)
@blp.body(StandingReasonBody)
@blp.answers(200, StandingSchema, "Suspended")
def suspend(given: Given, public_id: str) -> Given:
    """Suspend an organisation that your station or centre may verify."""
    with acting() as act:
        suspend_organisation(act, public_id, given["reason"])
    return _standing(public_id)


@blp.post(OWNER + "/lift")
@access(BROKER)
@blp.body(StandingReasonBody)
@blp.answers(200, StandingSchema, "Lifted")
def lift(given: Given, public_id: str) -> Given:
    """End a suspension."""
    with acting() as act:
        lift_suspension(act, public_id, given["reason"])
    return _standing(public_id)


def _standing(public_id: str) -> Given:
    found = _decided_on(public_id)
    return {
        "state": found.verification.value,
        "until": found.verified_until,
        "licence_number": found.licence_number,
        "licence_until": found.licence_until,
        "record": [
            {"kind": one.kind.value, "at": one.at, "reason": one.reason, "until": one.until}
            for one in decisions_about(read_session(), found.id)
        ],
    }


def _decided_on(public_id: str) -> Organisation:
    actor, session = current_actor(), read_session()
    found = organisation_by_public_id(session, public_id)
    if found is None or not can_see_organisation(actor, found):
        raise NotFound
    if not can_manage(actor, found) and not may_verify(actor, case_of(session, found)):
        raise Forbidden("only_managers")
    return found


def _open(public_id: str) -> VerificationRequest:
    found = open_request(read_session(), current_actor(), public_id)
    if found is None:
        raise NotFound
    return found


def _after(cursor: str) -> int:
    """The request may have been decided since: the list goes on behind it all the same."""
    found = request_id_of(read_session(), cursor)
    if found is None:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return found
