"""Reports, cases and decisions as programs read them."""

from typing import Any

from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, YesNo, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.kernel.actor import Actor
from exchange.moderation.kinds import CaseState, Part, Reason, Shown, StepKind, TargetKind, Verdict
from exchange.moderation.models import Appeal, CaseStep, ModerationCase, Report
from exchange.moderation.naming import target_title


class ReportBody(ApiSchema):
    """What is wrong with what."""

    kind = fields.Enum(TargetKind, by_value=fields.String(), required=True)
    target = Text(
        required=True,
        validate=length(1, 20),
        metadata={"description": "Id of what is reported; of the match for a person."},
    )
    part = fields.Enum(
        Part,
        by_value=fields.String(),
        load_default=None,
        allow_none=True,
        metadata={"description": "Whom in the match; for a person only."},
    )
    reason = fields.Enum(Reason, by_value=fields.String(), required=True)
    text = Text(load_default="", validate=length(0, 1000))


class ReportSchema(ApiSchema):
    """One's own report."""

    id = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in TargetKind]})
    reason = fields.String(metadata={"enum": [reason.value for reason in Reason]})
    text = fields.String()
    reported_at = fields.AwareDateTime()
    dealt_with = fields.Boolean()


class ReportPage(PageSchema):
    """One's own reports."""

    items = fields.List(fields.Nested(ReportSchema))


class CaseQuery(PageQuery):
    """Which cases."""

    show = fields.Enum(Shown, by_value=fields.String(), load_default=Shown.OPEN)
    page = fields.Integer(load_default=1, validate=between(1, 1000))


class CaseStepSchema(ApiSchema):
    """A line of the history."""

    kind = fields.String(metadata={"enum": [kind.value for kind in StepKind]})
    at = fields.AwareDateTime()
    note = fields.String()
    said = fields.String()


class CaseReportSchema(ApiSchema):
    """A report, without who made it."""

    reason = fields.String()
    text = fields.String()
    reported_at = fields.AwareDateTime()


class AppealSchema(ApiSchema):
    """The owner's appeal."""

    text = fields.String()
    asked_at = fields.AwareDateTime()
    upheld = fields.Boolean(allow_none=True)
    answer = fields.String()


class CaseSchema(ApiSchema):
    """A case, for those who look after it."""

    id = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in TargetKind]})
    title = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in CaseState]})
    priority = fields.Integer(metadata={"description": "0 comes first."})
    division = fields.String()
    at_centre = fields.Boolean()
    verdict = fields.String(allow_none=True)
    opened_at = fields.AwareDateTime()
    version = fields.Integer()


class CasePage(PageSchema):
    """Cases, the most pressing first. Pages are numbered; ``next_cursor`` is always null."""

    items = fields.List(fields.Nested(CaseSchema))
    more = fields.Boolean()


class WholeCaseSchema(CaseSchema):
    """A case with everything in it."""

    verdicts = fields.List(
        fields.String(), metadata={"description": "What you may decide at present."}
    )
    reports = fields.List(fields.Nested(CaseReportSchema))
    steps = fields.List(fields.Nested(CaseStepSchema))
    appeals = fields.List(fields.Nested(AppealSchema))


class VerdictBody(ApiSchema):
    """What is done and why; ``said`` is what the owner reads."""

    verdict = fields.Enum(Verdict, by_value=fields.String(), required=True)
    reason = Text(required=True, validate=length(1, 500))
    said = Text(load_default="", validate=length(0, 500))
    version = fields.Integer(required=True, validate=between(0, 10**9))


class CaseClaimBody(ApiSchema):
    """Take it, also from a colleague."""

    over = YesNo(load_default=False)


class AppealBody(ApiSchema):
    """Why the decision is not right."""

    text = Text(required=True, validate=length(1, 2000))


class AppealDecisionBody(ApiSchema):
    """Whether the owner is right; ``answer`` is what they read."""

    upheld = YesNo(required=True)
    answer = Text(required=True, validate=length(1, 500))
    version = fields.Integer(required=True, validate=between(0, 10**9))


class OwnDecisionSchema(ApiSchema):
    """What was decided about one's own."""

    id = fields.String()
    verdict = fields.String(allow_none=True)
    said = fields.String()
    hidden = fields.Boolean()
    closed = fields.Boolean()
    may_appeal = fields.Boolean()
    appeals = fields.List(fields.Nested(AppealSchema))


def report_told(report: Report) -> dict[str, Any]:
    """One's own report."""
    return {
        "id": report.public_id,
        "kind": report.case.kind.value,
        "reason": report.reason.value,
        "text": report.text,
        "reported_at": report.created_at,
        "dealt_with": report.case.closed_at is not None,
    }


def case_told(actor: Actor, case: ModerationCase) -> dict[str, Any]:
    """A case in short."""
    return {
        "id": case.public_id,
        "kind": case.kind.value,
        "title": target_title(case, actor),
        "state": case.state.value,
        "priority": case.priority,
        "division": case.division_code,
        "at_centre": case.at_centre,
        "verdict": case.verdict.value if case.verdict else None,
        "opened_at": case.opened_at,
        "version": case.version,
    }


def step_told(step: CaseStep) -> dict[str, Any]:
    """A line of the history."""
    return {"kind": step.kind.value, "at": step.at, "note": step.note, "said": step.said}


def appeal_told(appeal: Appeal) -> dict[str, Any]:
    """An appeal."""
    return {
        "text": appeal.text,
        "asked_at": appeal.created_at,
        "upheld": appeal.upheld,
        "answer": appeal.answer,
    }
