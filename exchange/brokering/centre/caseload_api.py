"""How much a worker has in hand, and what rests for too long, for programs."""

from typing import Any

from marshmallow import fields

from exchange.accounts.actor_queries import load_actor
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema
from exchange.api.paging import PageQuery, PageSchema
from exchange.brokering.centre.caseload_queries import cases_in_hand
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_queries import told_cases
from exchange.brokering.centre.escalation_rules import Cause, days_since
from exchange.brokering.centre.settings import centre_settings_for
from exchange.brokering.handover.api import WORKER, cases_seen
from exchange.brokering.handover.queries import load_cases
from exchange.brokering.handover.schemas import CaseHolderSchema, OpenCaseSchema, loaded_item
from exchange.kernel.errors import Invalid
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.web.access import BROKER, SUPERVISOR, access
from exchange.web.acting import current_actor, house, read_session

blp = ApiBlueprint(
    "api_caseloads",
    __name__,
    title="Social workers",
    description="How much a worker carries, and what has rested for too long.",
)
Given = dict[str, Any]
LONGEST_CURSOR = 15


class CaseloadSchema(ApiSchema):
    """What is in a worker's hands."""

    person = fields.Nested(CaseHolderSchema)
    in_hand = fields.Integer(
        metadata={"description": "Live matches and needs; what the limit counts."}
    )
    limit = fields.Integer()
    blocks = fields.Boolean(
        metadata={"description": "Whether nobody takes up more; else they are warned."}
    )
    cases = fields.List(
        fields.Nested(OpenCaseSchema),
        metadata={"description": "With completed matches that somebody still looks at again."},
    )


class RestingSchema(ApiSchema):
    """A case in which nothing happens; the supervisors were told."""

    need = fields.Nested(ListingRef)
    offer = fields.Nested(ListingRef, allow_none=True)
    match = fields.String(allow_none=True)
    worker = fields.Nested(
        CaseHolderSchema, allow_none=True,
        metadata={"description": "Nobody where a need is in nobody's hands."},
    )  # fmt: skip
    cause = fields.String(metadata={"enum": [one.value for one in Cause]})
    since = fields.AwareDateTime()
    days = fields.Integer()
    told_at = fields.AwareDateTime()


class RestingPage(PageSchema):
    """Cases that rest."""

    items = fields.List(fields.Nested(RestingSchema))


@blp.get(f"{WORKER}/caseload")
@access(BROKER)
@blp.answers(200, CaseloadSchema, "What they carry")
def caseload(public_id: str) -> Given:
    """What is in a worker's hands, and how much they may carry: you, or whom you supervise."""
    person, cases = cases_seen(public_id)
    session, actor = read_session(), current_actor()
    serves = load_actor(session, person.id).serves
    settings = centre_settings_for(session, serves[0] if serves else None)
    return {
        "person": {"id": person.public_id, "name": person.name},
        "in_hand": cases_in_hand(session, (person.id,)).get(person.id, 0),
        "limit": settings.caseload_limit,
        "blocks": settings.caseload_blocks,
        "cases": [loaded_item(actor, one) for one in load_cases(session, cases)],
    }


@blp.get("/escalations")
@access(SUPERVISOR)
@blp.query(PageQuery)
@blp.answers(200, RestingPage, "Cases that rest, the longest told first")
def escalations(asked: Given) -> Given:
    """Cases in your area of which you were told because nothing happens; nobody has acted since."""
    limit = asked["limit"]
    found = told_cases(read_session(), current_actor(), _after(asked["cursor"]), limit + 1)
    more = str(found[limit - 1].id) if len(found) > limit else None
    return {"items": [_told(one) for one in found[:limit]], "next_cursor": more}


def _told(one: Escalation) -> Given:
    actor, match = current_actor(), one.match
    need = match.need if match else one.need
    worker = match.broker if match else one.person
    return {
        "need": listing_ref(actor, need) if need else None,
        "offer": listing_ref(actor, match.offer) if match else None,
        "match": match.public_id if match else None,
        "worker": {"id": worker.public_id, "name": worker.name} if worker else None,
        "cause": one.cause.value,
        "since": one.since,
        "days": days_since(one.since, house().clock.now()),
        "told_at": one.told_at,
    }


def _after(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or len(cursor) > LONGEST_CURSOR:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return int(cursor)
