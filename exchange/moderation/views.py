"""The doors of whoever reports, and of the owner who reads what was decided and appeals."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.models import Organisation
from exchange.accounts.queries import organisation_label
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.moderation import limits
from exchange.moderation.appeal_service import appeal
from exchange.moderation.forms import AppealForm, ReportForm
from exchange.moderation.kinds import TargetKind
from exchange.moderation.labels import REASONS, STATES, TARGETS
from exchange.moderation.owner_panels import decision_view
from exchange.moderation.permissions import is_owner
from exchange.moderation.queries import PAGE, case_with_id, own_reports
from exchange.moderation.report_service import report
from exchange.moderation.stamping import is_patient, new_stamp
from exchange.moderation.targets import parts_for, seen_match, seen_target
from exchange.projects.models import Project
from exchange.volunteering.models import Activity
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import local_day
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence
from exchange.web.throttle import count_try, visitor_key

bp = Blueprint("moderation", __name__)


@bp.route(
    "/report/<any(listing, organisation, project, activity):kind>/<public_id>",
    methods=["GET", "POST"],
)
@access(PUBLIC)
def report_one(kind: str, public_id: str) -> ResponseReturnValue:
    """Report what was published, or an organisation; also for people without an account."""
    chosen, actor, session = TargetKind(kind), current_actor(), read_session()
    target = seen_target(session, actor, chosen, public_id)
    if target.listing_id is not None:
        title = shown_title(actor, session.get_one(Listing, target.listing_id))
        back = url_for("listings.show", public_id=public_id)
    elif target.project_id is not None:
        title = session.get_one(Project, target.project_id).title
        back = url_for("projects.show", public_id=public_id)
    elif target.activity_id is not None:
        title = session.get_one(Activity, target.activity_id).title
        back = url_for("volunteering.show", public_id=public_id)
    else:
        owner = session.get_one(Organisation, target.organisation_id)
        title = organisation_label(owner, locale_code())
        back = url_for("accounts.organisation", public_id=public_id)
    form = ReportForm()
    return _report(form, chosen, public_id, title, back)


@bp.route("/report/match/<public_id>", methods=["GET", "POST"])
@access(SIGNED_IN)
def report_person(public_id: str) -> ResponseReturnValue:
    """Report a person in a match."""
    actor = current_actor()
    match = seen_match(read_session(), actor, public_id)
    form = ReportForm()
    parts = parts_for(actor, match)
    if not parts:
        raise NotFound
    form.ask_about(parts)
    title = title_of(actor, match, Side.NEED, locale_code())
    back = url_for("brokering.show", public_id=public_id)
    return _report(form, TargetKind.PERSON, public_id, title, back)


def _report(
    form: ReportForm, kind: TargetKind, public_id: str, title: str, back: str
) -> ResponseReturnValue:
    if form.is_submitted():
        _count()
        if form.website.data:  # nobody sees this field but programs: they hear what people hear
            return redirect(url_for("moderation.done"))
        if not _looks_patient(form):
            form.form_errors.append(sentence("report_too_quick"))

    def work(act: Act) -> Any:
        return report(
            act, kind, public_id, form.chosen_reason, form.text.data or "", form.chosen_part
        )

    made = None if form.form_errors else attempt(form, work)
    if made is not None:
        return redirect(url_for("moderation.done"))
    if not current_actor().is_signed_in and not form.stamp.data:
        form.stamp.data = new_stamp(house())
    page = render_template(
        "moderation/report.html", form=form, title=title, back=back, what=TARGETS[kind], kind=kind
    )
    return page, 422 if form.errors else 200


def _count() -> None:
    actor = current_actor()
    if actor.is_signed_in:
        count_try(limits.REPORT_PERSON, str(actor.person_id))
    else:
        count_try(limits.REPORT_NETWORK, visitor_key())


def _looks_patient(form: ReportForm) -> bool:
    """Whether a person sent it, as far as can be told; a stamp that is none is given anew."""
    if current_actor().is_signed_in or is_patient(house(), form.stamp.data or ""):
        return True
    form.stamp.data = new_stamp(house())
    return False


@bp.get("/reports/done")
@access(PUBLIC)
def done() -> ResponseReturnValue:
    """Thanks, and what happens now."""
    return render_template("moderation/done.html")


@bp.get("/reports")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What I have reported: whether it was dealt with, not what came of it for others."""
    found = own_reports(read_session(), current_actor().person_id or 0, asked_id("before"))
    page = found[:PAGE]
    return render_template(
        "moderation/mine.html",
        lines=[
            {
                "what": TARGETS[one.case.kind], "reason": REASONS[one.reason],
                "when": local_day(one.created_at), "text": one.text,
                "is_closed": one.case.closed_at is not None,
            }
            for one in page
        ],
        more=url_for("moderation.mine", before=page[-1].id) if len(found) > PAGE else None,
    )  # fmt: skip


@bp.route("/decisions/<public_id>", methods=["GET", "POST"])
@access(SIGNED_IN)
def decision(public_id: str) -> ResponseReturnValue:
    """What was decided about one's own, and the appeal."""
    actor, session = current_actor(), read_session()
    case = case_with_id(session, public_id)
    if case is None or not is_owner(actor, case):
        raise NotFound
    form = AppealForm()
    made = attempt(form, lambda act: appeal(act, public_id, form.text.data or ""))
    if made is not None:
        flash(_("Your appeal is on its way. Another person looks at it and tells you."), "success")
        return redirect(url_for("moderation.decision", public_id=public_id))
    case = case_with_id(session, public_id)
    if case is None:
        raise NotFound
    view = decision_view(session, actor, case)
    page = render_template("moderation/decision.html", form=form, view=view, states=STATES)
    return page, 422 if request.method == "POST" else 200
