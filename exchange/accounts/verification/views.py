"""The doors of verification: asking and renewing; the queue and its decisions; the record."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.labels import KINDS, VERIFICATIONS
from exchange.accounts.models import Organisation
from exchange.accounts.organisations.views import managed, page_of, shown
from exchange.accounts.permissions import can_manage
from exchange.accounts.place_forms import place_label, place_labels
from exchange.accounts.queries import full_label
from exchange.accounts.rules import may_verify
from exchange.accounts.verification.forms import DecisionForm, EvidenceForm, ReasonForm
from exchange.accounts.verification.kinds import Ruling, Wanted
from exchange.accounts.verification.labels import WANTED
from exchange.accounts.verification.panels import (
    claim_words,
    file_lines,
    namesake_lines,
    record_lines,
    request_line,
    waiting_words,
)
from exchange.accounts.verification.queries import (
    PAGE,
    Filters,
    case_of,
    count_requests,
    latest_request,
    open_request,
    open_request_of,
    open_requests,
    standing_of,
)
from exchange.accounts.verification.rules import (
    checklist_of,
    claim_counts,
    may_ask,
    needs_code,
)
from exchange.accounts.verification.service import (
    Answer,
    Evidence,
    ask_verification,
    claim_request,
    decidable_request,
    decide_request,
    release_request,
)
from exchange.accounts.verification.suspension_service import lift_suspension, suspend_organisation
from exchange.accounts.views import bp
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import day_here
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

LARGEST_REQUEST = 52_000_000
SAID = {
    Ruling.GRANT: lambda: _("Verified. They are told."),
    Ruling.REFUSE: lambda: _("Decided. They are told."),
    Ruling.MORE: lambda: _("They are asked. It comes back when they answer."),
}


@bp.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Six pictures of a phone are larger than other requests may be."""
    if endpoint == "accounts.ask":
        request.max_content_length = LARGEST_REQUEST


@bp.get("/verification")
@access(BROKER)
def verification() -> ResponseReturnValue:
    """Who waits to be verified in the reader's area, the oldest first."""
    session, actor = read_session(), current_actor()
    filters = _asked_filters()
    found = open_requests(session, actor, asked_id("after") or 0, PAGE + 1, filters)
    page = found[:PAGE]
    places = place_labels([item.organisation.division_code for item in page])
    kept: dict[str, Any] = {"kind": filters.kind and filters.kind.value, "q": filters.text or None}
    counts = count_requests(session, actor)
    return render_template(
        "accounts/verification.html",
        lines=[request_line(one, actor, places[one.organisation.division_code]) for one in page],
        tabs=[
            {
                "url": url_for("accounts.verification", show=wanted.value, **kept),
                "label": WANTED[wanted], "active": wanted is filters.wanted,
                "count": counts[wanted],
            }
            for wanted in Wanted
        ],
        filters=filters,
        kinds=KINDS,
        more=url_for(
            "accounts.verification", show=filters.wanted.value, after=page[-1].id, **kept
        ) if len(found) > PAGE else None,
    )  # fmt: skip


def _asked_filters() -> Filters:
    wanted, kind = request.args.get("show", ""), request.args.get("kind", "")
    return Filters(
        wanted=Wanted(wanted) if wanted in set(Wanted) else Wanted.WAITING,
        kind=OrganisationKind(kind) if kind in set(OrganisationKind) else None,
        text=request.args.get("q", "").strip()[:60],
    )


@bp.route("/verification/<public_id>", methods=["GET", "POST"])
@access(BROKER)
def decide(public_id: str) -> ResponseReturnValue:
    """Look at one request and decide, with a reason."""
    found = open_request(read_session(), current_actor(), public_id)
    form = DecisionForm()
    if found is not None:
        form.ask_for(_checklist(found.organisation, has_licence=bool(found.licence_number)))

    def work(act: Act) -> Ruling:
        answer = Answer(
            form.ruling, form.reason.data or "", form.checks, form.credit_code.data or "",
            form.read_version,
        )  # fmt: skip
        decide_request(act, public_id, answer)
        return form.ruling

    if found is None and request.method == "POST":
        return _too_late(public_id)
    done = attempt(form, work)
    if done is not None:
        flash(SAID[done](), "success")
        return redirect(url_for("accounts.verification"))
    found = open_request(read_session(), current_actor(), public_id)
    if found is None:
        raise NotFound
    return _decision_page(form, found), 422 if form.errors else 200


def _too_late(public_id: str) -> ResponseReturnValue:
    """Who may not know of it is told so; who may is told that it has been decided."""
    with acting() as act:
        decidable_request(act, public_id)
    raise Conflict("already_decided")


def _checklist(organisation: Organisation, *, has_licence: bool) -> Any:
    return checklist_of(organisation.kind, has_licence=has_licence)


