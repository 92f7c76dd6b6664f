"""A plan's pairs and its gaps as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.matching.plans.labels import REASONS
from exchange.matching.plans.models import MatchingPlan, PlanGap, PlanItem
from exchange.matching.plans.panels import category_name, own_names, seen_title
from exchange.matching.plans.queries import TOWNSHIP, gaps_of, items_of
from exchange.taxonomy.units import format_amount, unit_name
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

CHUNK = 500
MARK = "\ufeff"  # without it spreadsheets take Chinese for something else
COMMANDS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so
Cells = Sequence[object]


def pairs_table(session: Session, plan: MatchingPlan) -> Iterator[str]:
    """All pairs, the most valuable first."""
    yield MARK + line(
        [
            _("Place"), _("Need"), _("Offer"), _("Score"), _("Priority"), _("Covers"),
            _("Takes"), _("Part of the need, in per cent"), _("What became of it"),
        ]
    )  # fmt: skip
    last = -1
    while items := items_of(session, plan.id, after_rank=last, limit=CHUNK):
        names = own_names(sorted({_township(item.need.division_code) for item in items}))
        yield from (line(_pair(item, names)) for item in items)
        last = items[-1].rank
        session.expunge_all()


def _pair(item: PlanItem, names: dict[str, str]) -> Cells:
    need, offer = item.need, item.offer
    place = _township(need.division_code)
    became = sentence(item.skip_code) if item.skip_code else ""
    return [
        names.get(place, place), seen_title(need), seen_title(offer),
        f"{item.score_micro / 10_000:.0f}", f"{item.weight_milli / 1000:.2f}",
        _amount(item.covers_milli, need.unit), _amount(item.taken_milli, offer.unit),
        f"{item.share_micro / 10_000:.0f}", became,
    ]  # fmt: skip


def gaps_table(session: Session, plan: MatchingPlan) -> Iterator[str]:
    """All needs that stay unmet, wholly or in part."""
    yield MARK + line(
        [
            _("Place"), _("Category"), _("Need"), _("Why"), _("Met so far, in per cent"),
            _("Priority"),
        ]
    )  # fmt: skip
    last = 0
    while gaps := gaps_of(session, plan.id, last, CHUNK):
        names = own_names(sorted({_township(gap.place_code) for gap in gaps}))
        yield from (line(_gap(gap, names)) for gap in gaps)
        last = gaps[-1].need_id
        session.expunge_all()


def _gap(gap: PlanGap, names: dict[str, str]) -> Cells:
    place = _township(gap.place_code)
    return [
        names.get(place, place), category_name(gap.category_code), seen_title(gap.need),
        REASONS[gap.reason], f"{gap.met_micro / 10_000:.0f}", f"{gap.weight_milli / 1000:.2f}",
    ]  # fmt: skip


def _township(code: str | None) -> str:
    return (code or "")[:TOWNSHIP]


def _amount(milli: int | None, unit: str | None) -> str:
    if milli is None:
        return ""
    return f"{format_amount(milli)} {unit_name(unit or '', locale_code(), milli)}".strip()


def line(cells: Iterable[object]) -> str:
    """One line of the table; no cell is taken for a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(COMMANDS) else text
