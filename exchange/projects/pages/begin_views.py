"""Beginning a project: choose what kind it is, then one short page."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.accounts.place_forms import place_label
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.queries import seen_listing
from exchange.listings.undertakings.permissions import may_group
from exchange.listings.undertakings.rules import may_join
from exchange.projects.forms import BeginForm
from exchange.projects.kinds import Template
from exchange.projects.labels import TEMPLATE_LABELS
from exchange.projects.making import Beginning, make_project
from exchange.projects.needs import project_of_need
from exchange.projects.origins import Origin, match_reader
from exchange.projects.overlap_queries import Ground, overlap_with
from exchange.projects.pages.overlap_panels import overlap_lines
from exchange.projects.pages.views import bp
from exchange.projects.templates import outline_of
from exchange.projects.values import ProjectValues
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code

KEPT = "new-project"


@bp.route("/projects/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new() -> ResponseReturnValue:
    """Without a kind, choose one; then title, place and aim. All else follows on its own page."""
    form = BeginForm()
    if request.method == "GET":
        form.need.data = request.args.get("need", "")[:20]
        form.match.data = request.args.get("match", "")[:20]
    origin = _origin(read_session(), current_actor(), form)
    template = _template(form.template.data or request.args.get("template", ""))
    if template is None:
        return render_template(
            "projects/choose.html", kinds=_kinds(), need=form.need.data, match=form.match.data
        )
    form.template.data = template.value
    if request.method == "GET":
        _prefill(form, template, origin)
    made = attempt(form, lambda act: _make(act, form, template))
    if made:
        flash(_("The draft is there. Add what you know; nobody else sees it yet."), "success")
        flash(KEPT, "kept")
        return redirect(url_for("projects.show", public_id=made))
    return render_template(
        "projects/new.html", form=form, template=TEMPLATE_LABELS[template],
        outline=outline_of(template, locale_code()), origin=origin, keep=KEPT,
        overlap=_overlap(form, template, origin), overlap_place=place_label(form.division.data),
    ), 422 if form.errors else 200  # fmt: skip


def _template(asked: str) -> Template | None:
    return next((one for one in Template if one.value == asked), None)


def _kinds() -> list[dict[str, Any]]:
    return [
        {
            "value": one.value,
            "label": TEMPLATE_LABELS[one],
            "line": outline_of(one, locale_code()).line,
        }
        for one in Template
    ]


def _prefill(form: BeginForm, template: Template, origin: Origin | None) -> None:
    form.aim.data = outline_of(template, locale_code()).aim
    home = current_actor().division or ""
    form.division.data = (origin.places[0] if origin.places else home) if origin else home
    form.title.data = origin.title[:80] if origin else ""


def _make(act: Act, form: BeginForm, template: Template) -> str:
    origin = _origin(act.session, act.actor, form)
    outline = outline_of(template, locale_code())
    leader = origin.leader_id if origin else act.actor.organisation_id
    if leader is None:
        raise Forbidden("project_not_yours")
    places = tuple(dict.fromkeys([form.division.data, *(origin.places[1:] if origin else ())]))
    groups = origin.groups if origin and origin.groups else outline.groups
    values = ProjectValues(
        title=form.title.data,
        aim=form.aim.data or "",
        category_code=outline.category or (origin.category_code if origin else None),
        beneficiaries=groups,
        places=places,
    )
    beginning = Beginning(
        template=template,
        outline=outline,
        needs=origin.needs if origin else (),
        met=origin.met if origin else (),
        partners=origin.partners if origin else (),
        by_worker=origin.by_worker if origin else False,
    )
    return make_project(act, leader, values, beginning).public_id


def _origin(session: Session, actor: Actor, form: BeginForm) -> Origin | None:
    """What it is made from. Raises NotFound where the reader may not know of it."""
    if form.match.data:
        read = match_reader(house())
        if read is None:
            raise NotFound
        return read(session, actor, str(form.match.data))
    if not form.need.data:
        return None
    need = seen_listing(session, actor, str(form.need.data))
    if not actor.belongs_to(need.organisation_id) or not may_group(actor, [need]):
        raise Forbidden("project_not_yours")
    decision = may_join(need.side, need.state, same_owner=True)
    if not decision:
        raise Conflict(decision.code)
    if project_of_need(session, need.id) is not None and request.method == "GET":
        raise Conflict("project_need_taken")
    return Origin(
        title=need.title,
        leader_id=need.organisation_id,
        places=(need.division_code,) if need.division_code else (),
        needs=(need,),
        category_code=need.category_code,
        groups=tuple(need.beneficiaries),
    )


def _overlap(form: BeginForm, template: Template, origin: Origin | None) -> list[Any]:
    """What else is done there for the same people, before effort is made twice."""
    outline = outline_of(template, locale_code())
    place = str(form.division.data or "")
    ground = Ground(
        (place,) if place else (),
        origin.groups if origin and origin.groups else outline.groups,
        outline.category or (origin.category_code if origin else None),
        owner_id=origin.leader_id if origin else current_actor().organisation_id or 0,
    )
    found = overlap_with(read_session(), current_actor(), ground)
    return list(overlap_lines(found))
