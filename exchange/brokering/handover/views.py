"""The doors of a handover: the form with all cases, and the page that is printed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.absence.service import may_set_absence
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.brokering.centre.caseload_queries import cases_in_hand, person_called
from exchange.brokering.handover.forms import HandoverForm
from exchange.brokering.handover.models import HandoverCase
from exchange.brokering.handover.open_cases import open_cases_of, receivers_for
from exchange.brokering.handover.queries import handover_seen, last_handover, load_cases
from exchange.brokering.handover.sentences import (
    PassedOn,
    case_line,
    case_title,
    how_many,
    passed_on,
)
from exchange.brokering.handover.service import hand_over, may_hand_over
from exchange.brokering.labels import state_label
from exchange.brokering.page.caseload_panels import names_with_cases, warn_of_caseload
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import NotFound
from exchange.listings.cards import shown_title
from exchange.web.access import BROKER, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import local_day
from exchange.web.forms import attempt
from exchange.web.locale import locale_code

bp = Blueprint("handovers", __name__)


@bp.get("/me/handover")
@access(BROKER)
def mine() -> ResponseReturnValue:
    """One's own cases."""
    person = read_session().get_one(Person, current_actor().person_id)
    return redirect(url_for("handovers.start", public_id=person.public_id))


@bp.route("/workers/<public_id>/handover", methods=["GET", "POST"])
@access(BROKER)
def start(public_id: str) -> ResponseReturnValue:
    """All open cases of a worker, each with who gets it and where it stands."""
    session, actor = read_session(), current_actor()
    person = person_called(session, public_id)
    cases = open_cases_of(session, person.id, house().clock.now()) if person else []
    if person is None or not may_hand_over(actor, person.id, cases):
        raise NotFound
    if not (cases or may_set_absence(actor, load_actor(session, person.id))):
        raise NotFound
    today = civil_date(house().clock.now(), house().settings.time_zone)
    receivers = receivers_for(session, cases, person.id)
    in_hand = cases_in_hand(session, [one.person_id for one in receivers])
    names = names_with_cases(session, receivers, in_hand)
    loaded = load_cases(session, cases)
    form = HandoverForm()
    lines = [case_line(actor, one, receivers, locale_code(), today) for one in loaded]
    form.offer(names, lines)
    places = {case.key: case.division_code for case in cases}
    name, is_own = person.name, person.id == actor.person_id

    def work(act: Act) -> str:
        passings = form.passings(places, receivers, in_hand)
        return hand_over(act, public_id, passings, form.handover_note.data or "").public_id

    made = attempt(form, work)
    if made:
        flash(_("All cases are handed over."), "success")
        _warn_receivers(made)
        return redirect(url_for("handovers.show", public_id=made))
    page = render_template(
        "brokering/handover_form.html", form=form, name=name, is_own=is_own,
        has_receivers=bool(receivers), counts=how_many(form.lines),
        passed=_passed_already(form, public_id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _passed_already(form: HandoverForm, public_id: str) -> PassedOn | None:
    """Where no case is left, be it since the page was read: how the last ones passed on."""
    if form.lines and not form.is_submitted():
        return None
    session = read_session()
    person = person_called(session, public_id)
    if person is None or open_cases_of(session, person.id, house().clock.now()):
        return None
    form.lines = ()
    last = last_handover(session, current_actor(), person.id)
    return passed_on(*last, sent=request.form.getlist("case")) if last else None


def _warn_receivers(public_id: str) -> None:
    session = read_session()
    _found, cases = handover_seen(session, current_actor(), public_id)
    areas = {one.to_person_id: _area_of(one) for one in cases}
    for person_id, area in areas.items():
        warn_of_caseload(area, person_id)


def _area_of(one: HandoverCase) -> str | None:
    need = one.match.need if one.match is not None else one.need
    return need.division_code if need is not None else None


@bp.get("/handovers/<public_id>")
@access(BROKER)
def show(public_id: str) -> ResponseReturnValue:
    """What was handed over to whom, with the summaries; for paper, too."""
    session = read_session()
    found, cases = handover_seen(session, current_actor(), public_id)
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in cases:
        groups.setdefault(one.to_person.name, []).append(_shown(one))
    return render_template(
        "brokering/handover.html",
        from_name=found.from_person.name,
        made_by=found.made_by.name,
        day=local_day(found.made_at),
        note=found.note,
        groups=groups,
        count=len(cases),
    )


def _shown(one: HandoverCase) -> dict[str, Any]:
    actor = current_actor()
    if one.match is not None:
        return {
            "title": case_title(actor, one.match, locale_code()),
            "url": url_for("brokering.show", public_id=one.match.public_id),
            "state": state_label(one.match),
            "summary": one.summary,
        }
    need = one.need
    return {
        "title": shown_title(actor, need) if need else "",
        "url": url_for("listings.show", public_id=need.public_id) if need else "",
        "state": _("Looking for an answer"),
        "summary": one.summary,
    }
