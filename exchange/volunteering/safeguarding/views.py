"""The pages of those who keep consents and checks."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation, Person
from exchange.accounts.queries import organisation_label, organisations_by_ids
from exchange.files.models import StoredFile
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Activity
from exchange.volunteering.queries import seen_activity
from exchange.volunteering.safeguarding.age_service import ask_age_again
from exchange.volunteering.safeguarding.check_service import record_check, remove_check
from exchange.volunteering.safeguarding.consent_service import (
    record_consent,
    show_guardian,
    withdraw_consent,
)
from exchange.volunteering.safeguarding.forms import CheckForm, ConsentForm
from exchange.volunteering.safeguarding.kinds import AskKind, ConsentWay
from exchange.volunteering.safeguarding.labels import ASK_LABELS
from exchange.volunteering.safeguarding.limits import LINKS
from exchange.volunteering.safeguarding.models import ConsentFile, GuardianConsent
from exchange.volunteering.safeguarding.permissions import may_keep_checks
from exchange.volunteering.safeguarding.queries import (
    age_row,
    ask_of,
    asks_of_organisation,
    checks_of_organisation,
    consents_of_organisation,
    kept_organisation,
    looks_after,
    members_unchecked,
    seen_check,
    seen_consent,
    volunteer_of,
)
from exchange.volunteering.safeguarding.sealing import Guardian, age_of, guardian_of
from exchange.volunteering.safeguarding.showing import check_line, consent_line, today
from exchange.volunteering.views import page_number
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_day
from exchange.web.forms import attempt, options
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence
from exchange.web.throttle import count_try

bp = Blueprint("safeguarding", __name__)
LARGEST_REQUEST = 36_000_000
UPLOADS = {"safeguarding.new_consent"}
LONGEST_ID = 20


@bp.url_value_preprocessor
def _allow_pictures(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Four pictures of a phone are larger than other requests may be."""
    if endpoint in UPLOADS:
        request.max_content_length = LARGEST_REQUEST


def can_see_form(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Whether the actor may look at a picture of a signed form: whoever keeps that consent."""
    query = (
        sa.select(GuardianConsent)
        .join(ConsentFile, ConsentFile.consent_id == GuardianConsent.id)
        .where(ConsentFile.file_id == file.id)
    )
    consent = session.scalars(query).first()
    return consent is not None and looks_after(session, actor, consent.organisation)


@bp.get("/organisations/<public_id>/safeguarding")
@access(SIGNED_IN)
def records(public_id: str) -> ResponseReturnValue:
    """What volunteers ask for, and all consents and checks of an organisation, the first to end
    first. Coordinators see the consents alone.
    """
    session, actor, page = read_session(), current_actor(), page_number()
    found = kept_organisation(session, actor, public_id)
    keeps = may_keep_checks(actor, found)
    kinds = tuple(AskKind) if keeps else (AskKind.CONSENT,)
    consents, more = consents_of_organisation(session, found.id, today(), page)
    checks, more_checks = checks_of_organisation(session, found.id, page) if keeps else ((), False)
    locale = locale_code()
    return render_template(
        "volunteering/safeguarding/records.html",
        organisation=found,
        name=organisation_label(found, locale),
        asks=asks_of_organisation(session, found.id, kinds) if page == 1 else (),
        ask_labels=ASK_LABELS,
        day=local_day,
        keeps=keeps,
        consents=[consent_line(one, today(), locale) for one in consents],
        checks=[check_line(one, today(), locale) for one in checks],
        unchecked=members_unchecked(session, found.id) if keeps and page == 1 else (),
        own_id=actor.person_id,
        prev_url=url_for("safeguarding.records", public_id=public_id, page=page - 1)
        if page > 1
        else None,
        next_url=url_for("safeguarding.records", public_id=public_id, page=page + 1)
        if more or more_checks
        else None,
    )


@bp.route("/organisations/<public_id>/safeguarding/consents/<person>", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_consent(public_id: str, person: str) -> ResponseReturnValue:
    """Put a guardian's consent on record, or send the guardian a link."""
    session, actor = read_session(), current_actor()
    found = kept_organisation(session, actor, public_id)
    who = volunteer_of(session, found.id, person)
    activity = _activity(request.values.get("activity", ""), found)
    form = ConsentForm()
    form.offer(organisation_label(found, locale_code()), activity.title if activity else "")
    if request.method == "GET":
        _prefill(form, found, who, activity)

    def work(act: Act) -> str:
        owner = kept_organisation(act.session, act.actor, public_id)
        them = volunteer_of(act.session, owner.id, person)
        only = _activity(form.activity.data or "", owner) if form.scope.data == "one" else None
        return record_consent(act, owner, them, form.values, only, form.pictures).public_id

    is_link = form.way.data == ConsentWay.LINK.value
    if is_link and request.method == "POST":
        count_try(LINKS, f"person {actor.person_id}")
    if done := attempt(form, work):
        flash(
            _("The link is on its way to the guardian.")
            if is_link
            else _("The consent is on record. They can sign up now."),
            "success",
        )
        return redirect(url_for("safeguarding.consent", public_id=done))
    age = age_of(house().secrets, age_row(read_session(), who.id))
    return render_template(
        "volunteering/safeguarding/consent_new.html",
        form=form,
        organisation=found,
        who=who,
        activity=activity,
        is_minor=age.is_minor(today()),
        age_known=age.is_known,
        keeps=may_keep_checks(actor, found),
        is_own=who.id == actor.person_id,
    ), 422 if form.errors else 200


def _prefill(
    form: ConsentForm, organisation: Organisation, who: Person, activity: Activity | None
) -> None:
    """What the volunteer has said of the guardian, and today."""
    ask = ask_of(read_session(), who.id, organisation.id, AskKind.CONSENT)
    known = guardian_of(house().secrets, ask) if ask else Guardian()
    form.guardian_name.data, form.guardian_reach.data = known.name, known.reach
    form.consent_on.data = today()
    form.activity.data = activity.public_id if activity else ""


def _activity(public_id: str, organisation: Organisation) -> Activity | None:
    if not public_id or len(public_id) > LONGEST_ID:
        return None
    try:
        found = seen_activity(read_session(), current_actor(), public_id)
    except NotFound:
        return None
    is_draft = found.state is ActivityState.DRAFT
    return found if found.organisation_id == organisation.id and not is_draft else None


@bp.get("/consents/<public_id>")
@access(SIGNED_IN)
def consent(public_id: str) -> ResponseReturnValue:
    """One consent, without who gave it."""
    return _consent_page(public_id)


@bp.post("/consents/<public_id>/guardian")
@access(SIGNED_IN)
def guardian(public_id: str) -> ResponseReturnValue:
    """Show who gave it and how to reach them, on record."""
    try:
        with acting() as act:
            shown = show_guardian(act, public_id)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("safeguarding.consent", public_id=public_id))
    return _consent_page(public_id, shown)


