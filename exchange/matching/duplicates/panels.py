"""Needs that may be posted twice, for brokers: on the need's page and in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.cards import ListingCard, listing_cards, shown_text
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing
from exchange.listings.permissions import can_merge
from exchange.matching.duplicates.models import DuplicatePair
from exchange.matching.duplicates.queries import proposals_for
from exchange.matching.duplicates.sentences import duplicate_reasons
from exchange.matching.sentences import ReasonLine
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


@dataclass(frozen=True)
class NeedOfPair:
    """One of the two needs; ``may_stay`` says whether the other can be joined with it."""

    card: ListingCard
    text: str
    version: int
    may_stay: bool


@dataclass(frozen=True)
class DuplicateLine:
    """A proposal as it is shown: the two needs, the older first, and why."""

    one: NeedOfPair
    other: NeedOfPair
    percent: int
    reasons: tuple[ReasonLine, ...]


def install(app: Flask) -> None:
    """Stand on the page of a need."""
    fill_slot(app, "listing.main", duplicates_panel, order=30)


def duplicates_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """What may be the same need, for brokers who serve the place."""
    actor, session = current_actor(), read_session()
    if listing.side is not Side.NEED or not actor.is_broker:
        return None
    day = civil_date(house().clock.now(), house().settings.time_zone)
    pairs = proposals_for(session, actor, listing, day)
    if not pairs:
        return None
    lines = duplicate_lines(session, actor, pairs, day, listing.id)
    return PanelContent("matching/_duplicates.html", {"lines": lines})


def duplicate_lines(
    session: Session,
    actor: Actor,
    pairs: Sequence[DuplicatePair],
    day: date,
    first_id: int | None = None,
) -> list[DuplicateLine]:
    """The pairs as lines; the need with ``first_id`` stands first. Queries do not grow."""
    needs = {need.id: need for pair in pairs for need in (pair.first, pair.second)}
    shown = listing_cards(session, actor, list(needs.values()), locale_code(), day)
    cards = {card.listing_id: card for card in shown}
    found = []
    for pair, reasons in zip(pairs, duplicate_reasons(pairs), strict=True):
        swap = first_id == pair.second_id
        one, other = (pair.second, pair.first) if swap else (pair.first, pair.second)
        found.append(
            DuplicateLine(
                one=_need(actor, one, other, cards),
                other=_need(actor, other, one, cards),
                percent=round(100 * pair.score),
                reasons=reasons,
            )
        )
    return found


def _need(
    actor: Actor, need: Listing, other: Listing, cards: dict[int, ListingCard]
) -> NeedOfPair:
    stays = need.state in OPEN_STATES and other.committed_milli == 0
    return NeedOfPair(
        card=cards[need.id],
        text=shown_text(actor, need),
        version=need.version,
        may_stay=stays and can_merge(actor, other, need),
    )
