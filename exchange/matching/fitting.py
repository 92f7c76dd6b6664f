"""Learning the weights from decisions: a penalised likelihood around the shipped weights.

Of the decided pairs i with label y and weight of evidence w it finds the least of

    Σ w_i · log(1 + e^(−±logit_i)) + λ/2 · ((base − base0)² + Σ_j ((β_j − β0_j) · s_j)²)

where ± is + for a yes and − for a no, 0 marks what comes with the package, and s_j is the spread
of a feature's values. This is the posterior mode of a logistic regression whose prior is normal
around the shipped weights (Gelman et al., Bayesian Data Analysis, 2013, chapter 16). In logit_i
the features that a decision does not speak of stand with their shipped weights: it cannot move
theirs. Newton's method, each step projected on the bounds of ``floors``; nothing is random.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from exchange.matching.floors import bounds_of
from exchange.matching.measures import ranking_measures
from exchange.matching.scoring import Weight, Weights

Array = NDArray[np.float64]
PENALTY = 4.0  # λ: a change by one spread is as dear as a prior deviation of half a logit says
LEAST_SPREAD = 0.1  # of a feature that hardly varies among the decided pairs
STEPS = 100
CLOSE = 1e-9
DECIMALS = 6
NEEDS_WITH_BOTH = 5  # needs with a yes and a no, before an order of them is measured


@dataclass(frozen=True)
class Sample:
    """A decided pair. ``values`` are its features as they were; what was unknown is absent."""

    need_id: int
    offer_id: int
    values: Mapping[str, float]
    label: bool
    weight: float
    about: frozenset[str] | None = None


def learn_weights(samples: Sequence[Sample], shipped: Weights) -> Weights:
    """The weights that fit the decisions best; without decisions those that are shipped.

    Their version is made of what they are: the same weights have the same name.
    """
    names = sorted(shipped.features)
    table = _table(samples, shipped, names)
    spread = _spread(samples, names)
    present = np.array([shipped.features[name].weight for name in names])
    about = np.array(
        [[one.about is None or name in one.about for name in names] for one in samples], bool
    ).reshape(len(samples), len(names))
    rows = np.c_[np.where(about, table, 0.0) / spread, np.ones(len(samples))]
    known = table @ present + shipped.base
    bounds = np.array([bounds_of(name, shipped.features[name].weight) for name in names])
    low = np.r_[(bounds[:, 0] - present) * spread, -np.inf]
    high = np.r_[(bounds[:, 1] - present) * spread, np.inf]
    right = np.array([one.label for one in samples], np.float64)
    counts = np.array([one.weight for one in samples], np.float64)
    moved = _least(rows, known, right, counts, low, high)
    weights = np.clip(present + moved[:-1] / spread, bounds[:, 0], bounds[:, 1])
    return _named(names, weights, shipped, shipped.base + float(moved[-1]))


def _table(samples: Sequence[Sample], weights: Weights, names: Sequence[str]) -> Array:
    """Value less mean, by sample and feature; 0 where nothing is known."""
    found = np.zeros((len(samples), len(names)))
    for at, one in enumerate(samples):
        for column, name in enumerate(names):
            if (value := one.values.get(name)) is not None:
                found[at, column] = value - weights.features[name].mean
    return found


def _spread(samples: Sequence[Sample], names: Sequence[str]) -> Array:
    known = ([one.values[name] for one in samples if name in one.values] for name in names)
    return np.array([max(LEAST_SPREAD, float(np.std(some))) if some else 1.0 for some in known])


def _least(
    rows: Array, known: Array, right: Array, counts: Array, low: Array, high: Array
) -> Array:
    """How far each parameter moves from what is shipped, in spreads; the base is the last."""
    now = np.zeros(rows.shape[1])

    def loss(point: Array) -> float:
        logits = known + rows @ point
        each = np.logaddexp(0, logits) - right * logits
        return float(counts @ each + PENALTY * point @ point / 2)

    for _ in range(STEPS):
        chance = 0.5 * (1 + np.tanh((known + rows @ now) / 2))
        slope = rows.T @ (counts * (chance - right)) + PENALTY * now
        free = ~(((now <= low) & (slope > 0)) | ((now >= high) & (slope < 0)))
        curve = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows
        curve += PENALTY * np.eye(len(now))
        step = np.zeros_like(now)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        size, before = 1.0, loss(now)
        following: Array = np.clip(now - step, low, high)
        while loss(following) > before and size > CLOSE:
            size /= 2
            following = np.clip(now - size * step, low, high)
        if np.abs(following - now).max() < CLOSE:
            break
        now = following
    return now


def _named(names: Sequence[str], values: Array, shipped: Weights, base: float) -> Weights:
    features = {
        name: Weight(round(float(value), DECIMALS), shipped.features[name].mean)
        for name, value in zip(names, values, strict=True)
    }
    base = round(base, DECIMALS)
    told = json.dumps([base, {name: item.weight for name, item in features.items()}])
    mark = blake2b((shipped.version + told).encode(), digest_size=5).hexdigest()
    return Weights(f"learned-{mark}", base, features)


@dataclass(frozen=True)
class Quality:
    """How well weights agree with decisions: the mean log-loss, by weight of evidence, and nDCG@10
    over needs with a yes and a no; None where there are fewer than five of them.
    """

    loss: float
    ndcg: float | None


def logit(values: Mapping[str, float], weights: Weights) -> float:
    """The logit of a pair by its values; see ``scoring``."""
    return weights.base + sum(
        weights.features[name].weight * (value - weights.features[name].mean)
        for name, value in values.items()
        if name in weights.features
    )


def quality(samples: Sequence[Sample], weights: Weights) -> Quality:
    """Measure weights on decisions. Raises ValueError without decisions."""
    if not samples:
        raise ValueError("no decisions to measure on")
    logits = [logit(one.values, weights) for one in samples]
    losses = [
        float(np.logaddexp(0, -found if one.label else found))
        for one, found in zip(samples, logits, strict=True)
    ]
    counts = [one.weight for one in samples]
    return Quality(float(np.average(losses, weights=counts)), _order(samples, logits))


def _order(samples: Sequence[Sample], logits: Sequence[float]) -> float | None:
    found: dict[str, list[tuple[float, str]]] = {}
    grades: dict[str, dict[str, int]] = {}
    for one, score in zip(samples, logits, strict=True):
        need, offer = str(one.need_id), str(one.offer_id)
        found.setdefault(need, []).append((-score, offer))
        grades.setdefault(need, {})[offer] = int(one.label)
    both = [need for need, some in grades.items() if set(some.values()) == {0, 1}]
    if len(both) < NEEDS_WITH_BOTH:
        return None
    rankings = {need: [offer for _, offer in sorted(found[need])] for need in both}
    return ranking_measures(rankings, {need: grades[need] for need in both})["ndcg_at_10"]