def _consent_page(public_id: str, shown: Guardian | None = None) -> str:
    session, actor = read_session(), current_actor()
    found = seen_consent(session, actor, public_id)
    keeps = looks_after(session, actor, found.organisation)
    return render_template(
        "volunteering/safeguarding/consent.html",
        line=consent_line(found, today(), locale_code()),
        consent=found,
        keeps=keeps,
        guardian=shown,
        photos=[row.file.public_id for row in found.files] if shown else [],
        is_own=found.person_id == actor.person_id,
    )


@bp.post("/consents/<public_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """It holds no more."""
    own = seen_consent(read_session(), current_actor(), public_id).person_id
    is_own = own == current_actor().person_id
    try:
        with acting() as act:
            withdraw_consent(act, public_id)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(_("Withdrawn. Places ahead that needed it went back."), "success")
    if is_own:
        return redirect(url_for("safeguarding.mine"))
    return redirect(url_for("safeguarding.consent", public_id=public_id))


@bp.route("/organisations/<public_id>/safeguarding/checks/<person>", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_check(public_id: str, person: str) -> ResponseReturnValue:
    """Put on record that somebody was checked, when and by whom."""
    session, actor = read_session(), current_actor()
    found = kept_organisation(session, actor, public_id, checks=True)
    who = volunteer_of(session, found.id, person)
    form = CheckForm()
    known = _checkers(found)
    form.checked_by.choices = options(known)
    if request.method == "GET":
        form.checked_on.data = today()

    def work(act: Act) -> bool:
        owner = kept_organisation(act.session, act.actor, public_id, checks=True)
        them = volunteer_of(act.session, owner.id, person)
        wanted = organisations_by_ids(act.session, {owner.id, act.actor.organisation_id or 0})
        ids = {one.public_id: one.id for one in wanted.values()}
        record_check(act, owner, them, form.checked_on.data, ids.get(form.checked_by.data, 0))
        return True

    if who.id != actor.person_id and attempt(form, work):
        flash(_("On record for a year."), "success")
        return redirect(url_for("safeguarding.records", public_id=public_id))
    return render_template(
        "volunteering/safeguarding/check_new.html",
        form=form,
        organisation=found,
        who=who,
        is_own=who.id == actor.person_id,
    ), 422 if form.errors else 200


def _checkers(organisation: Organisation) -> dict[str, str]:
    """The organisation itself, and for a social worker their own."""
    actor, locale = current_actor(), locale_code()
    known = {organisation.public_id: organisation_label(organisation, locale)}
    if actor.organisation_id and actor.serves_division(organisation.division_code):
        own = organisations_by_ids(read_session(), [actor.organisation_id])
        known |= {one.public_id: organisation_label(one, locale) for one in own.values()}
    return known


@bp.post("/checks/<public_id>/remove")
@access(SIGNED_IN)
def remove(public_id: str) -> ResponseReturnValue:
    """A check counts no more."""
    found = seen_check(read_session(), current_actor(), public_id)
    is_own, owner = found.person_id == current_actor().person_id, found.organisation.public_id
    try:
        with acting() as act:
            remove_check(act, public_id)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(_("It does not count any more. Places ahead with children went back."), "success")
    if is_own:
        return redirect(url_for("safeguarding.mine"))
    return redirect(url_for("safeguarding.records", public_id=owner))


@bp.post("/organisations/<public_id>/safeguarding/ages/<person>")
@access(SIGNED_IN)
def age_again(public_id: str, person: str) -> ResponseReturnValue:
    """What a volunteer said of their age was wrong: they are asked again."""
    try:
        with acting() as act:
            owner = kept_organisation(act.session, act.actor, public_id, checks=True)
            ask_age_again(act, owner, volunteer_of(act.session, owner.id, person))
    except Forbidden as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(_("They are asked for their age again."), "success")
    return redirect(url_for("safeguarding.records", public_id=public_id))
