"""What brokering puts on other rooms' pages: proposals that wait for my answer, what goes on with a
listing, and the button that takes a suggested pair up.
"""

from typing import Any

from flask import Flask, url_for

from exchange.brokering.labels import state_label, state_tone
from exchange.brokering.page.nav_panels import desk_nav
from exchange.brokering.pairs import is_free
from exchange.brokering.permissions import may_take_up
from exchange.brokering.queries import live_of_listing, waiting_for_answer
from exchange.brokering.talk.discretion import title_of
from exchange.brokering.talk.panels import reveal_line
from exchange.brokering.talk.revealing import reveals_of_person
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.panels import show_only
from exchange.matching.queries import Suggested
from exchange.web.acting import current_actor, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def register(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "home.mine", _waiting, order=10)
    fill_slot(app, "me.first", _waiting, order=10)
    fill_slot(app, "me.cards", _reveals, order=60)
    fill_slot(app, "listing.main", _going_on, order=35)
    fill_slot(app, "suggestion.actions", _take_up)
    fill_slot(app, "desk.nav", desk_nav)
    show_only(app, is_free)


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
            "need": title_of(actor, match, Side.NEED, locale_code()),
            "offer": title_of(actor, match, Side.OFFER, locale_code()),
        }
        for match in found
    ]
    return PanelContent("brokering/_waiting.html", {"matches": lines, "is_broker": actor.is_broker})


def _reveals(person_id: int, **_values: Any) -> PanelContent | None:
    """Who was shown the reader's own contact lately."""
    actor = current_actor()
    if actor.person_id != person_id:
        return None
    rows = reveals_of_person(read_session(), person_id, limit=3)
    lines = [
        (reveal_line(row), title_of(actor, row.match, Side.NEED, locale_code())) for row in rows
    ]
    return PanelContent("brokering/_reveals.html", {"lines": lines}) if lines else None


def _going_on(listing: Listing, **_values: Any) -> PanelContent | None:
    """The live matches of a listing, for those who may see them."""
    actor = current_actor()
    if not (actor.is_broker or actor.belongs_to(listing.organisation_id)):
        return None
    lines = [
        {
            "title": title_of(actor, match, listing.side.other, locale_code()),
            "url": url_for("brokering.show", public_id=match.public_id),
            "state": state_label(match),
            "tone": state_tone(match.state),
        }
        for match in live_of_listing(read_session(), actor, listing.id)
    ]
    return PanelContent("brokering/_going_on.html", {"matches": lines}) if lines else None


def _take_up(pair: Suggested, **_values: Any) -> PanelContent | None:
    if not may_take_up(current_actor(), pair.need):
        return None
    ids = {"need_id": pair.need.public_id, "offer_id": pair.offer.public_id}
    return PanelContent("brokering/_take_up.html", ids)
