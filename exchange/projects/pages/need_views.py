"""The needs of a project: put in those that are there, post new ones, take out."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden
from exchange.listings.cards import listing_cards
from exchange.listings.queries import seen_listing
from exchange.projects.models import Project
from exchange.projects.needs import add_needs, free_needs, may_add_needs, remove_need
from exchange.projects.pages.views import bp, do, today, usual_needs
from exchange.projects.queries import needs_of, seen_project
from exchange.projects.rules import MOST_NEEDS
from exchange.projects.showing import seen_needs
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, read_session
from exchange.web.locale import locale_code


@bp.get("/projects/<public_id>/needs")
@access(SIGNED_IN)
def needs(public_id: str) -> ResponseReturnValue:
    """What is in it, what could come in, and the way to post what is not there yet."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    if not may_add_needs(actor, project):
        raise Forbidden("project_not_yours")
    inside = seen_needs(session, actor, project)
    free = free_needs(session, actor, project)
    there = {need.category_code for need in inside}
    return render_template(
        "projects/needs.html", project=project, cards=_cards(inside), free=_cards(free),
        usual=[pair for pair in usual_needs(project) if pair[0] not in there],
        full=len(needs_of(session, [project.id]).get(project.id, ())) >= MOST_NEEDS,
        most=MOST_NEEDS, own=actor.belongs_to(project.organisation_id) or bool(
            actor.organisation_ids & project.partner_ids
        ),
    )  # fmt: skip


@bp.post("/projects/<public_id>/needs")
@access(SIGNED_IN)
def put_in(public_id: str) -> ResponseReturnValue:
    """Put needs in that are there already."""
    asked = [one[:20] for one in request.form.getlist("needs")[: MOST_NEEDS + 1]]
    if not asked:
        flash(_("Please choose at least one need."), "error")
        return redirect(url_for("projects.needs", public_id=public_id))

    def work(act: Act, project: Project) -> None:
        add_needs(act, project, [seen_listing(act.session, act.actor, one) for one in asked])

    return do(public_id, work, _("Put in."), "projects.needs")


@bp.post("/projects/<public_id>/needs/remove")
@access(SIGNED_IN)
def take_out(public_id: str) -> ResponseReturnValue:
    """Let a need stand on its own again."""
    asked = request.form.get("need", "")[:20]

    def work(act: Act, project: Project) -> None:
        remove_need(act, project, seen_listing(act.session, act.actor, asked))

    return do(public_id, work, _("Taken out. The need itself stays as it is."), "projects.needs")


def _cards(found: list[Any]) -> list[Any]:
    return listing_cards(read_session(), current_actor(), found, locale_code(), today())
