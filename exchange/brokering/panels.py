"""What brokering puts on other rooms' pages: proposals that wait for my answer."""

from typing import Any

from flask import Flask

from exchange.brokering.queries import waiting_for_answer
from exchange.listings.cards import shown_title
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def register(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "home.mine", _waiting, order=10)
    fill_slot(app, "me.cards", _waiting, order=10)


def _waiting(**_values: Any) -> PanelContent | None:
    actor = current_actor()
    if not actor.is_signed_in:
        return None
    found = waiting_for_answer(read_session(), actor, limit=5)
    if not found and not actor.is_broker:
        return None
    lines = [
        {
            "public_id": match.public_id,
            "need": shown_title(actor, match.need),
            "offer": shown_title(actor, match.offer),
        }
        for match in found
    ]
    return PanelContent("brokering/_waiting.html", {"matches": lines, "is_broker": actor.is_broker})