def _decision_page(form: DecisionForm, found: Any) -> str:
    session, actor, organisation = read_session(), current_actor(), found.organisation
    form.version.data = str(found.version)
    now = house().clock.now()
    return render_template(
        "accounts/decide.html",
        form=form,
        found=found,
        name=full_label(organisation, locale_code()),
        kind=KINDS[organisation.kind],
        location=place_label(organisation.division_code),
        asked_by=found.asked_by.name,
        waits=waiting_words(found.asked_at),
        claim=claim_words(found, actor),
        is_mine=found.claimed_by_id == actor.person_id,
        is_anothers=claim_counts(found.claimed_by_id, found.claimed_at, actor.person_id, now),
        asks_code=organisation.credit_code is None and needs_code(organisation.kind),
        licence_until=day_here(found.licence_until) if found.licence_until else "",
        files=file_lines(session, found.id),
        record=record_lines(session, organisation.id, names=True),
        namesakes=namesake_lines(session, organisation),
        suspended=organisation.verification is Verification.SUSPENDED,
    )


@bp.post("/verification/<public_id>/claim")
@access(BROKER)
def claim(public_id: str) -> ResponseReturnValue:
    """Say that one looks at it, or put it down."""
    step = request.form.get("step", "")
    try:
        with acting() as act:
            if step == "release":
                release_request(act, public_id)
            else:
                claim_request(act, public_id, over=step == "over")
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    return redirect(url_for("accounts.decide", public_id=public_id))


@bp.route("/organisations/<public_id>/verification", methods=["GET", "POST"])
@access(SIGNED_IN)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask the station to verify the organisation, answer it, or renew."""
    found = managed(public_id)
    session = read_session()
    decision = may_ask(standing_of(session, found), _today())
    way = decision.code if decision else ""
    before = _request_before(found, way)
    form = EvidenceForm(obj=before if request.method == "GET" else None)
    if form.validate_on_submit() and _sent(form, public_id):
        flash(_("The station will look at it and tell you."), "success")
        return redirect(page_of(public_id))
    if not decision and request.method == "GET":
        flash(sentence(decision.code, decision.params), "warning")
        return redirect(page_of(public_id))
    before = _request_before(managed(public_id), way)
    page = render_template(
        "accounts/ask.html",
        form=form,
        found=managed(public_id),
        way=way,
        wanted=before.reason if before and way == "answer" else "",
        files=file_lines(session, before.id) if before and way == "answer" else (),
    )
    return page, 422 if form.errors else 200


def _sent(form: EvidenceForm, public_id: str) -> bool:
    """Whether the request stands; else the form says why not."""
    try:
        evidence = Evidence(
            words=form.evidence.data or "",
            files=form.taken_files(),
            dropped=frozenset(form.drop.data or ()),
            licence_number=form.licence_number.data or "",
            licence_until=form.licence_until.data,
        )
        with acting() as act:
            ask_verification(act, public_id, evidence)
    except (Invalid, Conflict) as error:
        form.take_refusal(error)
        return False
    return True


def _request_before(found: Organisation, way: str) -> Any:
    """What was said last time, to begin with."""
    session = read_session()
    if way == "answer":
        return open_request_of(session, found.id)
    return latest_request(session, found.id)


@bp.get("/organisations/<public_id>/standing")
@access(SIGNED_IN)
def standing(public_id: str) -> ResponseReturnValue:
    """An organisation's record, for its managers and for who may decide about it."""
    found, actor, session = shown(public_id), current_actor(), read_session()
    decides = bool(may_verify(actor, case_of(session, found)))
    if not decides and not can_manage(actor, found):
        raise Forbidden("only_managers")
    allowed = may_ask(standing_of(session, found), _today())
    return render_template(
        "accounts/standing.html",
        found=found,
        name=full_label(found, locale_code()),
        verification=VERIFICATIONS[found.verification],
        until=day_here(found.verified_until) if found.verified_until else "",
        licence_until=day_here(found.licence_until) if found.licence_until else "",
        record=record_lines(session, found.id, names=decides),
        may_renew=can_manage(actor, found) and allowed.code == "renew",
        may_suspend=decides and found.verification is not Verification.SUSPENDED,
        may_lift=decides and found.verification is Verification.SUSPENDED,
    )


@bp.route("/organisations/<public_id>/suspend", methods=["GET", "POST"])
@access(SIGNED_IN)
def suspend(public_id: str) -> ResponseReturnValue:
    """Suspend an organisation, with a reason."""
    _require_decider(public_id)
    form = ReasonForm()
    done = attempt(form, lambda act: suspend_organisation(act, public_id, form.reason.data or ""))
    if done is None:
        status = 422 if form.errors else 200
        return render_template("accounts/suspend.html", form=form, found=shown(public_id)), status
    flash(_("Suspended. They are told."), "success")
    return redirect(url_for("accounts.standing", public_id=public_id))


@bp.route("/organisations/<public_id>/lift", methods=["GET", "POST"])
@access(SIGNED_IN)
def lift(public_id: str) -> ResponseReturnValue:
    """Lift a suspension, with a reason."""
    _require_decider(public_id)
    form = ReasonForm()
    done = attempt(form, lambda act: lift_suspension(act, public_id, form.reason.data or ""))
    if done is None:
        status = 422 if form.errors else 200
        return render_template("accounts/lift.html", form=form, found=shown(public_id)), status
    flash(_("Lifted. They are told."), "success")
    return redirect(url_for("accounts.standing", public_id=public_id))


def _require_decider(public_id: str) -> None:
    decision = may_verify(current_actor(), case_of(read_session(), shown(public_id)))
    if not decision:
        raise Forbidden(decision.code)


def _today() -> Any:
    return civil_date(house().clock.now(), house().settings.time_zone)
