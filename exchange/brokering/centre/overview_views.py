"""A centre sees its stations: figures, the lists behind them, and giving cases to workers."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import ServicePoint
from exchange.accounts.place_forms import place_labels
from exchange.accounts.points.centre_queries import centres_of, point_supervised
from exchange.accounts.points.queries import point_label, points_by_ids, points_supervised
from exchange.brokering.board.giving import Given, give_cases
from exchange.brokering.centre import overview_panels as panels
from exchange.brokering.centre.behind_queries import behind
from exchange.brokering.centre.caseload_queries import person_called, workers
from exchange.brokering.centre.caseload_service import Receiver
from exchange.brokering.centre.overview_cuts import WHATS, Asked, Cut, Scope, cut_of, scope_of
from exchange.brokering.centre.overview_queries import Moment, overview
from exchange.brokering.centre.overview_values import Overview
from exchange.brokering.page.case_panels import case_lines
from exchange.brokering.page.caseload_panels import names_with_cases, warn_of_caseload
from exchange.kernel.actor import overlaps
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import NotFound
from exchange.taxonomy.categories import taxonomy
from exchange.web.access import SUPERVISOR, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("overviews", __name__)
PAGE = 30
PARTS = ("what", "worker", "category", "township", "state")


def moment_now() -> Moment:
    """As of now."""
    now = house().clock.now()
    return Moment(now, civil_date(now, house().settings.time_zone))


def _scope(point: ServicePoint) -> Scope:
    return scope_of(point, current_actor().supervises)


def label(point: ServicePoint) -> str:
    """The name of a service point in the reader's language."""
    return point_label(point, locale_code())


@bp.get("/centre")
@access(SUPERVISOR)
def centre() -> ResponseReturnValue:
    """The figures of the reader's first centre."""
    return redirect(url_for("overviews.show", public_id=_first_centre().public_id))


@bp.get("/escalations")
@access(SUPERVISOR)
def escalations() -> ResponseReturnValue:
    """What the reader's first centre was told of."""
    return redirect(url_for("overviews.cases", public_id=_first_centre().public_id, what="told"))


def _first_centre() -> ServicePoint:
    found = centres_of(read_session(), current_actor())
    if not found:
        raise NotFound
    return found[0]


@bp.get("/points/<public_id>/overview")
@access(SUPERVISOR)
def show(public_id: str) -> ResponseReturnValue:
    """The figures of a centre or station."""
    session, moment = read_session(), moment_now()
    point = point_supervised(session, current_actor(), public_id)
    found = overview(session, _scope(point), moment)
    names = _names(found)
    tops = place_labels([code for code, _count in found.unmet_townships if code])
    return render_template(
        "brokering/overview.html",
        point=point,
        name=label(point),
        main=panels.main_figures(found.whole, public_id),
        states=panels.state_figures(found.whole, public_id),
        waiting=panels.waiting_figures(found.whole, public_id, moment.now),
        outcomes=panels.outcome_figures(found.whole, public_id),
        rows=_rows(found, names),
        workers=found.workers,
        list_url=panels.list_url,
        categories=[
            (_category(code), count, panels.list_url(public_id, "unclaimed", category=code))
            for code, count in found.unmet_categories
        ],
        townships=[
            (tops.get(code) or _("No place given"), count,
             panels.list_url(public_id, "unclaimed", township=code))
            for code, count in found.unmet_townships
        ],
        is_centre=point.level is PointLevel.CENTRE,
    )  # fmt: skip


