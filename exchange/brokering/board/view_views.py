"""The doors of saved views: keep, change, delete."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.models import Assignment, Organisation, Person
from exchange.accounts.place_forms import place_labels
from exchange.accounts.points.centre_queries import centres_of
from exchange.accounts.queries import organisation_label
from exchange.brokering.board import view_service as service
from exchange.brokering.board.forms import ViewChangeForm, ViewForm
from exchange.brokering.board.panels import address, asked_in_text, words_of
from exchange.brokering.board.rules import WORKER
from exchange.brokering.board.view_models import MatchView
from exchange.brokering.board.view_queries import own_view, shared_views, views_of
from exchange.brokering.page.form_panels import with_ids
from exchange.kernel.act import Act
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.forms import HouseForm, attempt
from exchange.web.locale import locale_code

bp = Blueprint("match_views", __name__)


@bp.get("/match-views")
@access(BROKER)
def index() -> ResponseReturnValue:
    """The views that somebody keeps, and those that others share with them."""
    return _page()


@bp.post("/match-views")
@access(BROKER)
def save() -> ResponseReturnValue:
    """Keep the filters by a name."""
    form = ViewForm()
    asked = asked_in_text(form.question.data or "")

    def work(act: Act) -> str:
        made = service.save_view(
            act, form.name.data, asked, opens_first=bool(form.opens_first.data)
        )
        return made.name

    name = attempt(form, work)
    if name is None:
        return _page(new=form, status=422)
    flash(_("“%(name)s” is kept.", name=name), "success")
    return redirect(address(asked))


@bp.post("/match-views/<public_id>")
@access(BROKER)
def change(public_id: str) -> ResponseReturnValue:
    """Another name, open first or not, share or not."""
    own_view(read_session(), current_actor().person_id, public_id)
    form = ViewChangeForm()

    def work(act: Act) -> str:
        return service.change_view(
            act, public_id, form.name.data, opens_first=bool(form.opens_first.data),
            is_shared=bool(form.is_shared.data),
        ).name  # fmt: skip

    name = attempt(form, work)
    if name is None:
        return _page(refused={public_id: form}, status=422)
    flash(_("Changed: “%(name)s”.", name=name), "success")
    return redirect(url_for("match_views.index"))


@bp.post("/match-views/<public_id>/delete")
@access(BROKER)
def delete(public_id: str) -> ResponseReturnValue:
    """Keep it no more."""
    with acting() as act:
        service.delete_view(act, public_id)
    flash(_("The view is deleted."), "success")
    return redirect(url_for("match_views.index"))


def _page(
    new: HouseForm | None = None, refused: dict[str, HouseForm] | None = None, status: int = 200
) -> ResponseReturnValue:
    session, actor = read_session(), current_actor()
    own, shared = views_of(session, actor.person_id), shared_views(session, actor)
    shown = _shown([*own, *shared])
    page = render_template(
        "brokering/match_views.html",
        new=new,
        views=[
            {**shown[one.id], **_own(one, (refused or {}).get(one.public_id))} for one in own
        ],
        shared=[{**shown[one.id], "by": one.person.name} for one in shared],
        can_share=bool(actor.supervises and centres_of(session, actor)),
        most=service.MOST_VIEWS,
    )
    return page, status


def _own(view: MatchView, refused: HouseForm | None) -> dict[str, Any]:
    form = refused or ViewChangeForm(
        formdata=None, name=view.name, opens_first=view.is_default,
        is_shared=view.shared_with_id is not None,
    )  # fmt: skip
    return {
        "public_id": view.public_id,
        "opens_first": view.is_default,
        "is_shared": view.shared_with_id is not None,
        "form": with_ids(form, f"view-{view.public_id}"),
        "refused": refused is not None,
    }


def _shown(views: Sequence[MatchView]) -> dict[int, dict[str, str]]:
    """Address and words of each view; three queries at most."""
    asked = {view.id: asked_in_text(view.question) for view in views}
    codes = sorted({one.division for one in asked.values() if one.division})
    places = place_labels(codes) if codes else {}
    ids = sorted({one.organisation for one in asked.values() if one.organisation})
    found = sa.select(Organisation).where(Organisation.public_id.in_(ids))
    owners = {
        one.public_id: organisation_label(one, locale_code())
        for one in (read_session().scalars(found) if ids else ())
    }
    workers = sorted({one.who.removeprefix(WORKER) for one in asked.values()})
    people = sa.select(Person.public_id, Person.name).where(
        Person.public_id.in_(workers), Person.id.in_(sa.select(Assignment.person_id))
    )
    names = {row.public_id: row.name for row in read_session().execute(people)}
    return {
        view.id: {
            "name": view.name,
            "url": address(asked[view.id]),
            "words": words_of(asked[view.id], places, owners, names),
        }
        for view in views
    }
