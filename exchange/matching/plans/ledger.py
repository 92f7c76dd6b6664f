"""What is left of needs, offers, organisations and stations while a plan is being made.

Nothing is ever taken that is not there: every way to plan goes through ``take``.
"""

from collections.abc import Iterable
from fractions import Fraction

from exchange.matching.plans.values import Limits, Part, PlanNeed, PlanOffer, Problem
from exchange.matching.sharing import share

ALL = Fraction(1)
NOTHING = Fraction(0)


class Ledger:
    """The books of one plan. Numbers of needs, offers, organisations and stations as in Problem."""

    def __init__(self, problem: Problem) -> None:
        limits: Limits = problem.limits
        self._needs: tuple[PlanNeed, ...] = problem.needs
        self._offers: tuple[PlanOffer, ...] = problem.offers
        self.need_left = [None if n.stock is None else n.stock.milli for n in problem.needs]
        self.offer_left = [None if o.stock is None else o.stock.milli for o in problem.offers]
        self.unmet = [ALL] * len(problem.needs)
        self.need_turns = [limits.per_need] * len(problem.needs)
        self.offer_turns = [limits.per_offer] * len(problem.offers)
        self.organisation_turns = [limits.per_organisation] * problem.organisations
        self.station_turns = [limits.per_broker * count for count in problem.brokers]
        self._hold(problem.held)
        for need, offer in problem.counted:
            self._count_agreed(need, offer)
        # From here on a need is what is left of it.
        self._wanted = list(self.need_left)
        self.unmet = [ALL if left > 0 else NOTHING for left in self.unmet]

    def _hold(self, pairs: Iterable[tuple[int, int]]) -> None:
        self._wanted = list(self.need_left)
        for need, offer in pairs:
            part = self._part(need, offer)
            if part is not None:
                self._take_amounts(need, offer, part)
            self._count(need, offer)

    def _count(self, need: int, offer: int) -> None:
        self.need_turns[need] -= 1
        self.organisation_turns[self._offers[offer].organisation] -= 1
        self.station_turns[self._needs[need].station] -= 1

    def _count_agreed(self, need: int, offer: int) -> None:
        """Its amounts are off the stocks already; what has none is in use all the same."""
        if self.offer_left[offer] is None:
            self.offer_turns[offer] -= 1
        if self.need_left[need] is None:
            self.unmet[need] = NOTHING
        self._count(need, offer)

    def offer_is_open(self, offer: int) -> bool:
        """Whether something of the offer is left, whoever gives it."""
        left = self.offer_left[offer]
        return self.offer_turns[offer] > 0 if left is None else left > 0

    def can_give(self, need: int, offer: int) -> bool:
        """Whether something of the offer is left that comes to a thousandth of the need's unit."""
        return self._part(need, offer) is not None

    def need_is_open(self, need: int) -> bool:
        """Whether the need may get another pair."""
        station = self._needs[need].station
        return (
            self.unmet[need] > 0
            and self.need_turns[need] > 0
            and self.station_turns[station] > 0
        )

    def organisation_is_open(self, offer: int) -> bool:
        """Whether the giver of an offer may get another pair."""
        return self.organisation_turns[self._offers[offer].organisation] > 0

    def take(self, need: int, offer: int) -> Part | None:
        """Give of the offer what it can to the need; None, and nothing changes, where it cannot."""
        if not (self.need_is_open(need) and self.organisation_is_open(offer)):
            return None
        part = self._part(need, offer)
        if part is None:
            return None
        self._take_amounts(need, offer, part)
        self._count(need, offer)
        return part

    def _part(self, need: int, offer: int) -> Part | None:
        if not self.offer_is_open(offer) or self.unmet[need] <= 0:
            return None
        asked, given = self._needs[need].stock, self._offers[offer].stock
        if asked is None or given is None or not asked.compares_with(given):
            return Part(self.offer_left[offer], None, self.unmet[need])
        wanted, left, there = self._wanted[need], self.need_left[need], self.offer_left[offer]
        if not wanted or not left or not there:
            return None
        both = share(asked, left, given, there)
        if both is None:
            return None
        taken, covers = both
        return Part(taken, covers, Fraction(covers, wanted))

    def _take_amounts(self, need: int, offer: int, part: Part) -> None:
        left = self.offer_left[offer]
        if left is None:
            self.offer_turns[offer] -= 1
        else:
            self.offer_left[offer] = left - (part.taken_milli or 0)
        asked = self.need_left[need]
        if asked is not None:
            self.need_left[need] = 0 if part.covers_milli is None else asked - part.covers_milli
        is_full = part.covers_milli is None or not self.need_left[need]
        self.unmet[need] = NOTHING if is_full else self.unmet[need] - part.share
