"""How far the weight of a feature may go, whatever it is learned from.

Each feature is worded so that more of it speaks for the pair. A weight may not fall below its
floor, however little a set of pairs has to say about it: a social worker would not accept a
village that is farther, later or emptier-handed being ranked higher for it.
"""

from exchange.matching.scoring import Weights

MOST = 12.0  # no single feature may decide alone, however clean a small set is
LEAST = {
    "word_meanings": 0.5, "title_meaning": 0.5, "text_meaning": 0.5, "category": 0.5,
    "nearness": 0.3, "time": 0.5, "quantity": 1.0, "terms": 1.5, "beneficiaries": 0.2,
    "direction": 4.0, "subject": 0.5, "goods": 0.5, "traded_goods": 2.0, "urgency": 0.1,
}  # fmt: skip


def bounds_of(name: str, shipped: float) -> tuple[float, float]:
    """The least and the most that a weight may be, around the one that comes with the package.

    A feature without a floor keeps its sign. The shipped weight itself is always allowed.
    """
    if shipped < 0:
        return min(-MOST, shipped), 0.0
    return min(LEAST.get(name, 0.0), shipped), max(MOST, shipped)


def broken(weights: Weights, shipped: Weights) -> list[str]:
    """Features whose weight is out of bounds, or that only one of the two knows; by name."""
    both = weights.features.keys() & shipped.features.keys()
    odd = [name for name in weights.features.keys() | shipped.features.keys() if name not in both]
    for name in both:
        least, most = bounds_of(name, shipped.features[name].weight)
        if not least <= weights.features[name].weight <= most:
            odd.append(name)
    return sorted(odd)
