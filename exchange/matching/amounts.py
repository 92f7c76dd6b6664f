"""Quantities that can be compared: in the base unit of what they measure, per period for a rate."""

from fractions import Fraction

from exchange.matching.values import Amount
from exchange.taxonomy.units import PERIODS, UNITS


def amount_of(milli: int | None, unit: str | None) -> Amount | None:
    """The amount in base units; a unit without conversion compares with itself only."""
    if milli is None or not unit:
        return None
    base, _, period = unit.partition("/")
    known = UNITS.get(base)
    size = float(known.size) if known else 1.0
    dimension = known.kind if known and known.kind else base
    value = milli / 1000 * size
    if period not in PERIODS:
        return Amount(value, dimension, period)
    _, kind, length = PERIODS[period]
    return Amount(value / float(length), dimension, kind)


def least_of(left: int | None, unit: str | None, lot: int | None, *, whole: bool) -> float | None:
    """What one partner takes or gives at least, in base units; None where any part will do.

    ``left`` and ``lot`` are in thousandths of the unit. A remainder below the lot goes as a whole.
    """
    milli = left if whole or left is None or lot is None else min(left, lot)
    amount = amount_of(milli, unit) if whole or lot is not None else None
    return None if amount is None else amount.value


def size_of(unit: str) -> tuple[str, Fraction]:
    """What amounts of the unit compare by, and how much of its base one unit is, exactly."""
    base, _, period = unit.partition("/")
    known = UNITS.get(base)
    dimension = known.kind if known and known.kind else base
    size = known.size if known else Fraction(1)
    if period not in PERIODS:
        return f"{dimension}/{period}", size
    _, kind, length = PERIODS[period]
    return f"{dimension}/{kind}", size / length
