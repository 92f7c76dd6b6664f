"""The page of figures: each number with the address of the list behind it, and the same as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.brokering.centre.overview_values import Figures, Overview, days_between, middle
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.labels import STATES

RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Figure:
    """A number, what it says, where it leads ("" where it is no count), and its tone."""

    label: str
    value: str
    url: str = ""
    tone: str = ""


def list_url(point: str, what: str, **part: Any) -> str:
    """The list behind a figure."""
    return url_for("overviews.cases", public_id=point, what=what, **part)


def main_figures(found: Figures, point: str) -> list[Figure]:
    """The numbers at the top of the page."""

    def count(label: str, what: str, number: int, tone: str = "") -> Figure:
        return Figure(label, str(number), list_url(point, what), tone if number else "")

    return [
        count(_("Open needs"), "open", found.open_needs),
        count(_("Needs without a match"), "unclaimed", found.unclaimed, "warn"),
        count(_("Live matches"), "live", found.live),
        count(_("No answer yet"), "unanswered", found.unanswered),
        count(_("Promises overdue"), "overdue", found.overdue, "warn"),
        count(_("Resting for too long"), "told", found.told, "warn"),
    ]


def state_figures(found: Figures, point: str) -> list[Figure]:
    """Live matches by state."""
    return [
        Figure(str(STATES[one]), str(found.states[one]), list_url(point, "state", state=one.value))
        for one in LIVE_STATES
    ]


def outcome_figures(found: Figures, point: str) -> list[Figure]:
    """What was completed, and how many people it reached."""
    return [
        figure
        for days in found.completed
        for figure in (
            Figure(
                _("Completed in %(days)s days", days=days), str(found.completed[days]),
                list_url(point, f"completed{days}"),
            ),
            Figure(
                _("People reached in %(days)s days", days=days), str(found.people[days]),
                list_url(point, f"completed{days}"),
            ),
        )
    ]  # fmt: skip


def waiting_figures(found: Figures, point: str, now: datetime) -> list[Figure]:
    """How long needs wait to be taken up, and proposals for an answer."""
    return [
        Figure(_("From posting to taking up, median"), _days(middle(found.claim_days))),
        Figure(
            _("Longest wait to be taken up"), _age(found.oldest_unclaimed, now),
            list_url(point, "unclaimed"),
        ),
        Figure(_("From asking to an answer, median"), _days(middle(found.answer_days))),
        Figure(
            _("Longest wait for an answer"), _age(found.oldest_unanswered, now),
            list_url(point, "unanswered"),
        ),
    ]  # fmt: skip


def csv_lines(
    found: Overview, names: Mapping[int | None, str], now: datetime
) -> Iterator[str]:
    """The figures as a table: one line for the whole, each point and each worker."""
    yield "\ufeff" + _line(_head())
    rows = [(_("All together"), found.whole)]
    rows += [(names.get(key, ""), found.by_point[key]) for key in names if key in found.by_point]
    for name, figures in rows:
        yield _line(_row(name, figures, now))
    yield _line([])
    yield _line([_("Social worker"), _("Matches in hand"), _("Needs in hand"), _("at most")])
    for one in found.workers:
        yield _line([one.name, one.matches, one.needs, one.limit])


def _head() -> list[str]:
    return [
        _("Service point"), _("Open needs"), _("Needs without a match"), _("Live matches"),
        *(str(STATES[one]) for one in LIVE_STATES), _("No answer yet"), _("Promises overdue"),
        _("Resting for too long"), _("From posting to taking up, median"),
        _("Longest wait to be taken up"), _("From asking to an answer, median"),
        _("Longest wait for an answer"),
        *(_("Completed in %(days)s days", days=days) for days in (30, 90)),
        *(_("People reached in %(days)s days", days=days) for days in (30, 90)),
    ]  # fmt: skip


def _row(name: str, one: Figures, now: datetime) -> list[Any]:
    return [
        name, one.open_needs, one.unclaimed, one.live, *(one.states[s] for s in LIVE_STATES),
        one.unanswered, one.overdue, one.told, middle(one.claim_days),
        _whole_days(one.oldest_unclaimed, now), middle(one.answer_days),
        _whole_days(one.oldest_unanswered, now),
        *one.completed.values(), *one.people.values(),
    ]  # fmt: skip


def _line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["" if cell is None else _harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """No table program takes it for a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def _days(days: float | None) -> str:
    return "–" if days is None else _days_word(f"{days:g}")


def _whole_days(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else int(days_between(since, now))


def _age(since: datetime | None, now: datetime) -> str:
    days = _whole_days(since, now)
    return "–" if days is None else _days_word(str(days))


def _days_word(number: str) -> str:
    """One day, and any other number of days, 1.5 among them."""
    one = 1 if number == "1" else 2
    return str(ngettext("%(days)s day", "%(days)s days", one, days=number))
