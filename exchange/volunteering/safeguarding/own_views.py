"""The volunteer's pages: what is missing before one signs up, what is on record about oneself."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import organisation_label
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.volunteering.attempting import waiting_first
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.queries import places_in_line, seen_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.safeguarding.age_service import declare_adult, state_birth
from exchange.volunteering.safeguarding.ask_service import KINDS, ask_for_record, take_back_ask
from exchange.volunteering.safeguarding.check_service import object_to_check
from exchange.volunteering.safeguarding.forms import AgeForm, GuardianForm
from exchange.volunteering.safeguarding.gating import NEEDS, covered
from exchange.volunteering.safeguarding.kinds import Need
from exchange.volunteering.safeguarding.labels import ASK_LABELS
from exchange.volunteering.safeguarding.models import SafeguardAsk
from exchange.volunteering.safeguarding.queries import (
    age_row,
    ask_of,
    asks_of_person,
    checks_of_person,
    consents_of_person,
    standing_of,
)
from exchange.volunteering.safeguarding.rules import Birth
from exchange.volunteering.safeguarding.sealing import age_of
from exchange.volunteering.safeguarding.showing import check_line, consent_line, today
from exchange.volunteering.safeguarding.views import bp
from exchange.volunteering.signups.service import sign_up, still_come
from exchange.volunteering.telling import hours_text
from exchange.volunteering.views import said
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_day
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence


@bp.get("/shifts/<public_id>/before")
@access(SIGNED_IN)
def before(public_id: str) -> ResponseReturnValue:
    """What is missing before one signs up for a shift, and how to mend it."""
    return _before(public_id, AgeForm(formdata=None), GuardianForm(formdata=None))


@bp.post("/shifts/<public_id>/before/adult")
@access(SIGNED_IN)
def adult(public_id: str) -> ResponseReturnValue:
    """I am 18 or older, and I come."""
    seen_shift(read_session(), current_actor(), public_id)
    try:
        with acting() as act:
            declare_adult(act)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("safeguarding.before", public_id=public_id))
    return _sign_up(public_id)


@bp.post("/shifts/<public_id>/before/age")
@access(SIGNED_IN)
def age(public_id: str) -> ResponseReturnValue:
    """I am younger: in which month I was born."""
    seen_shift(read_session(), current_actor(), public_id)
    form = AgeForm()
    if _state(form):
        return _sign_up(public_id)
    return _before(public_id, form, GuardianForm(formdata=None)), 422


def _state(form: AgeForm) -> bool:
    def work(act: Act) -> bool:
        state_birth(act, Birth(int(form.birth_year.data), int(form.birth_month.data)))
        return True

    return bool(attempt(form, work))


@bp.post("/shifts/<public_id>/before/ask")
@access(SIGNED_IN)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask whoever runs the shift for what is missing."""
    shift = seen_shift(read_session(), current_actor(), public_id)
    need, form = _need(shift)[0], GuardianForm()

    def work(act: Act) -> bool:
        kept = seen_shift(act.session, act.actor, public_id)
        ask_for_record(act, kept, form.guardian if need is Need.CONSENT else None)
        return True

    if need is Need.CONSENT:
        if not attempt(form, work):
            return _before(public_id, AgeForm(formdata=None), form), 422
    else:
        try:
            with acting() as act:
                work(act)
        except (Conflict, Forbidden, Invalid) as error:
            flash(sentence(error.code, error.params), "error")
            return redirect(url_for("safeguarding.before", public_id=public_id))
    flash(_("The organisation is told. You hear from us as soon as it is on record."), "success")
    return redirect(url_for("safeguarding.before", public_id=public_id))


def _sign_up(public_id: str) -> ResponseReturnValue:
    """The second tap signs up; what else is missing is said on the page before."""
    wait = request.form.get("wait") == "1"
    shift = seen_shift(read_session(), current_actor(), public_id)
    page = url_for("volunteering.show", public_id=shift.activity.public_id)
    try:
        with waiting_first(public_id), acting() as act:
            signup = _come(act, seen_shift(act.session, act.actor, public_id), wait=wait)
            state, confirmed = signup.state, signup.confirmed_at is not None
            place = places_in_line(act.session, [signup]).get(signup.id, 0)
    except (Conflict, Forbidden, Invalid) as error:
        if error.code in NEEDS:
            return redirect(url_for("safeguarding.before", public_id=public_id))
        flash(sentence(error.code, error.params), "error")
        return redirect(f"{page}#shift-{public_id}")
    flash(said(state, place, confirmed=confirmed), "success")
    return redirect(f"{page}#shift-{public_id}")


