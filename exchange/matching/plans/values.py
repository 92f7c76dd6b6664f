"""The values that a plan is a function of, and what comes out of it.

Needs, offers, organisations and stations are numbered from 0; pairs name them by that number.
Amounts are integers in thousandths of the listing's own unit; ``size`` says how much of the common
base one unit is, so that amounts of one ``measure`` compare exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
MILLI, MICRO = 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Stock:
    """An amount that is asked or given: thousandths of a unit that is ``size`` of its base.

    One partner takes or gives ``lot_milli`` at least, multiples of ``step_milli``, all of it where
    ``is_whole``; see ``sharing``.
    """

    milli: int
    measure: str
    size: Fraction = Fraction(1)
    lot_milli: int = 0
    step_milli: int = 1
    is_whole: bool = False

    def compares_with(self, other: "Stock | None") -> bool:
        """Whether one can be counted in the other."""
        return other is not None and other.measure == self.measure


@dataclass(frozen=True, slots=True)
class PlanNeed:
    """A need of the plan. ``weight_milli`` is 1000 for one that has no priority.

    Without ``stock`` one introduction meets it. What is not ``planned`` only holds something: a
    need elsewhere that already has an offer in hand.
    """

    id: int
    weight_milli: int
    station: int
    stock: Stock | None = None
    is_vulnerable: bool = False
    is_remote: bool = False
    waited_days: int = 0
    is_planned: bool = True


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """An offer that a plan may use. Without ``stock`` it serves a limited number of needs."""

    id: int
    organisation: int
    stock: Stock | None = None


@dataclass(frozen=True)
class Limits:
    """How much may fall on one. Pairs for an organisation, a social worker, an offer, a need.

    ``least_micro`` is the score below which no pair is planned, in millionths.
    """

    per_organisation: int = 10
    per_broker: int = 30
    per_offer: int = 3
    per_need: int = 3
    least_micro: int = 400_000


@dataclass(frozen=True)
class Problem:
    """All that a plan depends on.

    ``pair_need``, ``pair_offer`` and ``pair_score`` (millionths) are of equal length and hold the
    pairs that pass every gate. ``brokers`` is how many social workers each station has. ``held``
    are pairs (need, offer) that somebody has in hand without an amount yet: they take theirs
    first. ``counted`` are those whose amounts are already off the stocks.
    """

    needs: tuple[PlanNeed, ...]
    offers: tuple[PlanOffer, ...]
    brokers: tuple[int, ...]
    organisations: int
    pair_need: Numbers
    pair_offer: Numbers
    pair_score: Numbers
    limits: Limits = field(default_factory=Limits)
    held: tuple[tuple[int, int], ...] = ()
    counted: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What a pair takes of an offer and covers of a need, in thousandths; None where unknown.

    ``share`` is the part of the need that it meets, as it stood when the plan was made.
    """

    taken_milli: int | None
    covers_milli: int | None
    share: Fraction


@dataclass(frozen=True, slots=True)
class Chosen:
    """A planned pair, by the numbers of need and offer."""

    need: int
    offer: int
    score_micro: int
    part: Part


@dataclass(frozen=True)
class Network:
    """A flow with the least cost: arcs with capacity and cost per unit, and how much must flow.

    Node 0 is the source and the last one the sink.
    """

    tails: Numbers
    heads: Numbers
    capacities: Numbers
    costs: Numbers
    nodes: int
    supply: int


Solver = Callable[[Network], Numbers]  # the flow on each arc


@dataclass(frozen=True)
class Figures:
    """What a plan comes to. ``expected`` and ``weighted`` are sums of score × share of the need,
    ``weighted`` times the priority; in thousandths of one good introduction.
    """

    pairs: int
    needs: int
    needs_met: int
    needs_full: int
    expected_milli: int
    weighted_milli: int
    largest_organisation: int
    organisations: int
    vulnerable: int
    vulnerable_met: int
    remote: int
    remote_met: int
    waited_days_met: int

    def as_row(self) -> dict[str, Any]:
        """For the database."""
        return dict(vars(self))
