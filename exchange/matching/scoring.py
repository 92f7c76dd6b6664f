"""From features to a score between 0 and 1: a logistic regression whose weights can be read.

score = 1 / (1 + e^-logit), logit = base + the sum of weight × (value - mean) over the features.
A feature of which nothing is known counts as its mean. The weights stand in data/weights.json and
are made by ``scripts/fit_matching.py``.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exchange.matching.values import Feature

MOST_SURE = 99
WEIGHTS_FILE = Path(__file__).parent / "data" / "weights.json"


@dataclass(frozen=True)
class Weight:
    """What one feature counts, and its mean among the pairs that the weights were fitted on."""

    weight: float
    mean: float


@dataclass(frozen=True)
class Weights:
    """All weights. ``version`` changes with every fit; ``base`` is the logit of an average pair."""

    version: str
    base: float
    features: Mapping[str, Weight]


def read_weights(kept: Mapping[str, Any]) -> Weights:
    """Weights from the readable form. Raises KeyError or ValueError where it is not complete."""
    features = {
        name: Weight(float(item["weight"]), float(item["mean"]))
        for name, item in kept["features"].items()
    }
    return Weights(str(kept["version"]), float(kept["base"]), features)


@cache
def shipped_weights() -> Weights:
    """The weights that come with the package."""
    return read_weights(json.loads(WEIGHTS_FILE.read_text(encoding="utf-8")))


def contribution(feature: Feature, weights: Weights) -> float:
    """weight × (value - mean); 0 where nothing is known. Raises KeyError for an unknown feature."""
    weight = weights.features[feature.name]
    return 0.0 if feature.value is None else weight.weight * (feature.value - weight.mean)


def logit_of(features: Sequence[Feature], weights: Weights) -> float:
    """The base and all contributions."""
    return weights.base + math.fsum([contribution(feature, weights) for feature in features])


def sigmoid(logit: float) -> float:
    """1 / (1 + e^-logit), without overflow."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))


def percent_of(score: float) -> int:
    """The score as people read it, 0 to 99: nobody is ever sure."""
    return min(MOST_SURE, round(100 * score))


def score_of(features: Sequence[Feature], weights: Weights) -> float:
    """The calibrated likelihood, 0 to 1, that a social worker would bring the two together."""
    return sigmoid(logit_of(features, weights))
