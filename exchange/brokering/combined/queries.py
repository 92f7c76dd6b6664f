"""Combined answers for a listing, from its suggestions and from what nobody has in hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.models import Match
from exchange.brokering.pairs import is_free
from exchange.brokering.planned.work import WITHOUT_AMOUNT
from exchange.geography.centroids import Centroids
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.combining import LOOKED_AT, Candidate, Combination, Portion, fill, split
from exchange.matching.facts import centroids_of
from exchange.matching.plans.ledger import Ledger
from exchange.matching.plans.rules import Weights, is_vulnerable, priority_milli, remoteness, waited
from exchange.matching.plans.values import (
    MILLI,
    Limits,
    PlanNeed,
    PlanOffer,
    Problem,
    Stock,
)
from exchange.matching.queries import Suggested, suggestions_for
from exchange.matching.sharing import stock_of

CITY = 4  # digits
NO_PAIRS = np.zeros(0, np.int64)
ENOUGH = 10**6


@dataclass(frozen=True)
class CombinedPart:
    """One pair of a combined answer, and what it takes and covers in thousandths of the units."""

    pair: Suggested
    portion: Portion


@dataclass(frozen=True)
class Combined:
    """Pairs of one listing that answer it together. ``percent`` of it is filled or used."""

    parts: tuple[CombinedPart, ...]
    percent: int


def combinations_for(
    session: Session, house: House, actor: Actor, listing: Listing, least: float
) -> list[Combined]:
    """Offers that fill the need together, or needs that share the offer; the best first.

    Of suggestions with a score of at least ``least`` that nobody has taken up. Pairs that are in
    hand without an agreed amount take theirs first. Empty for whoever may not see suggestions.
    """
    if not _stock(listing):
        return []
    today = civil_date(house.clock.now(), house.settings.time_zone)
    pairs = suggestions_for(
        session, actor, listing, today, 2 * LOOKED_AT, least, (is_free(),)
    )
    if len(pairs) < 2:
        return []
    others = {pair.other(listing).id: pair for pair in pairs}
    left = left_of(session, [listing, *(pair.other(listing) for pair in pairs)])
    own = left.get(listing.id)
    if own is None or own.milli <= 0:
        return []
    candidates = [
        Candidate(
            key, pair.other(listing).organisation_id, pair.score, left[key],
            _weight(centroids_of(house, session), pair.need, today, house.settings.time_zone)
            if listing.side is Side.OFFER else 1.0,
        )
        for key, pair in others.items()
        if key in left
    ]  # fmt: skip
    found = (fill if listing.side is Side.NEED else split)(own, candidates)
    return [_combined(one, others) for one in found]


def _combined(found: Combination, others: dict[int, Suggested]) -> Combined:
    parts = tuple(CombinedPart(others[one.id], one) for one in found.portions)
    return Combined(parts, found.percent)


def _stock(listing: Listing) -> Stock | None:
    return stock_of(
        listing.remaining_milli, listing.unit or "", listing.lot_milli, whole=listing.is_whole
    )


def _weight(centroids: Centroids, need: Listing, today: date, zone: str) -> float:
    """The priority of a need as a plan with the shipped weights has it."""
    code = need.division_code or ""
    km = centroids.distance_km(code, code[:CITY]) if code else None
    published = civil_date(need.published_at, zone) if need.published_at else None
    milli = priority_milli(
        Weights(),
        vulnerable=is_vulnerable(need.beneficiaries),
        remoteness=remoteness(code, (), km),
        waited_days=waited(published, today),
    )
    return milli / MILLI


def left_of(session: Session, listings: Iterable[Listing]) -> dict[int, Stock]:
    """What is left of each that has an amount, after what is in hand without an agreed one."""
    known = {one.id: one for one in listings}
    held = _in_hand(session, set(known))
    missing = {key for pair in held for key in pair} - set(known)
    if missing:
        rows = session.scalars(sa.select(Listing).where(Listing.id.in_(sorted(missing))))
        known |= {one.id: one for one in rows}
    needs = [one for one in known.values() if one.side is Side.NEED]
    offers = [one for one in known.values() if one.side is Side.OFFER]
    need_number = {one.id: number for number, one in enumerate(needs)}
    offer_number = {one.id: number for number, one in enumerate(offers)}
    ledger = Ledger(
        Problem(
            needs=tuple(PlanNeed(one.id, MILLI, 0, _stock(one)) for one in needs),
            offers=tuple(PlanOffer(one.id, 0, _stock(one)) for one in offers),
            brokers=(1,),
            organisations=1,
            pair_need=NO_PAIRS, pair_offer=NO_PAIRS, pair_score=NO_PAIRS,
            limits=Limits(ENOUGH, ENOUGH, ENOUGH, ENOUGH),
            held=tuple((need_number[need], offer_number[offer]) for need, offer in held),
        )
    )  # fmt: skip
    amounts = [
        *zip(needs, ledger.need_left, strict=True), *zip(offers, ledger.offer_left, strict=True)
    ]  # fmt: skip
    return {
        one.id: stock
        for one, milli in amounts
        if (stock := stock_of(milli, one.unit or "", one.lot_milli, whole=one.is_whole))
    }


def _in_hand(session: Session, ids: set[int]) -> list[tuple[int, int]]:
    some = sorted(ids)
    query = (
        sa.select(Match.need_id, Match.offer_id)
        .where(
            Match.state.in_(WITHOUT_AMOUNT),
            sa.or_(Match.need_id.in_(some), Match.offer_id.in_(some)),
        )
        .order_by(Match.id)
    )
    return [(need, offer) for need, offer in session.execute(query)]
