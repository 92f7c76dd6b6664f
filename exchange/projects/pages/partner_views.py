"""Other organisations in a project: asking them, their answer, leaving."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.organisations.directory import listed_organisations
from exchange.accounts.queries import full_label, organisation_by_public_id
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.listings.values import one_line
from exchange.projects.cards import owner_label
from exchange.projects.forms import InviteForm
from exchange.projects.kinds import PartnerRole, PartnerState
from exchange.projects.labels import PARTNER_STATE_LABELS, ROLE_LABELS
from exchange.projects.models import Project
from exchange.projects.pages.views import bp, do, managed_project, words_of
from exchange.projects.partnering import (
    answer_invitation,
    invite_partner,
    invited_project,
    leave_project,
    partner_row,
    remove_partner,
)
from exchange.projects.permissions import can_see
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.locale import locale_code

SHOWN = 12


@bp.get("/projects/<public_id>/partners")
@access(SIGNED_IN)
def partners(public_id: str) -> ResponseReturnValue:
    """Who takes part, who was asked; find an organisation by its name and ask it."""
    project, locale = managed_project(public_id), locale_code()
    text = one_line(request.args.get("q", ""))[:40]
    found = listed_organisations(read_session(), text, limit=SHOWN)[0] if text else []
    taken = {
        row.organisation_id for row in project.partners
        if row.state in (PartnerState.INVITED, PartnerState.ACCEPTED)
    } | {project.organisation_id}  # fmt: skip
    rows = [
        {
            "public_id": row.organisation.public_id,
            "name": full_label(row.organisation, locale),
            "role": ROLE_LABELS[row.role],
            "state": row.state,
            "state_label": PARTNER_STATE_LABELS[row.state],
            "stands": row.state in (PartnerState.INVITED, PartnerState.ACCEPTED),
        }
        for row in project.partners
    ]
    return render_template(
        "projects/partners.html", project=project, rows=rows, q=text, roles=ROLE_LABELS,
        found=[one for one in found if one.id not in taken], locale=locale, label=full_label,
    )  # fmt: skip


@bp.post("/projects/<public_id>/partners")
@access(SIGNED_IN)
def invite(public_id: str) -> ResponseReturnValue:
    """Ask an organisation to take part."""
    form = InviteForm()
    if not form.validate_on_submit():
        flash(_("Please choose an organisation from the list."), "error")
        return redirect(url_for("projects.partners", public_id=public_id))

    def work(act: Act, project: Project) -> None:
        organisation = organisation_by_public_id(act.session, str(form.organisation.data)[:20])
        if organisation is None:
            raise NotFound
        invite_partner(act, project, organisation, PartnerRole(form.role.data))

    said = _("Asked. It is named here for others once it has said yes.")
    return do(public_id, work, said, "projects.partners")


@bp.post("/projects/<public_id>/partners/<organisation_id>/remove")
@access(SIGNED_IN)
def remove_one(public_id: str, organisation_id: str) -> ResponseReturnValue:
    """Take an invitation back, or part with a partner."""

    def work(act: Act, project: Project) -> None:
        organisation = organisation_by_public_id(act.session, organisation_id[:20])
        if organisation is None:
            raise NotFound
        remove_partner(act, project, organisation.id)

    return do(public_id, work, _("Noted. It takes part no longer."), "projects.partners")


@bp.get("/projects/<public_id>/invitation")
@access(SIGNED_IN)
def invitation(public_id: str) -> ResponseReturnValue:
    """What one is asked to take part in, and the two answers."""
    actor, locale = current_actor(), locale_code()
    project, organisation_id = invited_project(read_session(), actor, public_id)
    row = partner_row(project, organisation_id)
    if row is None or row.state is not PartnerState.INVITED:
        return redirect(url_for("projects.show", public_id=public_id))
    return render_template(
        "projects/invitation.html", project=project, role=ROLE_LABELS[row.role],
        owner=owner_label(actor, project, locale), name=full_label(row.organisation, locale),
    )  # fmt: skip


@bp.post("/projects/<public_id>/invitation")
@access(SIGNED_IN)
def answer(public_id: str) -> ResponseReturnValue:
    """Yes or no."""
    yes = request.form.get("answer") == "yes"
    try:
        with acting() as act:
            project, organisation_id = invited_project(act.session, act.actor, public_id)
            answer_invitation(act, project, organisation_id, yes=yes)
    except Conflict as error:
        flash(words_of(error), "error")
        return redirect(url_for("projects.mine"))
    if not yes:
        flash(_("Noted. They hear that you do not take part."), "success")
        return redirect(url_for("projects.mine"))
    flash(_("Good. Your organisation is named as a partner now."), "success")
    return redirect(url_for("projects.show", public_id=public_id))


@bp.post("/projects/<public_id>/leave")
@access(SIGNED_IN)
def leave(public_id: str) -> ResponseReturnValue:
    """A partner takes part no longer."""
    with acting() as act:
        project, organisation_id = invited_project(act.session, act.actor, public_id)
        leave_project(act, project, organisation_id)
        still_seen = can_see(act.actor, project)
    flash(_("Noted. Your organisation takes part no longer."), "success")
    if not still_seen:
        return redirect(url_for("projects.mine"))
    return redirect(url_for("projects.show", public_id=public_id))
