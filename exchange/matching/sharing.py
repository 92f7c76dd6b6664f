"""How much of an offer goes to a need: exact, in whole units where they are counted, in whole lots.

Amounts are integers in thousandths of the listing's own unit. Plans, combined answers and what a
match proposes as its amount all come from here.
"""

from fractions import Fraction

from exchange.matching.amounts import size_of
from exchange.matching.plans.values import Stock
from exchange.matching.rules import SURPLUS
from exchange.taxonomy.units import step_milli

MOST_OF_LACK = Fraction(SURPLUS)


def stock_of(
    left_milli: int | None, unit: str, lot_milli: int | None, *, whole: bool
) -> Stock | None:
    """What is left of a listing; None where it has no amount or no unit."""
    if left_milli is None or not unit:
        return None
    measure, size = size_of(unit)
    return Stock(max(0, left_milli), measure, size, lot_milli or 0, step_milli(unit), whole)


def least_milli(stock: Stock, left: int) -> int:
    """The least that one partner takes or gives while so much is left: a remainder goes whole."""
    return left if stock.is_whole else min(stock.lot_milli, left)


def share(asked: Stock, lacks: int, given: Stock, there: int) -> tuple[int, int] | None:
    """(taken of the offer, covered of the need), the most that is possible; None for nothing.

    The stocks compare. ``lacks`` and ``there`` are what is left of them now.
    """
    if lacks <= 0 or there <= 0:
        return None
    ratio = given.size / asked.size  # how many of the need's unit one of the offer's is
    stretch = MOST_OF_LACK if given.is_whole else 1
    if least_milli(given, there) * ratio > lacks * stretch:
        return None
    covers = min(lacks, int(there * ratio))
    if covers < lacks:
        covers -= covers % asked.step_milli
    if covers <= 0 or covers < least_milli(asked, lacks):
        return None
    if given.is_whole:
        return there, covers
    exactly = -int(-covers // ratio)
    whole_units = -(-exactly // given.step_milli) * given.step_milli
    return min(there, max(whole_units, least_milli(given, there))), covers
