"""The doors of signing up, signing in, and setting a new password."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts import limits
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.closing.service import take_back_closing
from exchange.accounts.codes.service import CONFIRMS, issue_again
from exchange.accounts.events import SignedOut
from exchange.accounts.forms import AddressForm, CodeForm, ResetForm, SignInForm, SignUpForm
from exchange.accounts.kinds import CodePurpose
from exchange.accounts.models import Person
from exchange.accounts.passwords import (
    fresher_hash,
    hash_password,
    password_fits,
    require_good_password,
)
from exchange.accounts.people_service import (
    NewPerson,
    ask_for_reset,
    confirm_address,
    me,
    record_sign_in,
    reset_password,
    sign_up,
)
from exchange.accounts.queries import find_person, find_person_by_hash
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import address_hash
from exchange.kernel.act import Act
from exchange.kernel.decisions import refuse
from exchange.kernel.errors import Invalid
from exchange.web.access import PUBLIC, access
from exchange.web.acting import acting, current_actor, forget_actor, house, read_session
from exchange.web.landing import landing_for
from exchange.web.locale import locale_code
from exchange.web.login import end_session, retire_session, start_session
from exchange.web.sentences import sentence
from exchange.web.throttle import count_try, forgive, visitor_key
from exchange.web.views import safe_next

bp = Blueprint("accounts", __name__)
WAITING = "accounts.waiting"
CODE_PAGES = {
    "sign_up": "accounts.sign_up_code",
    "reset": "accounts.forgot_code",
    "me": "accounts.contact_code",
}


@bp.app_context_processor
def _account() -> dict[str, Any]:
    """What the frame of every page shows of the person."""
    actor = current_actor()
    if not actor.is_signed_in:
        return {"sign_in_url": url_for("accounts.sign_in")}
    me = {"url": url_for("accounts.me"), "label": _("Me"), "icon": "user"}
    account = {"name": actor.name, "links": [me], "sign_out_url": url_for("accounts.sign_out")}
    return {"account": account}


def await_code(address: Address, way: str) -> None:
    """Remember in this browser which address a code was asked for, without naming it."""
    session[WAITING] = {
        "kind": address.kind.value,
        "hash": address_hash(house().secrets, address),
        "masked": address.masked,
        "way": way,
        "next": safe_next(request.args.get("next"), ""),
    }


def awaited(way: str) -> dict[str, str] | None:
    """What ``await_code`` remembered for this way, if anything."""
    found = session.get(WAITING)
    return found if isinstance(found, dict) and found.get("way") == way else None


def count_send(hashed_address: str) -> None:
    """Count one code that is to be sent. Raises TooMany."""
    count_try(limits.SEND_NETWORK, visitor_key())
    count_try(limits.SEND_ADDRESS, hashed_address)


def count_code(waiting: dict[str, str]) -> None:
    """Count one code that was typed. Raises TooMany."""
    count_try(limits.TRY_NETWORK, visitor_key())
    count_try(limits.TRY_ADDRESS, waiting["hash"])


@bp.route("/sign-in", methods=["GET", "POST"])
@access(PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Phone or e-mail, and password."""
    if current_actor().is_signed_in:
        return redirect(_onward())
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    person = _person_with_password(form.address.address, form.password.data)
    if person is None:
        form.form_errors.append(sentence("sign_in_failed"))
        return render_template("accounts/sign_in.html", form=form), 422
    fresher = fresher_hash(house(), person.password_hash or "", form.password.data)
    enter(person, fresher)
    return redirect(_onward())


def _onward() -> str:
    """Where somebody was on the way to; else where their day begins."""
    return safe_next(request.args.get("next"), landing_for(current_actor()))


def _person_with_password(address: Address, password: str) -> Person | None:
    pair = f"{address.value} {visitor_key()}"
    count_try(limits.SIGN_IN_NETWORK, visitor_key())
    count_try(limits.SIGN_IN_ACCOUNT, address.value)
    count_try(limits.SIGN_IN_PAIR, pair)
    person = find_person(read_session(), house().secrets, address)
    if not password_fits(house(), person.password_hash if person else None, password):
        return None
    forgive(limits.SIGN_IN_PAIR, pair)
    forgive(limits.SIGN_IN_ACCOUNT, address.value)
    return find_person(read_session(), house().secrets, address)


def enter(person: Person, fresher: str | None = None) -> None:
    """Start the session of a person who has proven who they are."""
    person_id = person.id
    with acting(load_actor(read_session(), person_id)) as act:
        stays = take_back_closing(act, person_id)
        epoch = record_sign_in(act, person_id, fresher)
    start_session(person_id, epoch)
    if stays:
        flash(_("You have signed in: your account stays and is not closed."), "success")


@bp.post("/sign-out")
@access(PUBLIC)
def sign_out() -> ResponseReturnValue:
    """Sign out on this browser."""
    person_id = current_actor().person_id
    if person_id is not None:
        with acting() as act:
            act.emit(SignedOut(person_id=person_id))
            retire_session(act)
    end_session()
    return redirect("/")


