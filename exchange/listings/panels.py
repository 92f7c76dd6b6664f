"""What listings put on pages: the answer to somebody else's, and the way to one's own."""

from datetime import date
from typing import Any

from flask import Flask, url_for

from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.cards import listing_cards
from exchange.listings.kinds import OPEN_STATES, Door, Side, State
from exchange.listings.labels import ANSWERS
from exchange.listings.merging.queries import kept_need, merged_into
from exchange.listings.models import Listing
from exchange.listings.permissions import can_edit, can_review, can_see, can_undo_merge
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand at the thumb of a listing's page, and on a person's own page."""
    fill_slot(app, "listing.actions", answer_panel, order=50)
    fill_slot(app, "listing.main", merged_panel, order=5)
    fill_slot(app, "listing.main", joined_panel, order=45)
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


def merged_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """On a merged need: where it leads, and for brokers the way back."""
    if listing.state is not State.MERGED:
        return None
    actor, session = current_actor(), read_session()
    kept = kept_need(session, listing)
    shown = [kept] if kept is not None and can_see(actor, kept) else []
    cards = listing_cards(session, actor, shown, locale_code(), _today())
    values = {
        "listing": listing, "kept": cards[0] if cards else None,
        "is_owner": can_edit(actor, listing), "may_undo": can_undo_merge(actor, listing),
    }  # fmt: skip
    return PanelContent("listings/_merged.html", values)


def joined_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """On the kept need, for brokers: what was joined with it, each with the way back."""
    actor, session = current_actor(), read_session()
    if listing.side is not Side.NEED or not actor.serves_division(listing.division_code):
        return None
    found = [one for one in merged_into(session, listing.id) if can_see(actor, one)]
    if not found:
        return None
    cards = listing_cards(session, actor, found, locale_code(), _today())
    lines = [
        {"card": card, "version": one.version, "may_undo": can_undo_merge(actor, one)}
        for card, one in zip(cards, found, strict=True)
    ]
    return PanelContent("listings/_joined.html", {"lines": lines})


def _today() -> date:
    return civil_date(house().clock.now(), house().settings.time_zone)


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("listings/_mine_link.html")
