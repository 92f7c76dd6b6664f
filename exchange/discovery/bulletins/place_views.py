"""Which places have a bulletin, and when: the pages of their supervisors."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.points.queries import point_label, points_supervised, workers_at
from exchange.discovery.bulletins.composing import compose_now
from exchange.discovery.bulletins.forms import NewPlaceForm, SettingsForm
from exchange.discovery.bulletins.kinds import WAITING
from exchange.discovery.bulletins.place_service import change_place, open_place
from exchange.discovery.bulletins.queries import managed_place, place_name
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.web.access import SUPERVISOR, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("bulletin_places", __name__)


@bp.route("/bulletins/places/new", methods=["GET", "POST"])
@access(SUPERVISOR)
def new() -> ResponseReturnValue:
    """Let a place have a bulletin."""
    form = NewPlaceForm()
    points = points_supervised(read_session(), current_actor())
    form.offer_points([(one.public_id, point_label(one, locale_code())) for one in points])
    form.offer_editors(_workers())

    def work(act: Act) -> bool:
        try:
            open_place(
                act, form.settings, division_code=form.division.data or "",
                point=form.point.data or "",
            )  # fmt: skip
        except Forbidden as error:
            raise Conflict(error.code) from error
        return True

    if attempt(form, work):
        flash(_("The bulletin comes out by itself from now on."), "success")
        return redirect(url_for("bulletin_desk.desk"))
    status = 422 if form.errors else 200
    return render_template("discovery/bulletins/place.html", form=form, is_new=True), status


@bp.route("/bulletins/places/<public_id>", methods=["GET", "POST"])
@access(SUPERVISOR)
def settings(public_id: str) -> ResponseReturnValue:
    """The day, the hour, the editor and the approval of a place's bulletin."""
    place = managed_place(read_session(), current_actor(), public_id)
    form = SettingsForm()
    form.offer_editors(_workers())
    if not form.is_submitted():
        form.show(place)

    def work(act: Act) -> bool:
        version = str(form.version.data or "")
        read = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        change_place(act, public_id, form.settings, read)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("bulletin_desk.desk"))
    place = managed_place(read_session(), current_actor(), public_id)
    if form.errors:
        form.version.data = str(place.version)
    name = place_name(read_session(), place, locale_code())
    page = render_template(
        "discovery/bulletins/place.html", form=form, name=name, is_new=False
    )
    return page, 422 if form.errors else 200


@bp.post("/bulletins/places/<public_id>/compose")
@access(SUPERVISOR)
def compose(public_id: str) -> ResponseReturnValue:
    """Compose an issue at once."""
    try:
        with acting() as act:
            issue = compose_now(act, public_id)
            key, state = issue.public_id, issue.state
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("bulletin_desk.desk"))
    if state not in WAITING:
        flash(sentence(f"bulletin_is_{state.value}"))
    return redirect(url_for("bulletin_desk.edit_page", public_id=key))


def _workers() -> list[tuple[str, str]]:
    """Everybody who serves at a point that the reader looks after."""
    points = points_supervised(read_session(), current_actor())
    found = workers_at(read_session(), [one.id for one in points])
    people = {
        duty.person.public_id: duty.person.name for duties in found.values() for duty in duties
    }
    return sorted(people.items(), key=lambda pair: pair[1])