@bp.route("/sign-up", methods=["GET", "POST"])
@access(PUBLIC)
def sign_up_page() -> ResponseReturnValue:
    """One page; the answer is the same whether the address is new or taken."""
    onward = safe_next(request.args.get("next"), "")
    if current_actor().is_signed_in:
        return redirect(onward or url_for("accounts.me"))
    form = SignUpForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_up.html", form=form), 422 if form.errors else 200
    try:
        require_good_password(form.password.data)
        count_try(limits.SIGN_UP_NETWORK, visitor_key())
        count_send(address_hash(house().secrets, form.address.address))
        hashed = hash_password(house(), form.password.data)
        known = _hash_if_right(form.address.address, form.password.data)
        with acting() as act:
            made = sign_up(act, _new_person(form, hashed))
    except Invalid as error:
        form.take_refusal(error)
        return render_template("accounts/sign_up.html", form=form), 422
    await_code(form.address.address, "sign_up")
    if form.here_for.data == "organisation":
        session[WAITING]["next"] = url_for("accounts.new_organisation", next=onward or None)
    session[WAITING]["proof"] = _proof(hashed if made else known or hashed)
    return redirect(url_for("accounts.sign_up_code"))


def _hash_if_right(address: Address, password: str) -> str | None:
    """The password hash of the account that has the address, if the password is that account's."""
    owner = find_person(read_session(), house().secrets, address)
    hashed = owner.password_hash if owner else None
    return hashed if password_fits(house(), hashed, password) else None


def _proof(password_hash: str | None) -> str:
    """Ties a code to the password that was typed with it.

    Somebody else may have signed up with the same number first: whoever holds the phone must not
    confirm an account whose password they do not know.
    """
    return house().secrets.lookup_hash(password_hash or "", "accounts.sign_up")


def _new_person(form: SignUpForm, hashed: str) -> NewPerson:
    return NewPerson(
        address=form.address.address,
        name=form.name.data,
        password_hash=hashed,
        division_code=form.division.data,
        locale=locale_code(),
    )


@bp.route("/sign-up/code", methods=["GET", "POST"])
@access(PUBLIC)
def sign_up_code() -> ResponseReturnValue:
    """The code that was sent; a right one signs the person in."""
    waiting = awaited("sign_up")
    if waiting is None:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        count_code(waiting)
        with acting() as act:
            person = _awaited_person(act, waiting)
            kind = AddressKind(waiting["kind"])
            own = person is not None and waiting.get("proof") == _proof(person.password_hash)
            decision = (
                confirm_address(act, person, kind, form.code.data)
                if person and own
                else refuse("code_refused")
            )
        if decision and person is not None:
            enter(person)
            flash("sign-up", "kept")
            return redirect(waiting["next"] or url_for("accounts.me"))
        form.take_refusal(Invalid(fields={"code": ["code_refused"]}))
    status = 422 if form.errors else 200
    return render_template("accounts/code.html", form=form, waiting=waiting), status


def _awaited_person(act: Act, waiting: dict[str, str]) -> Person | None:
    return find_person_by_hash(act.session, AddressKind(waiting["kind"]), waiting["hash"])


@bp.post("/code/again")
@access(PUBLIC)
def code_again() -> ResponseReturnValue:
    """Send another code to the address that this browser waits for; always the same answer."""
    waiting = session.get(WAITING)
    if not isinstance(waiting, dict):
        return redirect(url_for("accounts.sign_in"))
    count_send(waiting["hash"])
    with acting() as act:
        person = _who_waits(act, waiting)
        if person is not None:
            resets = waiting["way"] == "reset"
            confirms = CONFIRMS[AddressKind(waiting["kind"])]
            purpose = CodePurpose.RESET_PASSWORD if resets else confirms
            issue_again(act, person, purpose, waiting["hash"])
    flash(_("If all is well, a new code is on its way. Only the newest one is good."), "success")
    return redirect(url_for(CODE_PAGES[waiting["way"]]))


def _who_waits(act: Act, waiting: dict[str, str]) -> Person | None:
    """Whose code this browser may ask for again."""
    if waiting["way"] == "me":
        return me(act) if act.actor.is_signed_in else None
    person = _awaited_person(act, waiting)
    if person is None or waiting["way"] == "reset":
        return person
    return person if waiting.get("proof") == _proof(person.password_hash) else None


@bp.route("/forgot", methods=["GET", "POST"])
@access(PUBLIC)
def forgot() -> ResponseReturnValue:
    """Ask for a code that sets a new password; the answer is the same for every address."""
    form = AddressForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot.html", form=form), 422 if form.errors else 200
    count_send(address_hash(house().secrets, form.address.address))
    with acting() as act:
        ask_for_reset(act, form.address.address)
    await_code(form.address.address, "reset")
    return redirect(url_for("accounts.forgot_code"))


@bp.route("/forgot/code", methods=["GET", "POST"])
@access(PUBLIC)
def forgot_code() -> ResponseReturnValue:
    """The code and the new password; every older session ends."""
    waiting = awaited("reset")
    if waiting is None:
        return redirect(url_for("accounts.forgot"))
    form = ResetForm()
    if form.validate_on_submit() and _reset(form, waiting):
        flash(_("Your new password counts from now on."), "success")
        return redirect(waiting["next"] or "/")
    status = 422 if form.errors else 200
    return render_template("accounts/forgot_code.html", form=form, waiting=waiting), status


def _reset(form: ResetForm, waiting: dict[str, str]) -> bool:
    try:
        require_good_password(form.password.data)
    except Invalid as error:
        form.take_refusal(error)
        return False
    count_code(waiting)
    hashed = hash_password(house(), form.password.data)
    with acting() as act:
        person = _awaited_person(act, waiting)
        decision = (
            reset_password(act, person, form.code.data, hashed)
            if person
            else refuse("code_refused")
        )
    if not decision or person is None:
        form.take_refusal(Invalid(fields={"code": ["code_refused"]}))
        return False
    forget_actor()
    enter(person)
    return True