@bp.get("/points/<public_id>/figures.csv")
@access(SUPERVISOR)
def figures(public_id: str) -> ResponseReturnValue:
    """The same as a table for a spreadsheet."""
    session, moment = read_session(), moment_now()
    point = point_supervised(session, current_actor(), public_id)
    found = overview(session, _scope(point), moment)
    names: dict[int | None, str] = {key: label(one) for key, one in _names(found).items()}
    names[None] = _("No station")
    lines = panels.csv_lines(found, names, moment.now)
    answer = Response("".join(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return answer


@bp.get("/points/<public_id>/cases")
@access(SUPERVISOR)
def cases(public_id: str) -> ResponseReturnValue:
    """The list behind a figure."""
    return _list_page(point_supervised(read_session(), current_actor(), public_id))


def _list_page(
    point: ServicePoint, chosen: Sequence[str] = (), receiver: str = "",
    missing: Sequence[tuple[str, str]] = (),
) -> str:  # fmt: skip
    """The list as it was asked for, with what is ticked and chosen; ``missing`` are the sentences
    on what is not, each with the id of its field.
    """
    session, moment, public_id = read_session(), moment_now(), point.public_id
    asked, worker = _asked()
    after = request.values.get("after", "")
    page = behind(session, _scope(point), _cut(asked, moment), after, PAGE)
    kept = _kept()
    more = page.next_cursor
    return render_template(
        "brokering/cases.html",
        name=label(point),
        public_id=public_id,
        heading=_heading(asked, worker),
        lines=case_lines(session, current_actor(), page, moment),
        kept={**kept, "after": after} if after else kept,
        chosen=chosen,
        receiver=receiver,
        missing=missing,
        receivers=_receivers(point),
        points=[(one.public_id, label(one)) for one in _stations()],
        more=url_for("overviews.cases", public_id=public_id, after=more, **kept) if more else None,
    )


@bp.post("/points/<public_id>/cases")
@access(SUPERVISOR)
def give(public_id: str) -> ResponseReturnValue:
    """Give the ticked cases to a worker or a station, one after the other; say which could not.

    Without a tick or without a receiver the list comes back as it was filled in.
    """
    point = point_supervised(read_session(), current_actor(), public_id)
    named = request.form.get("receiver", "")[:60]
    kind, _colon, who = named.partition(":")
    chosen = request.form.getlist("chosen")[:PAGE]
    missing = []
    if not chosen:
        missing.append(("main-form", _("Please tick at least one case.")))
    if kind not in ("worker", "point") or not who:
        missing.append(("receiver", sentence("receiver_missing")))
    if missing:
        return _list_page(point, chosen, named, missing), 422
    receiver = Receiver(worker=who) if kind == "worker" else Receiver(point=who)
    given = give_cases(acting, chosen, receiver)
    _say(given)
    person = person_called(read_session(), who) if kind == "worker" else None
    if person is not None and any(not one.refusal for one in given):
        warn_of_caseload(point.divisions[0].prefix, person.id)
    return redirect(url_for("overviews.cases", public_id=public_id, **_kept()))


def _kept() -> dict[str, Any]:
    """What says which list it is."""
    return {key: value for key, value in request.values.items() if key in PARTS and value}


def _say(given: list[Given]) -> None:
    done = sum(1 for one in given if not one.refusal)
    if done:
        flash(ngettext("%(num)s case is given.", "%(num)s cases are given.", done), "success")
    for one in given:
        if one.refusal:
            words = sentence(one.refusal, one.params)
            flash(_("%(title)s: %(why)s", title=one.title, why=words), "error")


def _asked() -> tuple[Asked, str]:
    """Which list is asked for, and the name of the worker in question."""
    what = request.values.get("what", "")
    if what not in WHATS:
        raise NotFound
    who = request.values.get("worker", "")[:20]
    person = person_called(read_session(), who) if who else None
    category = request.values.get("category", "")[:40]
    township = request.values.get("township", "")[:12]
    asked = Asked(
        what, person.id if person else None, category,
        township if township.isascii() and township.isdigit() else "",
        request.values.get("state", "")[:20],
    )  # fmt: skip
    return asked, person.name if person else ""


def _cut(asked: Asked, moment: Moment) -> Cut:
    found = cut_of(asked, moment.now, moment.today)
    if found is None:
        raise NotFound
    return found


def _heading(asked: Asked, worker: str) -> str:
    words = {
        "live": _("Live matches"),
        "open": _("Open needs"),
        "unclaimed": _("Needs without a match"),
        "state": _("Live matches"),
        "worker": _("In the hands of %(name)s", name=worker),
        "overdue": _("Promises overdue"),
        "told": _("Resting for too long"),
        "unanswered": _("No answer yet"),
        "completed30": _("Completed in %(days)s days", days=30),
        "completed90": _("Completed in %(days)s days", days=90),
    }
    return str(words[asked.what])


def _receivers(point: ServicePoint) -> list[tuple[str, str]]:
    """Who serves something of the point's area, for the box."""
    here = [one.prefix for one in point.divisions]
    some = [
        one
        for one in workers(read_session())
        if any(overlaps(p, h) for post in one.posts for p in post.prefixes for h in here)
    ]
    return names_with_cases(read_session(), some)


def _stations() -> list[ServicePoint]:
    return list(points_supervised(read_session(), current_actor()))


def _names(found: Overview) -> dict[int, ServicePoint]:
    """The points of the table: those supervised, and others that have figures here."""
    here = {one.id: one for one in _stations()}
    missing = [key for key in found.by_point if key is not None and key not in here]
    return here | points_by_ids(read_session(), missing)


def _rows(found: Overview, names: dict[int, ServicePoint]) -> list[dict[str, Any]]:
    rows = [
        {"name": label(point), "point": point.public_id, "figures": found.by_point[key]}
        for key, point in names.items()
        if key in found.by_point
    ]
    if None in found.by_point:
        rows.append({"name": _("No station"), "point": "", "figures": found.by_point[None]})
    return rows


def _category(code: str) -> str:
    return taxonomy().name(code, locale_code()) if code in taxonomy() else str(_("No category"))
