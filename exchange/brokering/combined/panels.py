"""Combined answers on the page of a listing, for its owner and for brokers who serve the place."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from exchange.brokering.combined.queries import Combined, CombinedPart, combinations_for
from exchange.brokering.permissions import may_take_up
from exchange.kernel.clock import civil_date
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing
from exchange.matching.panels import shown_reasons
from exchange.matching.permissions import can_see_suggestions
from exchange.matching.sentences import ReasonLine
from exchange.taxonomy.units import format_quantity
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


@dataclass(frozen=True)
class PartLine:
    """One of the others: how much, and the weightiest reason."""

    card: ListingCard
    amount: str
    reason: ReasonLine | None


@dataclass(frozen=True)
class CombinedLine:
    """One combined answer. ``sum`` is how the amounts stand beside each other."""

    lines: tuple[PartLine, ...]
    percent: int
    sum: str
    may_take_up: bool


def install(app: Flask) -> None:
    """Stand below the suggestions."""
    fill_slot(app, "listing.main", together_panel, order=41)


def together_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """Who fills it together; nothing for strangers, and nothing where one is enough."""
    actor, session = current_actor(), read_session()
    if listing.state not in OPEN_STATES or not can_see_suggestions(actor, listing):
        return None
    least = house().settings.display_threshold
    found = combinations_for(session, house(), actor, listing, least)
    if not found:
        return None
    return PanelContent(
        "brokering/_together.html",
        {
            "listing": listing,
            "found": [_line(listing, one) for one in found],
            "is_need": listing.side is Side.NEED,
        },
    )


def _line(listing: Listing, found: Combined) -> CombinedLine:
    actor, session = current_actor(), read_session()
    today = civil_date(house().clock.now(), house().settings.time_zone)
    others = [part.pair.other(listing) for part in found.parts]
    cards = listing_cards(session, actor, others, locale_code(), today)
    amounts = [_amount(part) for part in found.parts]
    lines = []
    for part, card, amount in zip(found.parts, cards, amounts, strict=True):
        reasons = shown_reasons(actor, part.pair)
        lines.append(PartLine(card, amount, reasons[0] if reasons else None))
    may = all(may_take_up(actor, part.pair.need) for part in found.parts)
    return CombinedLine(tuple(lines), found.percent, " + ".join(amounts), may)


def _amount(part: CombinedPart) -> str:
    """As its giver measures it; what is taken beyond the need is said by the offer's own amount."""
    unit = part.pair.offer.unit or ""
    return format_quantity(part.portion.taken_milli, unit, locale_code())
