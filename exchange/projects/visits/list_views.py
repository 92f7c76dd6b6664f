"""The page of all roadshows and visits to come, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.place_forms import place_label
from exchange.geography.place_search import resolve_place
from exchange.geography.rules import COUNTY_DIGITS, is_code
from exchange.kernel.clock import civil_date
from exchange.listings.views import page_number
from exchange.projects.visits.kinds import VisitKind
from exchange.projects.visits.labels import KIND_LABELS
from exchange.projects.visits.list_queries import PAGE, WantedVisits, coming_visits
from exchange.projects.visits.models import Visit
from exchange.projects.visits.showing import VisitLine, visit_lines
from exchange.projects.visits.views import bp
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import day_here, day_in_address
from exchange.web.locale import locale_code

LONGEST_TYPED = 80


@dataclass(frozen=True)
class Chip:
    """One tap in the row of filters. ``removes``: the tap takes the filter away."""

    url: str
    label: str
    active: bool = False
    removes: bool = False


@bp.get("/visits")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    """Roadshows and visits to come of all projects that the reader may see, the next one first."""
    actor, kept, page = current_actor(), house(), page_number()
    wanted, offers = _wanted_in_request()
    now, zone = kept.clock.now(), kept.settings.time_zone
    rows = coming_visits(
        read_session(), actor, wanted, now, zone, PAGE + 1, (page - 1) * PAGE
    )
    values = {name: value for name, value in _parameters(wanted).items() if value}
    return render_template(
        "projects/all_visits.html",
        days=_by_day(rows[:PAGE], zone), wanted=wanted, offers=offers,
        chips=_chips(wanted, values, actor.division or ""), kinds=KIND_LABELS,
        typed=request.args.get("division_text", "")[:LONGEST_TYPED],
        place_name=place_label(wanted.division), near=actor.division or "",
        today=civil_date(now, zone),
        prev_url=_address(values, page=page - 1) if page > 1 else None,
        next_url=_address(values, page=page + 1) if len(rows) > PAGE else None,
    )  # fmt: skip


def _by_day(rows: Sequence[Visit], zone: str) -> list[tuple[str, list[VisitLine]]]:
    lines = visit_lines(read_session(), house(), current_actor(), rows, locale_code())
    pairs = zip((civil_date(row.starts_at, zone) for row in rows), lines, strict=True)
    return [
        (day_here(day), [line for _day, line in some])
        for day, some in groupby(pairs, key=lambda pair: pair[0])
    ]


def _wanted_in_request() -> tuple[WantedVisits, tuple[tuple[str, str], ...]]:
    """What the address asks for; what makes no sense is left out. Beside it the places that a
    typed name may mean.
    """
    given = request.args
    code, typed = given.get("division", ""), given.get("division_text")
    offers: tuple[tuple[str, str], ...] = ()
    if not is_code(code) or not place_label(code):
        code = ""
    if typed is not None and typed.strip() != place_label(code):
        words = typed.strip()[:LONGEST_TYPED]
        found = resolve_place(read_session(), words, current_actor().division) if words else ()
        codes = [one.code for one in found]
        code = code if code in codes else codes[0] if len(codes) == 1 else ""
        if not code:
            offers = tuple((one, place_label(one)) for one in codes[:6])
    wanted = WantedVisits(
        division=code,
        day=day_in_address(given.get("day", "")),
        kind=next((one for one in VisitKind if one.value == given.get("kind")), None),
        free=given.get("free") == "1",
    )
    return wanted, offers


def _parameters(wanted: WantedVisits) -> dict[str, str]:
    return {
        "division": wanted.division,
        "day": wanted.day.isoformat() if wanted.day else "",
        "kind": wanted.kind.value if wanted.kind else "",
        "free": "1" if wanted.free else "",
    }


def _address(values: dict[str, str], **changes: Any) -> str:
    chosen = {name: value for name, value in {**values, **changes}.items() if value}
    return url_for("visits.index", **chosen)


def _chips(wanted: WantedVisits, values: dict[str, str], near: str) -> list[Chip]:
    """What is set, each with a tap that takes it away, and what people set most."""
    labels = {
        "division": place_label(wanted.division),
        "day": day_here(wanted.day) if wanted.day else "",
        "kind": str(KIND_LABELS[wanted.kind]) if wanted.kind else "",
        "free": _("With free seats"),
    }
    chips = [
        Chip(_address(values, **{name: ""}), label, active=True, removes=True)
        for name, label in labels.items()
        if name in values
    ]
    if wanted.kind is None:
        chips += [
            Chip(_address(values, kind=one.value), str(label)) for one, label in KIND_LABELS.items()
        ]
    if not wanted.free:
        chips.append(Chip(_address(values, free="1"), labels["free"]))
    if near and not wanted.division:
        chips.append(Chip(_address(values, division=near[:COUNTY_DIGITS]), _("In my county")))
    return chips
