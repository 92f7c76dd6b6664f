"""Suggestions on the page of a listing, for its owner and for brokers who serve the place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.kinds import OPEN_STATES
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details
from exchange.matching.exposure import exposure_of
from exchange.matching.free_time_panels import free_times
from exchange.matching.permissions import can_see_suggestions
from exchange.matching.queries import Suggested, suggestions_for
from exchange.matching.scoring import percent_of
from exchange.matching.sentences import AGAINST, GATES, SEEN, ReasonLine, page_lines
from exchange.matching.values import Reason
from exchange.taxonomy.safeguards import needs_check
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot
from exchange.web.sentences import add_sentences

SHOWN = 6
CONDITIONS = "exchange.matching.conditions"
PRICED = "asks_price"
REASONS_SHOWN = 5
MUTE = 0.04  # a bar shorter than this tells nobody anything, and its sentence would say too much


@dataclass(frozen=True)
class SuggestionLine:
    """One suggested pair as the page shows it."""

    pair: Suggested
    card: ListingCard
    percent: int
    reasons: tuple[ReasonLine, ...]
    seen: str = ""
    needs_check: bool = False


def install(app: Flask) -> None:
    """Stand on the page of a listing."""
    add_sentences(GATES)
    fill_slot(app, "listing.main", suggestions_panel, order=40)
    fill_slot(app, "console.entries", console_entry, order=20)


def console_entry(**_values: Any) -> PanelContent:
    """The way to the refresh of all suggestions; the console is for operators."""
    return PanelContent("matching/_console_entry.html")


def show_only(app: Flask, condition: Callable[[], ColumnElement[bool]]) -> None:
    """Have the page of a listing leave out what does not meet a condition on Suggestion.

    A later room says so of the pairs that it has in hand.
    """
    app.extensions.setdefault(CONDITIONS, []).append(condition)


def shown_only(app: Flask) -> list[ColumnElement[bool]]:
    """What was said by ``show_only``."""
    return [condition() for condition in app.extensions.get(CONDITIONS, ())]


def suggestions_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """What may fit this listing; nothing for strangers, and nothing once it is not open."""
    actor, session = current_actor(), read_session()
    if listing.state not in OPEN_STATES or not can_see_suggestions(actor, listing):
        return None
    settings = house().settings
    today = civil_date(house().clock.now(), settings.time_zone)
    where = shown_only(current_app)
    pairs = suggestions_for(
        session, actor, listing, today, SHOWN, settings.display_threshold, where,
        exposure_of(house()),
    )  # fmt: skip
    others = [pair.other(listing) for pair in pairs]
    cards = listing_cards(session, actor, others, locale_code(), today)
    free = free_times(session, [pair.offer for pair in pairs])
    lines = [
        SuggestionLine(
            pair, card, percent_of(pair.score),
            with_free_time(shown_reasons(actor, pair), free.get(pair.offer.id)), seen_words(pair),
            pair_needs_check(pair.need, pair.offer),
        )
        for pair, card in zip(pairs, cards, strict=True)
    ]
    return PanelContent(
        "matching/_suggestions.html",
        {"listing": listing, "lines": lines, "is_owner": actor.belongs_to(listing.organisation_id)},
    )


def with_free_time(
    lines: tuple[ReasonLine, ...], free: ReasonLine | None
) -> tuple[ReasonLine, ...]:
    """The reasons, and when the volunteer has time, where the offer is one's time."""
    return lines if free is None else (free, *lines)


def shown_reasons(actor: Actor, pair: Suggested) -> tuple[ReasonLine, ...]:
    """The weightiest reasons, and always the weightiest one against, and that there is a price."""
    detailed = sees_details(actor, pair.need) and sees_details(actor, pair.offer)
    telling = telling_reasons(pair.reasons, detailed=detailed)
    shown, rest = telling[:REASONS_SHOWN], telling[REASONS_SHOWN:]
    if not any(line.sign == AGAINST for line in shown):
        shown += [line for line in rest if line.sign == AGAINST][:1]
    shown += [line for line in telling if line.code == PRICED and line not in shown]
    return tuple(shown)


def pair_needs_check(need: Listing, offer: Listing) -> bool:
    """Whether the giver must be verified and its people checked before an introduction."""
    return needs_check(need.category_code, need.beneficiaries, offer.category_code)


def seen_words(pair: Suggested) -> str:
    """Why it stands higher than by its score; empty where it does not."""
    return str(SEEN[pair.seen]) if pair.seen else ""


def telling_reasons(reasons: Sequence[Reason], *, detailed: bool) -> list[ReasonLine]:
    """Those that tell somebody something, the weightiest first."""
    lines = page_lines(reasons, detailed=detailed)
    return [line for line in lines if abs(line.contribution) >= MUTE]
