"""The doors of organisations: make, show, edit, members."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts import limits
from exchange.accounts.forms import InviteForm, OrganisationForm
from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.labels import KINDS, ROLES, VERIFICATIONS
from exchange.accounts.models import Organisation
from exchange.accounts.organisations.member_service import (
    change_role,
    invite_member,
    leave,
    remove_member,
    withdraw_invitation,
)
from exchange.accounts.organisations.service import (
    OrganisationData,
    create_organisation,
    edit_organisation,
)
from exchange.accounts.permissions import can_manage, can_see_organisation
from exchange.accounts.place_forms import place_label
from exchange.accounts.queries import (
    full_label,
    invitations_from,
    members_of,
    organisation_by_public_id,
)
from exchange.accounts.rules import may_verify
from exchange.accounts.verification.models import VerificationDecision
from exchange.accounts.verification.queries import (
    case_of,
    latest_request,
    latest_suspension,
    standing_of,
)
from exchange.accounts.verification.rules import may_ask
from exchange.accounts.views import bp
from exchange.kernel.actor import Role
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Forbidden, NotFound
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, forget_actor, house, read_session
from exchange.web.dates import day_here
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.throttle import count_try
from exchange.web.views import safe_next


def shown(public_id: str) -> Organisation:
    """The organisation of an address. Raises NotFound when the reader may not know of it."""
    found = organisation_by_public_id(read_session(), public_id)
    if found is None or not can_see_organisation(current_actor(), found):
        raise NotFound
    return found


def managed(public_id: str) -> Organisation:
    """The organisation, for its managers' pages."""
    found = shown(public_id)
    if not can_manage(current_actor(), found):
        raise Forbidden("only_managers")
    return found


def _data(form: OrganisationForm) -> OrganisationData:
    return OrganisationData(
        kind=OrganisationKind(form.kind.data),
        name_zh=form.name_zh.data,
        division_code=form.division.data,
        name_en=form.name_en.data or "",
        profile=form.profile.data or "",
        credit_code=form.credit_code.data or "",
    )


def page_of(public_id: str) -> str:
    """The address of an organisation's page."""
    return url_for("accounts.organisation", public_id=public_id)


@bp.route("/organisations/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_organisation() -> ResponseReturnValue:
    """Make an organisation and act for it; then on to where the person wanted to go."""
    onward = safe_next(request.args.get("next"), "")
    form = OrganisationForm(division=current_actor().division or "")
    made = attempt(form, lambda act: create_organisation(act, _data(form)))
    if made is None:
        status = 422 if form.errors else 200
        return render_template("accounts/organisation_form.html", form=form, found=None), status
    forget_actor()
    flash("organisation-new", "kept")
    if onward.startswith("/post"):
        flash(_("Your organisation is here. Go on with your post."), "success")
        return redirect(onward)
    flash(_("Your organisation is here. Ask the station to verify it."), "success")
    return redirect(page_of(made.public_id))


@bp.get("/organisations/<public_id>")
@access(PUBLIC)
def organisation(public_id: str) -> ResponseReturnValue:
    """What everybody may know of an organisation, and what its own people do with it."""
    found, actor = shown(public_id), current_actor()
    mine = actor.belongs_to(found.id)
    may_decide = bool(may_verify(actor, case_of(read_session(), found))) if actor.serves else False
    today = civil_date(house().clock.now(), house().settings.time_zone)
    way = may_ask(standing_of(read_session(), found), today) if mine else None
    suspension = _suspension(found) if mine else None
    return render_template(
        "accounts/organisation.html",
        found=found,
        name=full_label(found, locale_code()),
        kind=KINDS[found.kind],
        location=place_label(found.division_code),
        verification=VERIFICATIONS[found.verification],
        mine=mine,
        manages=can_manage(actor, found),
        may_decide=may_decide,
        suspended_for=suspension.reason if suspension else "",
        way=way.code if way else "",
        until=day_here(found.verified_until) if mine and found.verified_until else "",
        request_made=latest_request(read_session(), found.id) if mine else None,
    )


def _suspension(found: Organisation) -> VerificationDecision | None:
    """Why it is suspended, when it is."""
    if found.verification is not Verification.SUSPENDED:
        return None
    return latest_suspension(read_session(), found.id)


@bp.route("/organisations/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Change an organisation's data."""
    found = managed(public_id)
    form = OrganisationForm(obj=found, division=found.division_code)
    if not form.is_submitted():
        form.kind.data = found.kind.value
    done = attempt(form, lambda act: edit_organisation(act, public_id, _data(form)))
    if done is None:
        status = 422 if form.errors else 200
        found = managed(public_id)
        return render_template("accounts/organisation_form.html", form=form, found=found), status
    forget_actor()
    flash(_("Saved."), "success")
    flash(f"organisation-{public_id}", "kept")
    return redirect(page_of(public_id))


@bp.route("/organisations/<public_id>/members", methods=["GET", "POST"])
@access(SIGNED_IN)
def members(public_id: str) -> ResponseReturnValue:
    """Who belongs to it; managers invite. The answer says nothing about who has an account."""
    managed(public_id)
    form = InviteForm()
    if form.is_submitted():
        count_try(limits.INVITE_PERSON, str(current_actor().person_id))
    done = attempt(
        form,
        lambda act: invite_member(act, public_id, form.address.address, Role(form.role.data)),
    )
    if done is not None:
        flash(_("The invitation waits on their page under Me."), "success")
        return redirect(url_for("accounts.members", public_id=public_id))
    found = managed(public_id)
    page = render_template(
        "accounts/members.html",
        form=form,
        found=found,
        members=members_of(read_session(), found.id),
        invitations=invitations_from(read_session(), found.id),
        roles=ROLES,
        own_id=current_actor().person_id,
    )
    return page, 422 if form.errors else 200


@bp.post("/organisations/<public_id>/members/<person>/role/<any(member, manager):role>")
@access(SIGNED_IN)
def set_role(public_id: str, person: str, role: str) -> ResponseReturnValue:
    """Make a member a manager or the other way round."""
    with acting() as act:
        change_role(act, public_id, person, Role(role))
    return _to_members(public_id, _("The role is changed."))


@bp.post("/organisations/<public_id>/members/<person>/remove")
@access(SIGNED_IN)
def remove(public_id: str, person: str) -> ResponseReturnValue:
    """End somebody's membership."""
    with acting() as act:
        remove_member(act, public_id, person)
    return _to_members(public_id, _("The person no longer belongs to it."))


@bp.post("/organisations/<public_id>/invitations/<invitation_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str, invitation_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    with acting() as act:
        withdraw_invitation(act, public_id, invitation_id)
    return _to_members(public_id, _("The invitation is gone."))


@bp.post("/organisations/<public_id>/leave")
@access(SIGNED_IN)
def leave_organisation(public_id: str) -> ResponseReturnValue:
    """End one's own membership."""
    with acting() as act:
        leave(act, public_id)
    forget_actor()
    flash(_("You no longer belong to it."), "success")
    return redirect(url_for("accounts.me"))


def _to_members(public_id: str, said: str) -> ResponseReturnValue:
    forget_actor()
    flash(said, "success")
    if not can_manage(current_actor(), shown(public_id)):
        return redirect(url_for("accounts.me"))
    return redirect(url_for("accounts.members", public_id=public_id))
