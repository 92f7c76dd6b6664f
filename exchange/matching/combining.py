"""Several offers that fill a need together, and one offer that is split over several needs.

Pure functions on amounts. Every set of at most ``PARTS`` of the best ``LOOKED_AT`` candidates is
tried, so among these sets none better is missed. Within a set who fits best gets as much as there
is, and what the others take at least is kept for them (see docs/matching.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from exchange.matching.plans.values import Stock
from exchange.matching.rules import SURPLUS
from exchange.matching.sharing import least_milli, share

PARTS = 3
LOOKED_AT = 12
SHOWN = 2


@dataclass(frozen=True)
class Candidate:
    """A listing of the other side: whose it is, how well it fits (0 to 1), what it has or lacks.

    ``weight`` is the priority of a need, 1 for none; offers have none.
    """

    id: int
    owner: int
    score: float
    stock: Stock
    weight: float = 1.0


@dataclass(frozen=True)
class Portion:
    """What one of the set gives (``taken_milli``) and what of the need that covers."""

    id: int
    taken_milli: int
    covers_milli: int


@dataclass(frozen=True)
class Combination:
    """A set, the best first. ``filled`` is the part of the one listing that it fills or uses."""

    portions: tuple[Portion, ...]
    filled: Fraction

    @property
    def ids(self) -> tuple[int, ...]:
        """The other listings."""
        return tuple(portion.id for portion in self.portions)

    @property
    def percent(self) -> int:
        """Full only when it is full."""
        return int(self.filled * 100)


def fill(need: Stock, offers: Sequence[Candidate]) -> list[Combination]:
    """Sets of two or three offers that fill the need better than each part of the set.

    Ranked by whole per cent filled, then fewer givers, then score weighted by part; without those
    that are a part of a better one. Empty where one offer fills it alone, or the need wants one
    partner only.
    """
    if need.is_whole:
        return []
    usable = _usable(need, offers, is_need=True)
    alone = [share(need, need.milli, one.stock, one.stock.milli) for one in usable]
    if any(both and both[1] == need.milli for both in alone):
        return []
    found: dict[frozenset[int], Combination] = {}
    for some in _sets(usable):
        portions = given_together(need, some)
        if portions:
            filled = Fraction(sum(one.covers_milli for one in portions), need.milli)
            made = Combination(portions, filled)
            found[frozenset(made.ids)] = made
    by_id = {one.id: one for one in usable}

    def rank(one: Combination) -> tuple[int, int, float, tuple[int, ...]]:
        givers = {by_id[part.id].owner for part in one.portions}
        worth = sum(by_id[part.id].score * part.covers_milli for part in one.portions)
        return -one.percent, len(givers), -worth / need.milli, one.ids

    ranked = sorted((one for one in found.values() if _is_needed(one, found)), key=rank)
    kept: list[Combination] = []
    for one in ranked:
        if len(kept) < SHOWN and not any(set(one.ids) <= set(better.ids) for better in kept):
            kept.append(one)
    return kept


def split(offer: Stock, needs: Sequence[Candidate]) -> list[Combination]:
    """The two or three needs that are served best together: at most one answer.

    The best by the sum of score × part of the need × priority, as in a plan. Empty where one need
    takes all, or the offer goes only as a whole.
    """
    if offer.is_whole:
        return []
    usable = _usable(offer, needs, is_need=False)
    alone = [share(one.stock, one.stock.milli, offer, offer.milli) for one in usable]
    if any(both and both[0] == offer.milli for both in alone):
        return []
    best: tuple[float, tuple[int, ...], Combination] | None = None
    for some in _sets(usable):
        ordered = sorted(some, key=lambda one: (-one.score * one.weight, one.id))
        portions = _taken_together(offer, ordered) if len(some) > 1 else ()
        if not portions:
            continue
        value = sum(
            one.score * one.weight * part.covers_milli / one.stock.milli
            for one, part in zip(ordered, portions, strict=True)
        )
        used = Fraction(sum(part.taken_milli for part in portions), offer.milli)
        made = Combination(portions, used)
        if best is None or (-value, made.ids) < best[:2]:
            best = -value, made.ids, made
    return [best[2]] if best else []


def _usable(one: Stock, others: Sequence[Candidate], *, is_need: bool) -> list[Candidate]:
    """The best of those whose amounts compare and that could do something alone."""
    found = []
    for other in others:
        if other.stock.compares_with(one):
            asked, given = (one, other.stock) if is_need else (other.stock, one)
            if share(asked, asked.milli, given, given.milli):
                found.append(other)
    return sorted(found, key=lambda item: (-item.score * item.weight, item.id))[:LOOKED_AT]


def _sets(usable: Sequence[Candidate]) -> Iterator[tuple[Candidate, ...]]:
    for size in range(1, PARTS + 1):
        yield from combinations(usable, size)


def _is_needed(made: Combination, found: dict[frozenset[int], Combination]) -> bool:
    """Two at least, and nobody could be left out without filling less."""
    if len(made.portions) < 2:
        return False
    without = (found.get(frozenset(made.ids) - {key}) for key in made.ids)
    return all(less is None or less.filled < made.filled for less in without)


def given_together(need: Stock, some: Sequence[Candidate]) -> tuple[Portion, ...]:
    """What each offer gives, in this order; empty where one would have to give too little.

    The amounts compare.
    """
    lacks, portions = need.milli, []
    for number, one in enumerate(some):
        kept = sum(_least_cover(need, later.stock) for later in some[number + 1 :])
        both = share(need, lacks - kept, one.stock, one.stock.milli)
        if both is None:
            return ()
        taken, covers = both
        if covers != lacks and (covers < need.lot_milli or covers % need.step_milli):
            return ()
        lacks -= covers
        portions.append(Portion(one.id, taken, covers))
    return tuple(portions)


def _least_cover(need: Stock, offer: Stock) -> int:
    """What must be left of the need so that the offer can still come in."""
    least = least_milli(offer, offer.milli) * (offer.size / need.size)
    needed = least / Fraction(SURPLUS) if offer.is_whole else least
    return max(-int(-needed // 1), min(need.lot_milli, need.milli), need.step_milli)


def _taken_together(offer: Stock, some: Sequence[Candidate]) -> tuple[Portion, ...]:
    """What each need takes, in this order; empty where one would have to take too little."""
    there, portions = offer.milli, []
    for number, one in enumerate(some):
        kept = sum(_least_taken(offer, later.stock) for later in some[number + 1 :])
        both = share(one.stock, one.stock.milli, offer, there - kept)
        if both is None:
            return ()
        taken, covers = both
        if taken != there and (taken < offer.lot_milli or taken % offer.step_milli):
            return ()
        there -= taken
        portions.append(Portion(one.id, taken, covers))
    return tuple(portions)


def _least_taken(offer: Stock, need: Stock) -> int:
    """What must be left of the offer so that the need can still come in."""
    least = least_milli(need, need.milli) * (need.size / offer.size)
    return max(-int(-least // 1), offer.lot_milli, offer.step_milli)
