"""What was delivered in the days of a bulletin: outcomes that both sides have confirmed.

Only of needs and offers that both are public; who dealt with whom is not told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.points.routing import in_any_division
from exchange.brokering.kinds import DONE_STATES
from exchange.brokering.models import Match
from exchange.discovery.bulletins.labels import (
    DELIVERED,
    NO_DELIVERED,
    delivered_figures,
    reached,
)
from exchange.discovery.bulletins.sections import (
    Asked,
    Findings,
    Found,
    Kept,
    Line,
    Section,
    Wanted,
    picked,
)
from exchange.discovery.queries import SHOWN_PLACE
from exchange.kernel.act import House
from exchange.kernel.actor import VISITOR
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.listings.sharing.content import LISTING_LINK
from exchange.listings.sharing.rules import short_code
from exchange.taxonomy.units import format_quantity

MOST = 15


def find_delivered(session: Session, _house: House, asked: Asked) -> Findings:
    """Matches that were completed in these days, of needs of the place; and sums over them."""
    every = _delivered(session, asked)
    return Findings(every.items[:MOST], every.figures)


def choose_delivered(
    session: Session, house: House, asked: Asked, wanted: Wanted
) -> Sequence[Found]:
    """All of them."""
    return picked(session, house, show_delivered, _delivered(session, asked).items, wanted)


def _delivered(session: Session, asked: Asked) -> Findings:
    query = (
        sa.select(Match)
        .join(Listing, Listing.id == Match.need_id)
        .where(
            Match.state.in_(DONE_STATES),
            Match.closed_at >= asked.start,
            Match.closed_at < asked.end,
            in_any_division(SHOWN_PLACE, asked.prefixes),
        )
        .order_by(Match.closed_at.desc(), Match.id)
    )
    matches = [one for one in session.scalars(query.options(*_sides())) if _is_public(one)]
    amounts: Counter[str] = Counter()
    items, people = [], 0
    for match in matches:
        outcome = match.outcome
        if outcome is None:
            continue
        unit = match.need.unit or outcome.unit
        people += outcome.people
        if outcome.delivered_milli and unit:
            amounts[unit] += outcome.delivered_milli
        counted = {"milli": outcome.delivered_milli, "unit": unit, "people": outcome.people}
        items.append(Found(match.id, True, counted))
    figures = {"new": len(items), "people": people, "amounts": dict(amounts)}
    return Findings(items, figures)


def show_delivered(
    session: Session, _house: House, kept: Sequence[Kept], locale: str
) -> list[Line | None]:
    """By the title of the need as everybody reads it."""
    query = sa.select(Match).where(Match.id.in_({one.subject_id for one in kept}))
    matches = [one for one in session.scalars(query.options(*_sides())) if _is_public(one)]
    cards = listing_cards(session, VISITOR, [one.need for one in matches], locale)
    known = {match.id: card for match, card in zip(matches, cards, strict=True)}
    return [
        _line(known[one.subject_id], one.counted, locale) if one.subject_id in known else None
        for one in kept
    ]


def _line(card: ListingCard, counted: Mapping[str, Any], locale: str) -> Line:
    unit = counted.get("unit", "")
    amount = format_quantity(counted.get("milli") or None, unit, locale) if unit else ""
    facts = (amount, reached(counted.get("people", 0)))
    return Line(
        title=card.title,
        line=card.place_label,
        url=card.url,
        facts=tuple(fact for fact in facts if fact),
        short=LISTING_LINK + short_code(card.listing_id),
    )


def _sides() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    return (
        joinedload(Match.need).joinedload(Listing.organisation),
        joinedload(Match.offer),
        joinedload(Match.outcome),
    )


def _is_public(match: Match) -> bool:
    return can_see(VISITOR, match.need) and can_see(VISITOR, match.offer)


DELIVERED_SECTION = Section(
    "delivered", 50, DELIVERED, NO_DELIVERED, "", find_delivered, show_delivered,
    delivered_figures, choose=choose_delivered,
)  # fmt: skip
