"""How likely two needs are one need posted twice: by two people, in other units or languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.search.reading.quantity import in_base

SAME_NEED = 0.6  # a score from here on is worth asking the writer about
WITHIN = 0.15  # relative difference of amounts that still count as one
CERTAIN_COSINE, NO_COSINE = 0.75, 0.2


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What is compared. ``words`` are the telling terms of title and text, ``goods`` as read."""

    words: frozenset[str]
    category: str
    division: str
    milli: int | None = None
    unit: str = ""
    organisation: str = ""
    goods: frozenset[str] = frozenset()


def duplicate_score(one: NeedFacts, other: NeedFacts, cosine: float) -> float:
    """From 0 to 1. ``cosine`` is that of the encoder's vectors of title and text.

    Categories of different branches, places that do not contain one another, different goods, or
    amounts that cannot be one amount rule a pair out; then place, amount, words, meaning and owner
    add up, and two categories of one branch count for less than one category.
    """
    place = same_place(one.division, other.division)
    amount = same_amount(one, other)
    category = same_category(one.category, other.category)
    strange = bool(one.goods and other.goods) and not one.goods & other.goods
    if category == 0 or place == 0 or amount == 0 or strange:
        return 0.0
    meaning = min(1.0, max(0.0, (cosine - NO_COSINE) / (CERTAIN_COSINE - NO_COSINE)))
    words = min(1.0, 4 * overlap(one.words, other.words))
    owner = 1.0 if one.organisation and one.organisation == other.organisation else 0.0
    score = 0.2 * place + 0.3 * amount + 0.25 * meaning + 0.15 * words + 0.1 * owner
    return round(score * category, 4)


def same_category(one: str, other: str) -> float:
    """1 for one category, 0.85 for two of one branch or the branch itself, else 0."""
    if one == other:
        return 1.0
    return 0.85 if one.partition(".")[0] == other.partition(".")[0] else 0.0


def same_place(one: str, other: str) -> float:
    """1 for one village or one inside the other's township, 0.5 inside a county, else 0."""
    shorter, longer = sorted((one, other), key=len)
    if not shorter or not longer.startswith(shorter):
        return 0.0
    return 1.0 if len(shorter) >= 9 else 0.5


def same_amount(one: NeedFacts, other: NeedFacts) -> float:
    """1 for one amount in comparable units, 0 for different ones, 0.5 when that cannot be said."""
    if one.milli is None or other.milli is None:
        return 0.5
    first, base = in_base(one.milli, one.unit)
    second, other_base = in_base(other.milli, other.unit)
    if base != other_base:
        return 0.5
    greater = max(first, second)
    return 1.0 if not greater or abs(first - second) / greater <= WITHIN else 0.0


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared terms as a share of all (Jaccard); 0 when there are none."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def likely_duplicates(
    need: NeedFacts, others: Sequence[tuple[str, NeedFacts, float]]
) -> list[tuple[str, float]]:
    """Keys of (key, facts, cosine) that are worth asking about, likeliest first, ties by key."""
    scored = [(key, duplicate_score(need, facts, cosine)) for key, facts, cosine in others]
    found = [(key, score) for key, score in scored if score >= SAME_NEED]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
