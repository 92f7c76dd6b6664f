"""How a pair stands among the other pairs of its need and of its offer, and the score that counts.

A pair's own score (see ``scoring``) knows of no other listing. But where an offer suits another
need far better, the likeness with this one is mostly accidental, and so the other way round; and
where nothing better is to be had, a modest likeness is worth more. So the score that people see is

    logit = base + own × (logit of the own score) + behind_need × n + behind_offer × o

with n and o the logits by which the pair is behind the best pair of its need and of its offer, 0
for the best, never below -4. A pair whose own score is below ``least`` does not score more than
that: to be the best of what does not fit is no merit. The numbers stand in data/comparison.json and
are made by ``scripts/fit_matching.py``.
"""

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exchange.matching.explanation import DECIMALS
from exchange.matching.scoring import sigmoid
from exchange.matching.values import Reason

COMPARISON_FILE = Path(__file__).parent / "data" / "comparison.json"
MOST_BEHIND = -4.0
MICRO = 1_000_000
Micros = NDArray[np.int64]
BEHIND_NEED, BEHIND_OFFER, BY_ITSELF = "behind_need", "behind_offer", "too_little"


@dataclass(frozen=True)
class Rule:
    """The numbers of the formula."""

    base: float
    own: float
    behind_need: float
    behind_offer: float
    least: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The logit of a pair's own score, and how far it is behind the best of either side (≤ 0)."""

    own: float
    behind_need: float = 0.0
    behind_offer: float = 0.0


@cache
def shipped_rule() -> Rule:
    """The numbers that come with the package."""
    return Rule(**json.loads(COMPARISON_FILE.read_text(encoding="utf-8")))


def logit_of_micro(score_micro: int) -> float:
    """The logit of a score in millionths."""
    part = min(max(score_micro, 1), MICRO - 1) / MICRO
    return math.log(part / (1 - part))


def comparison_of(score_micro: int, best_of_need: int, best_of_offer: int) -> Comparison:
    """Of a pair, from the best own scores among the pairs of its need and of its offer."""
    own = logit_of_micro(score_micro)
    needs, offers = (own - logit_of_micro(best) for best in (best_of_need, best_of_offer))
    return Comparison(own, _behind(needs), _behind(offers))


def _behind(difference: float) -> float:
    return min(0.0, max(MOST_BEHIND, difference))


def parts_of(comparison: Comparison, rule: Rule) -> dict[str, float]:
    """What adds up to the logit: the base with the own score, what is behind, and what is taken
    away where too little speaks for the pair by itself.
    """
    parts = {
        "": rule.base + rule.own * comparison.own,
        BEHIND_NEED: rule.behind_need * comparison.behind_need,
        BEHIND_OFFER: rule.behind_offer * comparison.behind_offer,
    }
    if sigmoid(comparison.own) < rule.least:
        parts[BY_ITSELF] = min(0.0, comparison.own - sum(parts.values()))
    return parts


def logit_among(comparison: Comparison, rule: Rule) -> float:
    """The logit of the score that counts."""
    return sum(parts_of(comparison, rule).values())


def micro_among(comparison: Comparison, rule: Rule) -> int:
    """The score that counts, in millionths."""
    return round(MICRO * sigmoid(logit_among(comparison, rule)))


def micros_among(own: Micros, best_of_need: Micros, best_of_offer: Micros, rule: Rule) -> Micros:
    """As ``micro_among`` of ``comparison_of``, for many pairs at once; arrays of one shape."""
    logits, needs, offers = (_logits(one) for one in (own, best_of_need, best_of_offer))
    found = rule.base + rule.own * logits
    found += rule.behind_need * np.clip(logits - needs, MOST_BEHIND, 0)
    found += rule.behind_offer * np.clip(logits - offers, MOST_BEHIND, 0)
    scores = 1 / (1 + np.exp(-found))
    scores = np.where(own < rule.least * MICRO, np.minimum(scores, own / MICRO), scores)
    return np.asarray(np.rint(scores * MICRO), np.int64)


def _logits(micros: Micros) -> NDArray[np.float64]:
    parts = np.clip(micros, 1, MICRO - 1) / MICRO
    return np.asarray(np.log(parts / (1 - parts)), np.float64)


def reasons_among(
    own: tuple[Reason, ...], comparison: Comparison, rule: Rule
) -> tuple[Reason, ...]:
    """All reasons of the score that counts, the weightiest first: those of the pair, each by its
    part of this score, and those of its comparison. With ``base_among`` they make its logit.
    """
    told = [
        replace(one, contribution=round(rule.own * one.contribution, DECIMALS)) for one in own
    ]
    told += [
        Reason(code, {}, round(part, DECIMALS))
        for code, part in parts_of(comparison, rule).items()
        if code and part
    ]
    return tuple(sorted(told, key=lambda one: (-abs(one.contribution), one.code)))


def base_among(base: float, rule: Rule) -> float:
    """The part of the logit that no reason has. ``base`` is that of the own score."""
    return rule.base + rule.own * base