def _come(act: Act, shift: Shift, *, wait: bool) -> Signup:
    """Sign up; whoever has a place and was asked whether they still come has answered that."""
    signup = sign_up(act, shift, wait=wait)
    return still_come(act, shift) if signup.asked_at is not None else signup


def _need(shift: Shift) -> tuple[Need, str]:
    """What is missing for the reader, and the sentence of it."""
    standing = standing_of(read_session(), house().secrets, current_actor().person_id or 0, today())
    answer = covered(standing, shift, house().settings.time_zone)
    if answer:
        return Need.NOTHING, ""
    return NEEDS.get(answer.code, Need.OTHER), sentence(answer.code, answer.params)


def _before(public_id: str, form: AgeForm, guardian: GuardianForm) -> str:
    session, who = read_session(), reader()
    shift = seen_shift(session, who.actor, public_id)
    need, why = _need(shift)
    asked: SafeguardAsk | None = None
    if need in KINDS:
        owner_id = shift.activity.organisation_id
        asked = ask_of(session, who.actor.person_id or 0, owner_id, KINDS[need])
    return render_template(
        "volunteering/safeguarding/before.html",
        shift=shift,
        activity=shift.activity,
        owner=organisation_label(shift.activity.organisation, locale_code()),
        when=hours_text(shift, who.zone, who.today, who.locale),
        need=need,
        why=why,
        asked=asked,
        asked_on=local_day(asked.asked_at) if asked else "",
        form=form,
        guardian=guardian,
        wait="1" if request.values.get("wait") == "1" else "",
    )


@bp.get("/my/safeguarding")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What is on record about oneself."""
    return _mine(AgeForm(formdata=None))


def _mine(form: AgeForm) -> str:
    session, person_id, locale = read_session(), current_actor().person_id or 0, locale_code()
    known = age_of(house().secrets, age_row(session, person_id))
    consents = consents_of_person(session, person_id)
    return render_template(
        "volunteering/safeguarding/mine.html",
        age=known,
        is_minor=known.is_minor(today()),
        form=form,
        asks=asks_of_person(session, person_id),
        ask_labels=ASK_LABELS,
        label=lambda one: organisation_label(one, locale),
        day=local_day,
        consents=[consent_line(one, today(), locale) for one in consents],
        checks=[check_line(one, today(), locale) for one in checks_of_person(session, person_id)],
    )


@bp.post("/my/safeguarding/adult")
@access(SIGNED_IN)
def own_adult() -> ResponseReturnValue:
    """I am 18 or older."""
    try:
        with acting() as act:
            declare_adult(act)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(_("Noted."), "success")
    return redirect(url_for("safeguarding.mine"))


@bp.post("/my/safeguarding/age")
@access(SIGNED_IN)
def own_age() -> ResponseReturnValue:
    """In which month I was born."""
    form = AgeForm()
    if not _state(form):
        return _mine(form), 422
    flash(_("Noted."), "success")
    return redirect(url_for("safeguarding.mine"))


@bp.post("/my/safeguarding/asks/<public_id>/take-back")
@access(SIGNED_IN)
def take_back(public_id: str) -> ResponseReturnValue:
    """Ask no more."""
    if not public_id.isalnum():
        raise NotFound
    with acting() as act:
        take_back_ask(act, public_id)
    flash(_("Taken back."), "success")
    return redirect(url_for("safeguarding.mine"))


@bp.post("/checks/<public_id>/object")
@access(SIGNED_IN)
def object_to(public_id: str) -> ResponseReturnValue:
    """What is on record about me is wrong."""
    try:
        with acting() as act:
            object_to_check(act, public_id)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(_("The organisation is told. It does not count until it is put right."), "success")
    return redirect(url_for("safeguarding.mine"))
