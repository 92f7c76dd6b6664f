"""What listings put on pages: the answer to somebody else's, and the way to one's own."""

from typing import Any

from flask import Flask, url_for

from exchange.kernel.actor import Actor
from exchange.listings.kinds import OPEN_STATES, Door, Side
from exchange.listings.labels import ANSWERS
from exchange.listings.models import Listing
from exchange.listings.permissions import can_edit, can_review
from exchange.web.acting import current_actor
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand at the thumb of a listing's page, and on a person's own page."""
    fill_slot(app, "listing.actions", answer_panel, order=50)
    fill_slot(app, "me.links", _mine, order=10)


def answer_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """The way to answer an open listing, for everybody but its owner and the station's people."""
    if listing.held_at is not None or listing.state not in OPEN_STATES:
        return None
    if not may_answer(current_actor(), listing):
        return None
    door = Door.OFFER if listing.side is Side.NEED else Door.HELP
    answered: dict[str, Any] = {"for": listing.public_id}
    url = url_for("listings.post", door=door.value, **answered)
    values = {"url": url, "label": ANSWERS[listing.door]}
    return PanelContent("listings/_answer.html", values)


def may_answer(actor: Actor, listing: Listing) -> bool:
    """Whoever is not of the owner's people; brokers have their own ways to take it up."""
    return not (can_edit(actor, listing) or can_review(actor, listing))


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("listings/_mine_link.html")
