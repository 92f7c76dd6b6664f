"""The pages of one's own saved searches."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.alerts.feed_tokens import open_token
from exchange.alerts.forms import ChangeForm, SaveForm
from exchange.alerts.kinds import Rhythm
from exchange.alerts.labels import RHYTHMS, describe, suggested_name
from exchange.alerts.models import SavedSearch
from exchange.alerts.queries import own_search, searches_of
from exchange.alerts.questions import read_question
from exchange.alerts.service import (
    change_search,
    delete_search,
    pause_search,
    renew_feed_address,
    save_search,
)
from exchange.alerts.weighing import standing_answers
from exchange.discovery.forms import address
from exchange.discovery.places import place_of
from exchange.discovery.rules import Asked
from exchange.geography.queries import paths
from exchange.geography.rules import Level, path_label
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("alerts", __name__)
FORMATS = ("atom", "json")


@dataclass(frozen=True)
class SearchLine:
    """A saved search as the list shows it."""

    public_id: str
    name: str
    asks: str
    rhythm: str
    paused: bool
    readable: bool
    told: str


@bp.get("/me/searches")
@access(SIGNED_IN)
def index() -> ResponseReturnValue:
    """My saved searches, the newest first."""
    return _list()


@bp.post("/me/searches")
@access(SIGNED_IN)
def save() -> ResponseReturnValue:
    """Follow the question of a search page, and go back to its results."""
    form = SaveForm()
    asked = read_question(form.question.data or "")
    if not form.validate() or asked is None:
        return _list(sentence("search_unreadable")), 422
    try:
        is_new = follow(asked, "", Rhythm(form.rhythm.data))[1]
    except (Invalid, Conflict) as error:
        return _list(sentence(error.code, error.params)), error.status
    if is_new:
        flash(_("You follow this search now. You find it under “Me”."), "success")
    return redirect(address(asked))


def follow(asked: Asked, name: str, rhythm: Rhythm) -> tuple[str, bool]:
    """Save the question for the actor; its public id, and whether it is new. Raises as saving."""
    known = standing_answers(read_session(), house(), current_actor(), asked)
    place = place_of(read_session(), asked.division, locale_code()).label
    with acting() as act:
        made, is_new = save_search(act, asked, name or suggested_name(asked, place), rhythm, known)
        return made.public_id, is_new


def _list(problem: str = "") -> str:
    found = searches_of(read_session(), current_actor().person_id or 0)
    questions = {one.id: read_question(one.question) for one in found}
    labels = _place_labels([asked.division for asked in questions.values() if asked])
    lines = [_line(one, questions[one.id], labels) for one in found]
    return render_template("alerts/index.html", lines=lines, problem=problem)


def _place_labels(codes: list[str]) -> dict[str, str]:
    return {
        code: path_label([(one.code, one.name) for one in line], locale_code(), Level.COUNTY)
        for code, line in paths(read_session(), codes).items()
    }


def _line(search: SavedSearch, asked: Asked | None, labels: dict[str, str]) -> SearchLine:
    asks = describe(asked, labels.get(asked.division, "")) if asked else ""
    return SearchLine(
        public_id=search.public_id,
        name=search.name,
        asks="" if asks == search.name else asks,
        rhythm=str(RHYTHMS[search.rhythm]),
        paused=search.paused_at is not None,
        readable=asked is not None,
        told=local_moment(search.last_told_at) if search.last_told_at else "",
    )


@bp.route("/me/searches/<public_id>", methods=["GET", "POST"])
@access(SIGNED_IN)
def show(public_id: str) -> ResponseReturnValue:
    """One saved search: its name and rhythm, its feed, and the way out."""
    search = own_search(read_session(), current_actor().person_id, public_id)
    form = ChangeForm(data={"name": search.name, "rhythm": search.rhythm.value})

    def work(act: Act) -> bool:
        change_search(act, public_id, form.name.data, Rhythm(form.rhythm.data))
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("alerts.index"))
    status = 422 if form.errors else 200
    return render_template("alerts/show.html", form=form, **_shown(public_id)), status


def _shown(public_id: str) -> dict[str, Any]:
    search = own_search(read_session(), current_actor().person_id, public_id)
    token = open_token(house().secrets, search.feed_sealed, search.public_id)
    base = house().settings.base_url.rstrip("/")
    feeds = {
        one: base + url_for("feeds.feed", token=token, form=one) for one in FORMATS
    }
    asked = read_question(search.question)
    labels = _place_labels([asked.division] if asked else [])
    return {"search": search, "line": _line(search, asked, labels), "feeds": feeds}


@bp.get("/me/searches/<public_id>/results")
@access(SIGNED_IN)
def results(public_id: str) -> ResponseReturnValue:
    """What answers the question now, the newest first."""
    search = own_search(read_session(), current_actor().person_id, public_id)
    asked = read_question(search.question)
    if asked is None:
        return redirect(url_for("alerts.show", public_id=public_id))
    return redirect(address(asked.but(sort="newest")))


@bp.post("/me/searches/<public_id>/<any(pause, resume):step>")
@access(SIGNED_IN)
def pause(public_id: str, step: str) -> ResponseReturnValue:
    """Tell nothing for a while, or go on."""
    with acting() as act:
        pause_search(act, public_id, paused=step == "pause")
    flash(_("It rests now.") if step == "pause" else _("It goes on from now."), "success")
    return redirect(url_for("alerts.show", public_id=public_id))


@bp.post("/me/searches/<public_id>/address")
@access(SIGNED_IN)
def renew(public_id: str) -> ResponseReturnValue:
    """Give the feed a new address."""
    with acting() as act:
        renew_feed_address(act, public_id)
    flash(_("The feed has a new address. The former one shows nothing any more."), "success")
    return redirect(url_for("alerts.show", public_id=public_id))


@bp.post("/me/searches/<public_id>/delete")
@access(SIGNED_IN)
def delete(public_id: str) -> ResponseReturnValue:
    """Follow it no more."""
    with acting() as act:
        delete_search(act, public_id)
    flash(_("You follow this search no more."), "success")
    return redirect(url_for("alerts.index"))
