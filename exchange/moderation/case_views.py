"""The doors of those who look after cases: the queue, a case, an appeal."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.kinds import Verification
from exchange.accounts.place_forms import place_label
from exchange.accounts.verification.rules import claim_counts
from exchange.kernel.act import Act
from exchange.kernel.decisions import allow
from exchange.kernel.errors import Conflict, NotFound
from exchange.moderation.appeal_service import decide_appeal
from exchange.moderation.case_panels import (
    case_line,
    case_tags,
    claim_words,
    report_views,
    step_views,
    target_view,
)
from exchange.moderation.case_service import (
    Ruling,
    claim_case,
    decide_case,
    release_case,
)
from exchange.moderation.forms import AppealDecisionForm, VerdictForm
from exchange.moderation.kinds import Shown, Verdict
from exchange.moderation.labels import SHOWN
from exchange.moderation.models import ModerationCase
from exchange.moderation.owner_panels import appeal_view
from exchange.moderation.permissions import can_handle, facts_of
from exchange.moderation.queries import (
    appeals_of,
    case_with_id,
    cases_for,
    count_cases,
    is_holding,
    reasons_of,
)
from exchange.moderation.rules import verdicts_for
from exchange.moderation.second_look import can_read_case, may_look_again
from exchange.moderation.views import bp
from exchange.web.access import BROKER, BROKER_OR_OPERATOR, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.sentences import sentence

LAST_PAGE = 1_000


@bp.get("/moderation")
@access(BROKER_OR_OPERATOR)
def queue() -> ResponseReturnValue:
    """What was reported in the reader's area, the most pressing first."""
    session, actor = read_session(), current_actor()
    asked = request.args.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.OPEN
    page = min(max(request.args.get("page", 1, type=int) or 1, 1), LAST_PAGE)
    found, more = cases_for(session, actor, shown, page)
    reasons = reasons_of(session, [case.id for case in found])
    counts = count_cases(session, actor)
    return render_template(
        "moderation/queue.html",
        lines=[case_line(case, actor, reasons[case.id]) for case in found],
        tabs=[
            {
                "url": url_for("moderation.queue", show=one.value), "label": SHOWN[one],
                "active": one is shown,
                "count": counts[one] if one is not Shown.CLOSED else None,
            }
            for one in Shown
        ],
        previous=url_for("moderation.queue", show=shown.value, page=page - 1) if page > 1 else None,
        following=url_for("moderation.queue", show=shown.value, page=page + 1) if more else None,
    )  # fmt: skip


@bp.route("/moderation/<public_id>", methods=["GET", "POST"])
@access(BROKER_OR_OPERATOR)
def show(public_id: str) -> ResponseReturnValue:
    """Look at one case and decide."""
    form = VerdictForm()
    form.offer(_verdicts(_seen(public_id)))

    def work(act: Act) -> ModerationCase:
        ruling = Ruling(
            Verdict(form.verdict.data), form.reason.data or "", form.said.data or "",
            form.read_version,
        )  # fmt: skip
        return decide_case(act, public_id, ruling)

    if attempt(form, work) is not None:
        flash(_("Decided, and on record."), "success")
        return redirect(url_for("moderation.queue"))
    return _case_page(public_id, form, AppealDecisionForm(formdata=None))


@bp.post("/moderation/<public_id>/claim")
@access(BROKER)
def claim(public_id: str) -> ResponseReturnValue:
    """Say that one looks at it, or put it down."""
    _seen(public_id)
    step = request.form.get("step", "")
    try:
        with acting() as act:
            if step == "release":
                release_case(act, public_id)
            else:
                claim_case(act, public_id, over=step == "over")
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    return redirect(url_for("moderation.show", public_id=public_id))


@bp.post("/moderation/<public_id>/appeal")
@access(BROKER_OR_OPERATOR)
def settle(public_id: str) -> ResponseReturnValue:
    """Decide about an appeal."""
    form = AppealDecisionForm()

    def work(act: Act) -> Any:
        return decide_appeal(
            act, public_id, upheld=form.upheld.data == "yes", answer=form.answer.data or "",
            version=form.read_version,
        )  # fmt: skip

    if attempt(form, work) is not None:
        flash(_("Decided, and on record."), "success")
        return redirect(url_for("moderation.queue", show=Shown.APPEALS.value))
    return _case_page(public_id, VerdictForm(formdata=None), form)


def _seen(public_id: str) -> ModerationCase:
    """The case, for one who looks after it or decides about its appeal. Raises NotFound."""
    case = case_with_id(read_session(), public_id)
    if case is None or not can_read_case(read_session(), current_actor(), case):
        raise NotFound
    return case


def _verdicts(case: ModerationCase) -> tuple[Verdict, ...]:
    owner = case.organisation
    facts = facts_of(
        case,
        is_held=is_holding(read_session(), case.id),
        is_suspended=owner is not None and owner.verification is Verification.SUSPENDED,
    )
    return verdicts_for(current_actor(), facts)


def _case_page(
    public_id: str, form: VerdictForm, answer: AppealDecisionForm
) -> ResponseReturnValue:
    case, session, actor = _seen(public_id), read_session(), current_actor()
    verdicts = _verdicts(case)
    form.offer(verdicts)
    form.version.data = answer.version.data = str(case.version)
    appeals = appeals_of(session, case.id)
    waits = any(one.decided_at is None for one in appeals)
    decision = may_look_again(session, actor, case) if waits else allow()
    now = house().clock.now()
    page = render_template(
        "moderation/case.html",
        case=case,
        tags=case_tags(case, actor),
        target=target_view(case, actor),
        where=place_label(case.division_code),
        reports=report_views(session, case),
        steps=step_views(session, case),
        appeals=[appeal_view(one) for one in appeals],
        is_held=is_holding(session, case.id),
        claim=claim_words(case, actor),
        looks_after=can_handle(actor, case),
        is_mine=case.claimed_by_id == actor.person_id,
        is_anothers=claim_counts(case.claimed_by_id, case.claimed_at, actor.person_id, now),
        form=form if verdicts and not waits else None,
        answer=answer if waits and decision else None,
        why_not=sentence(decision.code) if waits and not decision else "",
    )
    return page, 422 if form.errors or answer.errors else 200
