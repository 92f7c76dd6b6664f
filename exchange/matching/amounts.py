"""Quantities that can be compared: in the base unit of what they measure, per period for a rate."""

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
