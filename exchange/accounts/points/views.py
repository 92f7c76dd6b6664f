"""The doors that change service points."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.kinds import PointLevel
from exchange.accounts.labels import DUTIES, LEVELS
from exchange.accounts.models import ServicePoint
from exchange.accounts.place_forms import place_labels
from exchange.accounts.points.centre_queries import point_supervised
from exchange.accounts.points.changing import close_point, hang_under, serve_divisions
from exchange.accounts.points.forms import PointDivisionsForm
from exchange.accounts.points.queries import point_label, points_supervised, workers_at
from exchange.accounts.points.routing import load_routes
from exchange.accounts.points.rules import may_stand_under
from exchange.accounts.points.tree import as_tree, gaps
from exchange.accounts.views import bp
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.web.access import SUPERVISOR, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

MOST_GAPS = 60


def point_name(point: ServicePoint) -> str:
    """The name of a service point in the reader's language."""
    return point_label(point, locale_code())


@bp.get("/points")
@access(SUPERVISOR)
def points() -> ResponseReturnValue:
    """The service points of the reader's area as a tree, who serves there, and the gaps."""
    session, actor = read_session(), current_actor()
    found = points_supervised(session, actor)
    missing = gaps(session, load_routes(session), found)
    codes = sorted({served.prefix for point in found for served in point.divisions})
    return render_template(
        "accounts/points.html",
        branches=as_tree(found),
        workers=workers_at(session, [point.id for point in found]),
        places=place_labels([*codes, *missing[:MOST_GAPS]]),
        gaps=missing[:MOST_GAPS],
        more_gaps=max(len(missing) - MOST_GAPS, 0),
        levels=LEVELS,
        duties=DUTIES,
        name=point_name,
        own_id=actor.person_id,
    )


@bp.route("/points/<public_id>/edit", methods=["GET", "POST"])
@access(SUPERVISOR)
def edit_point(public_id: str) -> ResponseReturnValue:
    """What a point serves, and what it hangs under."""
    session, actor = read_session(), current_actor()
    point = point_supervised(session, actor, public_id)
    if point.level is PointLevel.CENTRE:
        raise NotFound
    served = [one.prefix for one in point.divisions]
    above = _points_above(points_supervised(session, actor), point)
    form = PointDivisionsForm()
    form.offer(place_labels(served), {one.public_id: point_name(one) for one in above})
    if not form.is_submitted():
        form.kept.data = served
        form.parent.data = next((p.public_id for p in above if p.id == point.parent_id), "")
    name = point_name(point)

    def work(act: Act) -> bool:
        serve_divisions(act, public_id, form.codes)
        if form.parent.data:
            hang_under(act, public_id, form.parent.data)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("accounts.points"))
    page = render_template(
        "accounts/point_edit.html", form=form, name=name, public_id=public_id, above=bool(above)
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/points/<public_id>/close")
@access(SUPERVISOR)
def close(public_id: str) -> ResponseReturnValue:
    """Close a point; its open work goes to what it hangs under."""
    try:
        with acting() as act:
            parent = point_name(close_point(act, public_id))
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("accounts.edit_point", public_id=public_id))
    flash(_("The point is closed. Its open work is with %(name)s now.", name=parent), "success")
    return redirect(url_for("accounts.points"))


def _points_above(found: Sequence[ServicePoint], point: ServicePoint) -> list[ServicePoint]:
    return [one for one in found if may_stand_under(point.level, one.level)]
