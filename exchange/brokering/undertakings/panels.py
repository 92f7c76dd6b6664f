"""On the page of an undertaking: who could do it together, for its owner and for brokers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask

from exchange.brokering.permissions import may_take_up
from exchange.brokering.undertakings.queries import Answer, answer_for
from exchange.kernel.clock import civil_date
from exchange.listings.cards import ListingCard, listing_cards, shown_title
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.showing import UndertakingView
from exchange.matching.cover_values import Given, Offered
from exchange.matching.panels import shown_reasons
from exchange.matching.queries import Suggested
from exchange.matching.scoring import percent_of
from exchange.matching.sentences import ReasonLine
from exchange.taxonomy.units import format_quantity
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot

OTHERS = 3  # shown for each need


@dataclass(frozen=True)
class PairLine:
    """One offer for one need: how much of it, how well it fits and why."""

    need: str
    need_id: str
    card: ListingCard
    amount: str
    percent: int
    reasons: tuple[ReasonLine, ...]
    several: bool = False


@dataclass(frozen=True)
class GiverLines:
    """What one organisation could do."""

    owner: str
    lines: tuple[PairLine, ...]


def install(app: Flask) -> None:
    """Stand below the needs."""
    fill_slot(app, "undertaking.main", together_panel)


def together_panel(
    undertaking: Undertaking, view: UndertakingView, **_values: Any
) -> PanelContent | None:
    """The fewest givers that cover the most, and what else fits; nothing for those outside."""
    if not view.inside:
        return None
    actor, session = current_actor(), read_session()
    found = answer_for(session, house(), actor, [line.need for line in view.lines])
    if not found.lacking:
        return None
    cards = _cards(found)
    givers = _givers(found, cards)
    pairs = [found.pair_of(one) for one in found.cover.given]
    full = sum(
        sum(one.share for one in found.cover.of_part(need.id)) == 1 for need in found.lacking
    )
    values = {
        "undertaking": undertaking,
        "givers": givers,
        "full": full,
        "partly": len({one.pair.part for one in found.cover.given}) - full,
        "open": len(found.lacking),
        "may_take_up": bool(pairs) and all(may_take_up(actor, pair.need) for pair in pairs),
        "number": len(pairs),
        "others": _others(found, cards),
    }
    return PanelContent("brokering/_undertaking.html", values)


def _cards(found: Answer) -> dict[int, ListingCard]:
    today = civil_date(house().clock.now(), house().settings.time_zone)
    shown = [one.offer for pairs in found.by_need.values() for one in pairs[:OTHERS]]
    wanted = {*shown, *(one.pair.offer for one in found.cover.given)}
    offers = {pair.offer.id: pair.offer for pair in found.pairs.values()}
    listed = [offer for key, offer in sorted(offers.items()) if key in wanted]
    cards = listing_cards(read_session(), current_actor(), listed, locale_code(), today)
    return {card.listing_id: card for card in cards}


def _givers(found: Answer, cards: dict[int, ListingCard]) -> list[GiverLines]:
    by_owner: list[GiverLines] = []
    for owner in found.cover.givers:
        given = [one for one in found.cover.given if one.pair.owner == owner]
        lines = tuple(
            _line(found.pair_of(one), cards[one.pair.offer], _amount(found, one)) for one in given
        )
        by_owner.append(GiverLines(lines[0].card.owner_label, lines))
    return by_owner


def _others(
    found: Answer, cards: dict[int, ListingCard]
) -> list[tuple[str, Sequence[PairLine]]]:
    """Of each need what fits besides, who answers several first."""
    answers: dict[int, set[int]] = {}
    for one in (one for pairs in found.by_need.values() for one in pairs):
        answers.setdefault(one.owner, set()).add(one.part)
    chosen = {(one.pair.part, one.pair.offer) for one in found.cover.given}
    lines: list[tuple[str, Sequence[PairLine]]] = []
    for need in found.lacking:
        rest: list[Offered] = [
            one for one in found.by_need.get(need.id, ())[:OTHERS]
            if (one.part, one.offer) not in chosen
        ]  # fmt: skip
        listed = [
            _line(found.pair_of(one), cards[one.offer], "", several=len(answers[one.owner]) > 1)
            for one in rest
        ]
        if listed:
            lines.append((shown_title(current_actor(), need), listed))
    return lines


def _line(pair: Suggested, card: ListingCard, amount: str, *, several: bool = False) -> PairLine:
    actor = current_actor()
    reasons = shown_reasons(actor, pair)
    return PairLine(
        shown_title(actor, pair.need), pair.need.public_id, card, amount,
        percent_of(pair.score), reasons, several,
    )  # fmt: skip


def _amount(found: Answer, one: Given) -> str:
    """As its giver measures it; empty where nobody can say how much it takes."""
    if one.taken_milli is None or one.covers_milli is None:
        return ""
    unit = found.pair_of(one).offer.unit or ""
    return format_quantity(one.taken_milli, unit, locale_code())
