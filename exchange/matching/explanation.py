"""The reasons of a score: each feature's part in it, the weightiest first."""

from collections.abc import Sequence

from exchange.matching.scoring import Weights, contribution
from exchange.matching.values import Feature, Reason

DECIMALS = 6


def reasons(features: Sequence[Feature], weights: Weights) -> tuple[Reason, ...]:
    """One reason for each feature that is known, by the size of its contribution, ties by code.

    The contributions and ``weights.base`` add up to the logit of the score (to six decimals).
    """
    found = [
        Reason(item.code, item.params, round(contribution(item, weights), DECIMALS))
        for item in features
        if item.value is not None
    ]
    return tuple(sorted(found, key=lambda reason: (-abs(reason.contribution), reason.code)))
