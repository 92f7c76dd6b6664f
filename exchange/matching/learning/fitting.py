"""Learning the weights from decisions: a penalised likelihood around the shipped weights.

A decision against a pair says which features were the reason. So each group g of features that a
reason speaks of (``learn_rules.GROUPS``) is learned apart, from all decisions for a pair and from
those against one that name this group. Of these decisions i, with weight of evidence w, it finds
the least of

    Σ w_i · log(1 + e^(−±(known_i + a_g + Σ_j (β_j − β0_j) · (x_ij − mean_j))))
    + λ/2 · Σ_j ((β_j − β0_j) · s_j)²                          over the features j of g

where ± is + for a yes and − for a no, known_i is the logit by the shipped weights β0, s_j the
spread of a feature's values, and a_g takes up that this choice of decisions has another share of
yes than pairs have (in a logistic regression such a choice changes only the constant: Prentice,
Pyke 1979). The prior is normal around the shipped weights (Gelman et al., Bayesian Data Analysis,
2013, chapter 16). At last the base is learned likewise from all decisions by the new weights.
Newton's method, each step projected on the bounds of ``floors``; nothing is random.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from exchange.matching.evaluation.measures import ranking_measures
from exchange.matching.floors import bounds_of
from exchange.matching.learning.rules import ENOUGH_OF_GROUP, GROUPS
from exchange.matching.scoring import Weight, Weights

Array = NDArray[np.float64]
PENALTY = 4.0  # λ: a change by one spread is as dear as a prior deviation of half a logit says
LEAST_SPREAD = 0.25  # of a feature that hardly varies among the decided pairs
FREE = 1e-6  # of the constant of a choice: enough to keep the equations solvable
MOST_MOVED = 20.0  # logits
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

    A group stays as shipped until there are a few decisions against pairs that name it. The
    version is made of what the weights are: the same weights have the same name.
    """
    ordered = sorted(samples, key=lambda one: (one.need_id, one.offer_id))
    features = dict(shipped.features)
    for group in GROUPS:
        names = sorted(group & shipped.features.keys())
        some = [one for one in ordered if _speaks_of(one, group)]
        against = sum(not one.label for one in some)
        if names and min(against, len(some) - against) >= ENOUGH_OF_GROUP:
            features |= _group(some, shipped, names)
    base = _base(ordered, Weights("", shipped.base, features))
    return _named(features, shipped, round(base, DECIMALS))


def _speaks_of(one: Sample, group: frozenset[str]) -> bool:
    return one.label or one.about is None or bool(one.about & group)


def _group(
    samples: Sequence[Sample], shipped: Weights, names: Sequence[str]
) -> dict[str, Weight]:
    """The weights of some features, the others being as shipped."""
    present = np.array([shipped.features[name].weight for name in names])
    bounds = np.array([bounds_of(name, shipped.features[name].weight) for name in names])
    spread = _spread(samples, names)
    rows = np.c_[_table(samples, shipped, names) / spread, np.ones(len(samples))]
    moved = _least(
        rows,
        samples,
        np.array([logit(one.values, shipped) for one in samples]),
        np.r_[np.full(len(names), PENALTY), FREE],
        (np.r_[(bounds[:, 0] - present) * spread, -MOST_MOVED],
         np.r_[(bounds[:, 1] - present) * spread, MOST_MOVED]),
    )  # fmt: skip
    found = np.clip(present + moved[:-1] / spread, bounds[:, 0], bounds[:, 1])
    return {
        name: Weight(round(float(value), DECIMALS), shipped.features[name].mean)
        for name, value in zip(names, found, strict=True)
    }


def _base(samples: Sequence[Sample], weights: Weights) -> float:
    if not samples:
        return weights.base
    known = np.array([logit(one.values, weights) for one in samples])
    most = np.array([MOST_MOVED])
    moved = _least(
        np.ones((len(samples), 1)), samples, known, np.array([PENALTY]), (-most, most)
    )
    return weights.base + float(moved[0])


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
    return np.array([max(LEAST_SPREAD, float(np.std(some or [0.0]))) for some in known])


def _least(
    rows: Array,
    samples: Sequence[Sample],
    known: Array,
    penalty: Array,
    bounds: tuple[Array, Array],
) -> Array:
    """How far each parameter moves, within its bounds, for the least penalised loss."""
    low, high = bounds
    right = np.array([one.label for one in samples], np.float64)
    counts = np.array([one.weight for one in samples], np.float64)
    now = np.zeros(rows.shape[1])

    def loss(point: Array) -> float:
        logits = known + rows @ point
        each = np.logaddexp(0, logits) - right * logits
        return float(counts @ each + penalty @ point**2 / 2)

    for _ in range(STEPS):
        chance = 0.5 * (1 + np.tanh((known + rows @ now) / 2))
        slope = rows.T @ (counts * (chance - right)) + penalty * now
        free = ~(((now <= low) & (slope > 0)) | ((now >= high) & (slope < 0)))
        curve = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = np.zeros_like(now)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        following = _descend(loss, now, step, bounds)
        if np.abs(following - now).max() < CLOSE:
            break
        now = following
    return now


def _descend(
    loss: Callable[[Array], float], now: Array, step: Array, bounds: tuple[Array, Array]
) -> Array:
    """A step that does not make it worse, as long as possible; where none does, none."""
    size, before = 1.0, loss(now)
    while size > CLOSE:
        following: Array = np.clip(now - size * step, *bounds)
        if loss(following) <= before:
            return following
        size /= 2
    return now


def _named(features: Mapping[str, Weight], shipped: Weights, base: float) -> Weights:
    told = json.dumps([base, {name: item.weight for name, item in sorted(features.items())}])
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
