"""What the page of a match says while it rests until a later day, and the way to set it aside."""

from typing import Any

from flask import Flask

from exchange.brokering.board.bulk import BulkAct, Chosen
from exchange.brokering.board.labels import POSTPONE_REASONS
from exchange.brokering.board.postponing_queries import rests_until
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.page.match_panels import MatchView
from exchange.brokering.queries import match_by_public_id
from exchange.kernel.clock import civil_date
from exchange.web.acting import house, read_session
from exchange.web.dates import day_here
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand on the page of a match."""
    fill_slot(app, "match.top", aside_panel, order=5)
    fill_slot(app, "match.bottom", postpone_panel, order=10)


def aside_panel(view: MatchView, **_values: Any) -> PanelContent | None:
    """Until when it rests, and why; for those who broker it."""
    if Deed.RESUME not in view.may_do:
        return None
    match = match_by_public_id(read_session(), view.public_id)
    today = civil_date(house().clock.now(), house().settings.time_zone)
    until = rests_until(match, today) if match else None
    if match is None or until is None or match.postpone_reason is None:
        return None
    values = {
        "day": day_here(until),
        "reason": POSTPONE_REASONS[match.postpone_reason],
        "note": match.postpone_note or "",
        "key": _key(view),
        "act": BulkAct.RESUME.value,
    }
    return PanelContent("brokering/_aside.html", values)


def postpone_panel(view: MatchView, **_values: Any) -> PanelContent | None:
    """The button that leads to the page on which a day is chosen."""
    if Deed.POSTPONE not in view.may_do:
        return None
    return PanelContent(
        "brokering/_postpone.html", {"key": _key(view), "act": BulkAct.POSTPONE.value}
    )


def _key(view: MatchView) -> str:
    return Chosen(view.public_id).key
