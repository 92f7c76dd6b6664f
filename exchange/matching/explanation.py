"""The reasons of a score: each feature's part in it, the weightiest first."""

from collections import defaultdict
from collections.abc import Sequence

from exchange.matching.scoring import Weights, contribution
from exchange.matching.values import Feature, Reason

DECIMALS = 6


def reasons(features: Sequence[Feature], weights: Weights) -> tuple[Reason, ...]:
    """One reason for each thing that is known, by the size of its contribution, ties by code.

    Features that tell the same (one code, the same facts) are one reason. The contributions and
    ``weights.base`` add up to the logit of the score (to six decimals).
    """
    told: dict[tuple[str, str], list[Feature]] = defaultdict(list)
    for item in features:
        if item.value is not None:
            told[item.code, repr(item.params)].append(item)
    found = [
        Reason(
            some[0].code,
            some[0].params,
            round(sum(contribution(item, weights) for item in some), DECIMALS),
        )
        for some in told.values()
    ]
    return tuple(sorted(found, key=lambda reason: (-abs(reason.contribution), reason.code)))
