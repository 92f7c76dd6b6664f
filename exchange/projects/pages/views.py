"""The page of one project, one's own projects, and what all pages of projects share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.projects.cards import project_cards
from exchange.projects.forms import ReturnForm, StageForm
from exchange.projects.kinds import ENDED_STAGES, Publication, Stage
from exchange.projects.labels import STAGE_ACTS, STAGE_HINTS
from exchange.projects.mine_queries import own_projects
from exchange.projects.models import Project
from exchange.projects.overlap_queries import ground_of, overlap_with
from exchange.projects.pages.overlap_panels import overlap_lines
from exchange.projects.partnering import invitations_for, partner_row
from exchange.projects.permissions import may_manage, may_review, may_supervise
from exchange.projects.queries import seen_project
from exchange.projects.rules import NEXT_STAGES, needs_reason
from exchange.projects.showing import project_page
from exchange.projects.standing_open import must_stand
from exchange.projects.templates import outline_of
from exchange.taxonomy.categories import taxonomy
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("projects", __name__)
Verb = Callable[[Act, Project], Any]


def today() -> date:
    """The civil date of this request."""
    return civil_date(house().clock.now(), house().settings.time_zone)


def managed_project(public_id: str) -> Project:
    """The project, for those who change it. Raises NotFound or Forbidden."""
    project = seen_project(read_session(), current_actor(), public_id)
    if not may_manage(current_actor(), project):
        raise Forbidden("project_not_yours")
    return project


def do(public_id: str, verb: Verb, said: str, where: str = "projects.show") -> ResponseReturnValue:
    """Do one act and go on; what stands against it is said on the page one came from."""
    try:
        with acting() as act:
            verb(act, seen_project(act.session, act.actor, public_id))
    except (Conflict, Invalid) as error:
        flash(words_of(error), "error")
        return redirect(url_for(where, public_id=public_id))
    flash(said, "success")
    return redirect(url_for(where, public_id=public_id))


def words_of(error: Conflict | Invalid) -> str:
    """The sentence of a refusal that belongs to no form."""
    codes = [code for some in getattr(error, "fields", {}).values() for code in some]
    code = codes[0] if codes else error.code
    return sentence("project_publication" if code == "changed_meanwhile" else code, error.params)


@bp.get("/projects/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """One project, as far as the reader may know it."""
    return show_page(public_id)


def show_page(
    public_id: str,
    stage_form: StageForm | None = None,
    return_form: ReturnForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a project; the forms are those that were refused."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    page = project_page(session, house(), actor, project, locale_code(), today())
    overlap = overlap_with(session, actor, ground_of(project)) if page.inside else None
    return render_template(
        "projects/show.html",
        project=project,
        page=page,
        overlap=overlap_lines(overlap) if overlap else None,
        missing=missing_parts(project) if page.may_manage else (),
        stages=stage_acts(project) if page.may_manage else (),
        stage_form=stage_form or StageForm(formdata=None),
        return_form=return_form or ReturnForm(formdata=None),
        **_may(project),
    ), status


def _may(project: Project) -> dict[str, Any]:
    """What the reader may do besides changing it."""
    actor = current_actor()
    own = actor.belongs_to(project.organisation_id)
    waits = project.publication is Publication.SUBMITTED
    partner = next((key for key in sorted(project.partner_ids) if actor.belongs_to(key)), None)
    is_asked = any(
        actor.belongs_to(row.organisation_id) and row.state == "invited" for row in project.partners
    )
    serves = any(actor.serves_division(place) for place in project.places)
    shown = project.publication in (Publication.SUBMITTED, Publication.PUBLISHED)
    may_withdraw = shown and may_manage(actor, project)
    return {
        "own": own,
        "is_draft": project.publication is Publication.DRAFT,
        "may_submit": own and project.publication in (Publication.DRAFT, Publication.WITHDRAWN),
        "may_discard": own and project.publication is Publication.DRAFT
        and project.published_at is None,
        "may_withdraw": may_withdraw,
        "must_stand": may_withdraw and must_stand(house(), read_session(), project),
        "reviews": waits and may_review(actor, project),
        "may_hold": actor.is_operator or may_supervise(actor, project),
        "may_take": serves and project.worker_id is None and not own,
        "takes_part": partner is not None and partner_row(project, partner) is not None,
        "is_asked": is_asked,
    }  # fmt: skip


def missing_parts(project: Project) -> list[tuple[str, str]]:
    """What is not said yet: the endpoint of its page and a code for the sentence."""
    parts = (
        ("projects.edit", "aim", project.aim),
        ("projects.places", "places", project.places),
        ("projects.people", "people", project.beneficiaries),
        ("projects.people", "dates", project.from_date or project.to_date),
        ("projects.milestones", "milestones", project.milestones),
        ("projects.budget", "budget", project.budget),
    )
    return [(endpoint, code) for endpoint, code, there in parts if not there]


def stage_acts(project: Project) -> list[dict[str, Any]]:
    """Where its people can take it. Looking back on it is an act of its own."""
    return [
        {
            "wanted": stage,
            "label": STAGE_ACTS[stage],
            "hint": STAGE_HINTS[stage],
            "needs_reason": needs_reason(stage),
            "ends": stage in ENDED_STAGES,
        }
        for stage in Stage
        if stage in NEXT_STAGES[project.stage] and stage in STAGE_ACTS
    ]


def usual_needs(project: Project) -> list[tuple[str, str]]:
    """Categories that such projects usually need: code and name."""
    outline = outline_of(project.template, locale_code())
    tree = taxonomy()
    return [(code, tree.name(code, locale_code())) for code in outline.needs if code in tree]


@bp.get("/my/projects")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """Those one leads, takes part in or looks after; first what waits for an answer."""
    session, actor, locale = read_session(), current_actor(), locale_code()
    asked = project_cards(session, actor, invitations_for(session, actor), locale)
    cards = project_cards(session, actor, own_projects(session, actor), locale)
    return render_template("projects/mine.html", cards=cards, asked=asked)
