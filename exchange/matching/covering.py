"""Who answers the needs of one undertaking together: the fewest givers that cover the most of it.

Pure functions on amounts and scores. Every set of givers is tried, the small ones first, and within
a set every choice of offers for each part, so that among these none better is missed; what is
left out beforehand, and how amounts are given, stands in docs/matching.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

from exchange.matching.combining import PARTS as OFFERS_FOR_ONE
from exchange.matching.combining import Candidate, given_together
from exchange.matching.cover_values import NOTHING, Cover, Given, Offered, Part, micro
from exchange.matching.plans.values import Stock
from exchange.matching.sharing import share

MOST_GIVERS = 12
PAIRS = 8  # looked at for one part, those of who answers several parts first
STEPS = 10_000  # of the search for one undertaking
ALL = Fraction(1)
Left = dict[int, int]  # thousandths that are left of each offer with an amount


def cover(
    parts: Sequence[Part], offered: Iterable[Offered], stocks: Mapping[int, Stock | None]
) -> Cover:
    """The answer with the greatest ``key``; empty where nothing can be given.

    ``stocks`` says of every offer what is left of it, None where it has no amount: then it may
    answer several parts. What goes as a part of an amount is shared out and never given twice.
    """
    search = _Search({part.id: part for part in parts}, stocks)
    pairs = search.kept(offered)
    givers = sorted({pair.owner for pair in pairs})
    best = max(search.best_of(pairs), search.best_pair_first(pairs), key=lambda one: one.key)
    most, reach = int(best.covered * 100), search.reach(pairs)
    for size in range(1, len(givers) + 1):
        if size > len(best.givers):
            break
        for some in combinations(givers, size):
            if _within_reach(some, reach) * 100 < most:
                continue
            made = search.best_of([pair for pair in pairs if pair.owner in some])
            best = max(best, made, key=lambda one: one.key)
    return best


def several_first(offered: Iterable[Offered]) -> dict[int, list[Offered]]:
    """Offers by part: first whose giver answers several parts, then the best, ties by id."""
    listed = list(offered)
    answers = _parts_by_owner(listed)
    found: dict[int, list[Offered]] = defaultdict(list)
    for pair in sorted(listed, key=lambda one: (-len(answers[one.owner]), *one.rank)):
        found[pair.part].append(pair)
    return dict(found)


def _parts_by_owner(offered: Iterable[Offered]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for pair in offered:
        found[pair.owner].add(pair.part)
    return found


def _within_reach(some: Iterable[int], reach: Mapping[int, Mapping[int, Fraction]]) -> Fraction:
    """No answer of these givers can cover more than this."""
    by_part: dict[int, Fraction] = defaultdict(Fraction)
    for owner in some:
        for part, most in reach[owner].items():
            by_part[part] += most
    return sum((min(ALL, most) for most in by_part.values()), NOTHING)


@dataclass
class _Search:
    """One search: the parts, what is left of the offers, and how many steps it may still take."""

    parts: Mapping[int, Part]
    stocks: Mapping[int, Stock | None]
    steps: int = STEPS
    known: dict[tuple[Offered, ...], tuple[Given, ...]] = field(default_factory=dict)

    def kept(self, offered: Iterable[Offered]) -> list[Offered]:
        """Pairs that could do something alone, of at most MOST_GIVERS givers, PAIRS for a part."""
        usable = [
            pair for pair in sorted(set(offered), key=lambda one: one.rank)
            if pair.part in self.parts and self.give([pair], self.full())
        ]  # fmt: skip
        givers = _chosen_givers(usable)
        ordered = several_first(pair for pair in usable if pair.owner in givers)
        found = [pair for pairs in ordered.values() for pair in pairs[:PAIRS]]
        return sorted(found, key=lambda one: one.rank)

    def full(self) -> Left:
        """What is there before anything is given."""
        return {offer: one.milli for offer, one in self.stocks.items() if one is not None}

    def reach(self, pairs: Iterable[Offered]) -> dict[int, dict[int, Fraction]]:
        """What each giver could cover of each part if it had all for it alone."""
        found: dict[int, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for pair in pairs:
            [alone] = self.give([pair], self.full())
            found[pair.owner][pair.part] += alone.share
        return found

    def best_of(self, pairs: Sequence[Offered]) -> Cover:
        """The best answer of these pairs. What does not share an offer is decided apart."""
        given: list[Given] = []
        for group in self._groups(pairs):
            if group not in self.known:
                self.known[group] = self._decide(group)
            given += self.known[group]
        return Cover(tuple(sorted(given, key=_by_part)))

    def best_pair_first(self, pairs: Sequence[Offered]) -> Cover:
        """The pair with the highest score, then the next, each as much as it can."""
        left, lacks = self.full(), dict(self.parts)
        given: list[Given] = []
        count: dict[int, int] = defaultdict(int)
        for pair in pairs:
            part = lacks.get(pair.part)
            if part is None or count[pair.part] == OFFERS_FOR_ONE:
                continue
            made = self.give([pair], left, part)
            if not made:
                continue
            [one] = made
            whole = self.parts[pair.part].stock
            if one.covers_milli is None or whole is None or part.stock is None:
                if not count[pair.part]:
                    lacks.pop(pair.part)
                    _take(left, made)
                    given.append(one)
                continue
            _take(left, made)
            count[pair.part] += 1
            rest = part.stock.milli - one.covers_milli
            lacks[pair.part] = replace(part, stock=replace(part.stock, milli=rest))
            given.append(replace(one, share=Fraction(one.covers_milli, whole.milli)))
        return Cover(tuple(sorted(given, key=_by_part)))

    def give(
        self, some: Sequence[Offered], left: Mapping[int, int], part: Part | None = None
    ) -> tuple[Given, ...]:
        """What these offers, the best first, give to their part; empty where one cannot."""
        asked = (part or self.parts[some[0].part]).stock
        there = [self._left_of(pair.offer, left) for pair in some]
        if any(one is not None and one.milli <= 0 for one in there):
            return ()
        if asked is not None and asked.milli <= 0:
            return ()
        if asked is None or not all(one and one.compares_with(asked) for one in there):
            # Nobody can say how much it uses: all that is left, for the whole need.
            taken = there[0].milli if there[0] else None
            return (Given(some[0], taken, None, ALL),) if len(some) == 1 else ()
        return _shared(asked, some, [one for one in there if one is not None])

    def _left_of(self, offer: int, left: Mapping[int, int]) -> Stock | None:
        stock = self.stocks.get(offer)
        return None if stock is None else replace(stock, milli=left[offer])

    def _groups(self, pairs: Sequence[Offered]) -> Iterator[tuple[Offered, ...]]:
        """Pairs of parts that have no offer in common, which could run out, with other parts."""
        group_of = {pair.part: {pair.part} for pair in pairs}
        by_offer: dict[int, set[int]] = defaultdict(set)
        for pair in pairs:
            if self.stocks.get(pair.offer) is not None:
                by_offer[pair.offer].add(pair.part)
        for shared in by_offer.values():
            joined = set().union(*(group_of[part] for part in shared))
            for part in joined:
                group_of[part] = joined
        for group in {min(parts): parts for parts in group_of.values()}.values():
            yield tuple(pair for pair in pairs if pair.part in group)

    def _decide(self, pairs: tuple[Offered, ...]) -> tuple[Given, ...]:
        by_part: dict[int, list[Offered]] = defaultdict(list)
        for pair in pairs:
            by_part[pair.part].append(pair)
        choices = [list(self._choices(by_part[part])) for part in sorted(by_part)]
        return self._search(choices, self.full(), (), ())

    def _choices(self, offers: Sequence[Offered]) -> Iterator[tuple[Offered, ...]]:
        """One offer or several for a part; several only where each is needed for its amount."""
        stock = self.parts[offers[0].part].stock
        most = 1 if stock is None or stock.is_whole else OFFERS_FOR_ONE
        for size in range(1, most + 1):
            yield from combinations(offers, size)

    def _search(
        self,
        choices: Sequence[Sequence[tuple[Offered, ...]]],
        left: Left,
        made: tuple[Given, ...],
        best: tuple[Given, ...],
    ) -> tuple[Given, ...]:
        """Depth first, part by part; whatever cannot be better than the best is left out."""
        if not choices:
            return max(best, made, key=_worth)
        if best and _bound(made, choices) <= _worth(best):
            return best
        for some in choices[0]:
            if self.steps <= 0 and best:
                return best
            self.steps -= 1
            given = self.give(some, left)
            if given:
                rest = dict(left)
                _take(rest, given)
                best = self._search(choices[1:], rest, made + given, best)
        return self._search(choices[1:], left, made, best)


def _chosen_givers(pairs: Sequence[Offered]) -> set[int]:
    """For each part who answers the most parts, then the others likewise, up to MOST_GIVERS."""
    answers = _parts_by_owner(pairs)
    best: dict[int, int] = {}
    for pair in pairs:
        best[pair.owner] = max(best.get(pair.owner, 0), micro(pair))
    ranked = sorted(answers, key=lambda owner: (-len(answers[owner]), -best[owner], owner))
    parts = sorted({pair.part for pair in pairs})
    first = [next(owner for owner in ranked if part in answers[owner]) for part in parts]
    return set(list(dict.fromkeys([*first, *ranked]))[: max(MOST_GIVERS, len(set(first)))])


def _shared(asked: Stock, some: Sequence[Offered], there: Sequence[Stock]) -> tuple[Given, ...]:
    if len(some) == 1:
        both = share(asked, asked.milli, there[0], there[0].milli)
        return (_given(asked, some[0], *both),) if both else ()
    candidates = [
        Candidate(pair.offer, pair.owner, pair.score, stock)
        for pair, stock in zip(some, there, strict=True)
    ]
    portions = given_together(asked, candidates)
    return tuple(
        _given(asked, pair, one.taken_milli, one.covers_milli)
        for pair, one in zip(some, portions, strict=False)
    )


def _given(asked: Stock, pair: Offered, taken: int, covers: int) -> Given:
    return Given(pair, taken, covers, Fraction(covers, asked.milli))


def _take(left: Left, given: Iterable[Given]) -> None:
    for one in given:
        if one.taken_milli is not None:
            left[one.pair.offer] -= one.taken_milli


def _worth(given: Sequence[Given]) -> tuple[Fraction, Fraction]:
    covered = sum((one.share for one in given), NOTHING)
    return covered, sum((micro(one.pair) * one.share for one in given), NOTHING)


def _bound(
    made: Sequence[Given], choices: Sequence[Sequence[tuple[Offered, ...]]]
) -> tuple[Fraction, Fraction]:
    """No way to go on from here is worth more."""
    covered, worth = _worth(made)
    best = sum(max((micro(pair) for some in part for pair in some), default=0) for part in choices)
    return covered + len(choices), worth + best


def _by_part(one: Given) -> tuple[int, float, int]:
    return one.pair.part, -one.pair.score, one.pair.offer
