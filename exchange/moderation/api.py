"""Reports, cases and appeals for programs."""

from typing import Any

from exchange.accounts.kinds import Verification
from exchange.api.blueprint import ApiBlueprint
from exchange.api.paging import PageQuery
from exchange.kernel.errors import Invalid, NotFound
from exchange.moderation import limits, schemas
from exchange.moderation.appeal_service import appeal, decide_appeal
from exchange.moderation.case_service import Ruling, claim_case, decide_case
from exchange.moderation.models import ModerationCase, Report
from exchange.moderation.owner_panels import decision_view
from exchange.moderation.permissions import facts_of, is_owner
from exchange.moderation.queries import (
    appeals_of,
    case_with_id,
    cases_for,
    is_holding,
    own_report,
    own_reports,
    reports_of,
    steps_of,
)
from exchange.moderation.report_service import report
from exchange.moderation.rules import verdicts_for
from exchange.moderation.second_look import can_read_case
from exchange.web.access import BROKER, BROKER_OR_OPERATOR, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.throttle import count_try

blp = ApiBlueprint(
    "api_moderation",
    __name__,
    title="Reports",
    description="What people report, and what stations and centres do about it.",
)
Given = dict[str, Any]
CASE = "/moderation/cases/<public_id:public_id>"
DECISION = "/decisions/<public_id:public_id>"


@blp.post("/reports")
@access(SIGNED_IN)
@blp.body(
    schemas.ReportBody, {"kind": "listing", "target": "7k2mq9xw4tzr", "reason": "fraud"}
)
@blp.answers(201, schemas.ReportSchema, "Reported")
def create(given: Given) -> Given:
    """Report a listing, an organisation, or a person in a match."""
    count_try(limits.REPORT_PERSON, str(current_actor().person_id))
    with acting() as act:
        made = report(
            act, given["kind"], given["target"], given["reason"], given["text"], given["part"]
        )
        public_id = made.public_id
    return schemas.report_told(_own(public_id))


@blp.get("/reports")
@access(SIGNED_IN)
@blp.query(PageQuery)
@blp.answers(200, schemas.ReportPage, "Your reports, the newest first")
def index(asked: Given) -> Given:
    """What you have reported, and whether it was dealt with."""
    person_id, limit = current_actor().person_id or 0, asked["limit"]
    before = _own(asked["cursor"], cursor=True).id if asked["cursor"] else None
    found = own_reports(read_session(), person_id, before, limit + 1)
    more = found[limit - 1].public_id if len(found) > limit else None
    return {"items": [schemas.report_told(one) for one in found[:limit]], "next_cursor": more}


@blp.get("/moderation/cases")
@access(BROKER_OR_OPERATOR)
@blp.query(schemas.CaseQuery)
@blp.answers(200, schemas.CasePage, "Cases, the most pressing first")
def cases(asked: Given) -> Given:
    """What your station or centre looks after."""
    actor = current_actor()
    found, more = cases_for(read_session(), actor, asked["show"], asked["page"])
    items = [schemas.case_told(actor, case) for case in found]
    return {"items": items, "more": more, "next_cursor": None}


@blp.get(CASE)
@access(BROKER_OR_OPERATOR)
@blp.answers(200, schemas.WholeCaseSchema, "The case")
def show(public_id: str) -> Given:
    """A case with everything in it, but not who reported."""
    return _whole(public_id)


@blp.post(CASE + "/claim")
@access(BROKER)
@blp.body(schemas.CaseClaimBody)
@blp.answers(200, schemas.WholeCaseSchema, "Taken")
def claim(given: Given, public_id: str) -> Given:
    """Say that you look at it."""
    with acting() as act:
        claim_case(act, public_id, over=given["over"])
    return _whole(public_id)


@blp.post(CASE + "/verdict")
@access(BROKER)
@blp.body(
    schemas.VerdictBody,
    {"verdict": "mend", "reason": "价格写错", "said": "请改正价格", "version": 1},
)
@blp.answers_nothing("Decided")
def decide(given: Given, public_id: str) -> None:
    """Decide what is done. 409 when somebody else was faster."""
    ruling = Ruling(given["verdict"], given["reason"], given["said"], given["version"])
    with acting() as act:
        decide_case(act, public_id, ruling)


@blp.post(CASE + "/appeal")
@access(BROKER_OR_OPERATOR)
@blp.body(schemas.AppealDecisionBody)
@blp.answers_nothing("Decided")
def settle(given: Given, public_id: str) -> None:
    """Decide about an appeal; for a supervisor who has not decided before, of the place
    or, where there is none, of another centre; else for those who run the site.
    """
    with acting() as act:
        decide_appeal(
            act, public_id, upheld=given["upheld"], answer=given["answer"],
            version=given["version"],
        )  # fmt: skip


@blp.get(DECISION)
@access(SIGNED_IN)
@blp.answers(200, schemas.OwnDecisionSchema, "The decision")
def decision(public_id: str) -> Given:
    """What was decided about your own."""
    return _decision(public_id)


@blp.post(DECISION + "/appeal")
@access(SIGNED_IN)
@blp.body(schemas.AppealBody)
@blp.answers(201, schemas.OwnDecisionSchema, "Another person looks at it")
def complain(given: Given, public_id: str) -> Given:
    """Appeal against a decision about your own, once, within 30 days."""
    with acting() as act:
        appeal(act, public_id, given["text"])
    return _decision(public_id)


def _own(public_id: str, *, cursor: bool = False) -> Report:
    found = own_report(read_session(), current_actor().person_id or 0, public_id)
    if found is None:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]}) if cursor else (
            NotFound()
        )
    return found


def _seen(public_id: str) -> ModerationCase:
    case = case_with_id(read_session(), public_id)
    if case is None or not can_read_case(read_session(), current_actor(), case):
        raise NotFound
    return case


def _whole(public_id: str) -> Given:
    case, session, actor = _seen(public_id), read_session(), current_actor()
    owner = case.organisation
    facts = facts_of(
        case,
        is_held=is_holding(session, case.id),
        is_suspended=owner is not None and owner.verification is Verification.SUSPENDED,
    )
    return {
        **schemas.case_told(actor, case),
        "verdicts": [verdict.value for verdict in verdicts_for(actor, facts)],
        "reports": [
            {"reason": one.reason.value, "text": one.text, "reported_at": one.created_at}
            for one in reports_of(session, case.id)
        ],
        "steps": [schemas.step_told(step) for step in steps_of(session, case.id)],
        "appeals": [schemas.appeal_told(one) for one in appeals_of(session, case.id)],
    }


def _decision(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    case = case_with_id(session, public_id)
    if case is None or not is_owner(actor, case):
        raise NotFound
    view = decision_view(session, actor, case)
    return {
        "id": case.public_id,
        "verdict": case.verdict.value if case.verdict else None,
        "said": case.said,
        "hidden": view.is_held,
        "closed": view.is_closed,
        "may_appeal": view.may_appeal,
        "appeals": [schemas.appeal_told(one) for one in appeals_of(session, case.id)],
    }
