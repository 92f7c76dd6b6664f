"""The doors of a person's own page: contact data, password, whom they act for, invitations."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts import limits
from exchange.accounts.actor_queries import active_memberships, open_assignments
from exchange.accounts.forms import AddressForm, CodeForm, PasswordForm, ProfileForm
from exchange.accounts.labels import DUTIES, KINDS, ROLES, VERIFICATIONS
from exchange.accounts.models import Person
from exchange.accounts.organisations.member_service import answer_invitation
from exchange.accounts.passwords import hash_password, password_fits
from exchange.accounts.people_service import (
    act_for,
    ask_for_code,
    change_password,
    change_profile,
    confirm_address,
    end_other_sessions,
    me,
)
from exchange.accounts.queries import full_label, invitations_for, masked_contact
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import address_hash, open_address
from exchange.accounts.views import await_code, awaited, bp, count_code, count_send
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid, SignInNeeded
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, forget_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.login import start_session
from exchange.web.throttle import count_try
from exchange.web.views import safe_next


def own_row() -> Person:
    """The signed-in person, for reading."""
    person = read_session().get(Person, current_actor().person_id or 0)
    if person is None:
        raise SignInNeeded
    return person


@bp.get("/me", endpoint="me")
@access(PUBLIC)
def me_page() -> ResponseReturnValue:
    """Who I am; a visitor is led to sign in."""
    if not current_actor().is_signed_in:
        return redirect(url_for("accounts.sign_in", next=url_for("accounts.me")))
    reading, person = read_session(), own_row()
    return render_template(
        "accounts/me.html",
        person=person,
        contact=masked_contact(house().secrets, person),
        memberships=active_memberships(reading, person.id),
        duties=open_assignments(reading, person.id),
        invitations=invitations_for(reading, person),
        label=lambda organisation: full_label(organisation, locale_code()),
        kinds=KINDS,
        roles=ROLES,
        duty_labels=DUTIES,
        verifications=VERIFICATIONS,
    )


@bp.post("/me/act-for/<public_id>")
@access(SIGNED_IN)
def choose_organisation(public_id: str) -> ResponseReturnValue:
    """Act for another of one's organisations."""
    with acting() as act:
        act_for(act, public_id)
    forget_actor()
    return redirect(safe_next(request.form.get("next"), url_for("accounts.me")))


@bp.post("/me/invitations/<public_id>/<any(accept, decline):answer>")
@access(SIGNED_IN)
def invitation(public_id: str, answer: str) -> ResponseReturnValue:
    """Join the organisation that invites, or not."""
    with acting() as act:
        answer_invitation(act, public_id, accept=answer == "accept")
    forget_actor()
    flash(_("You have joined.") if answer == "accept" else _("The invitation is gone."), "success")
    return redirect(url_for("accounts.me"))


@bp.route("/me/profile", methods=["GET", "POST"])
@access(SIGNED_IN)
def profile() -> ResponseReturnValue:
    """Name and language."""
    form = ProfileForm(obj=own_row())

    def work(act: Act) -> bool:
        change_profile(act, form.name.data, form.locale.data)
        return True

    if not attempt(form, work):
        return render_template("accounts/profile.html", form=form), 422 if form.errors else 200
    session["locale"] = form.locale.data
    forget_actor()
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.me"))


@bp.post("/me/confirm/<any(phone, email):kind>")
@access(SIGNED_IN)
def confirm(kind: str) -> ResponseReturnValue:
    """Send a code to the phone or e-mail address that the person has."""
    value = open_address(house().secrets, own_row(), AddressKind(kind))
    if value is None:
        return redirect(url_for("accounts.contact"))
    return _send(Address(AddressKind(kind), value))


@bp.route("/me/contact", methods=["GET", "POST"])
@access(SIGNED_IN)
def contact() -> ResponseReturnValue:
    """Give a new phone number or e-mail address; it counts once its code has come back."""
    form = AddressForm()
    if not form.validate_on_submit():
        return render_template("accounts/contact.html", form=form), 422 if form.errors else 200
    return _send(form.address.address)


def _send(address: Address) -> ResponseReturnValue:
    count_send(address_hash(house().secrets, address))
    with acting() as act:
        ask_for_code(act, address)
    await_code(address, "me")
    return redirect(url_for("accounts.contact_code"))


@bp.route("/me/contact/code", methods=["GET", "POST"])
@access(SIGNED_IN)
def contact_code() -> ResponseReturnValue:
    """The code that was sent to the address."""
    waiting = awaited("me")
    if waiting is None:
        return redirect(url_for("accounts.me"))
    form = CodeForm()
    if form.validate_on_submit():
        count_code(waiting)
        with acting() as act:
            decision = confirm_address(act, me(act), AddressKind(waiting["kind"]), form.code.data)
        if decision:
            forget_actor()
            flash(_("Confirmed. Thank you."), "success")
            return redirect(waiting["next"] or url_for("accounts.me"))
        form.take_refusal(Invalid(fields={"code": ["code_refused"]}))
    status = 422 if form.errors else 200
    return render_template("accounts/code.html", form=form, waiting=waiting), status


@bp.route("/me/password", methods=["GET", "POST"])
@access(SIGNED_IN)
def password() -> ResponseReturnValue:
    """Change the password; every other session and every token ends."""
    form = PasswordForm()
    if form.validate_on_submit() and _change_password(form):
        said = _("Your new password counts. Other devices are signed out, tokens are taken back.")
        flash(said, "success")
        return redirect(url_for("accounts.me"))
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


def _change_password(form: PasswordForm) -> bool:
    person_id = own_row().id
    count_try(limits.PASSWORD_PERSON, str(person_id))
    if not password_fits(house(), own_row().password_hash, form.current.data):
        form.take_refusal(Invalid(fields={"current": ["password_wrong"]}))
        return False
    try:
        hashed = hash_password(house(), form.password.data)
    except Invalid as error:
        form.take_refusal(error)
        return False
    with acting() as act:
        epoch = change_password(act, hashed)
    start_session(person_id, epoch)
    return True


@bp.post("/me/end-other-sessions")
@access(SIGNED_IN)
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere else."""
    person_id = own_row().id
    with acting() as act:
        epoch = end_other_sessions(act)
    start_session(person_id, epoch)
    flash(_("You are signed out everywhere else."), "success")
    return redirect(url_for("accounts.me"))
