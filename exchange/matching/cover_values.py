"""The parts of an undertaking, what is suggested for them, and what ``covering`` answers."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from exchange.matching.plans.values import MICRO, Stock

NOTHING = Fraction(0)


@dataclass(frozen=True)
class Part:
    """A need of the undertaking and what it lacks. Without an amount one partner meets it."""

    id: int
    stock: Stock | None = None


@dataclass(frozen=True)
class Offered:
    """An offer that is suggested for a part: whose it is, and how well it fits (0 to 1)."""

    part: int
    offer: int
    owner: int
    score: float

    @property
    def rank(self) -> tuple[float, int, int]:
        """The best first, ties by id."""
        return -self.score, self.part, self.offer


@dataclass(frozen=True)
class Given:
    """A pair of the answer. Amounts in thousandths; None where they cannot be counted.

    ``share`` is the part of what the need lacks that it meets.
    """

    pair: Offered
    taken_milli: int | None
    covers_milli: int | None
    share: Fraction


@dataclass(frozen=True)
class Cover:
    """Pairs that answer an undertaking together, by part, the best of each first."""

    given: tuple[Given, ...] = ()

    @property
    def covered(self) -> Fraction:
        """How many parts' worth is met: a part that is met by half counts half."""
        return sum((one.share for one in self.given), NOTHING)

    @property
    def givers(self) -> tuple[int, ...]:
        """The organisations, those that answer more parts first."""
        parts = defaultdict(set)
        for one in self.given:
            parts[one.pair.owner].add(one.pair.part)
        return tuple(sorted(parts, key=lambda owner: (-len(parts[owner]), owner)))

    @property
    def key(self) -> tuple[int, int, Fraction]:
        """The greater the better: whole per cent of a part, fewer givers, score × part."""
        worth = sum((micro(one.pair) * one.share for one in self.given), NOTHING)
        return int(self.covered * 100), -len(self.givers), worth

    def of_part(self, part: int) -> tuple[Given, ...]:
        """Who answers one part."""
        return tuple(one for one in self.given if one.pair.part == part)


def micro(pair: Offered) -> int:
    """The score in millionths."""
    return round(pair.score * MICRO)
