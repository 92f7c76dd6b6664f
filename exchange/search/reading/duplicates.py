"""How likely two needs are one need posted twice: by two people, in other units or languages.

No single sign decides: the same goods in other units stand far apart in meaning, and other crops
stand near. So each sign adds to the logarithm of the odds, and a pair counts from a probability on.
Places that have nothing to do with one another rule a pair out.
"""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from exchange.search.reading.duplicate_facts import (
    SAME_NEED,
    Ground,
    Likeness,
    NeedFacts,
    Verdict,
    content_of,
)
from exchange.search.reading.duplicate_subjects import BEST, COPIED, subject_signs
from exchange.search.reading.quantity import in_base

PRIOR = -6.8  # in nats, of two needs about which nothing is known
EXACT, CLOSE, APART = 0.02, 0.15, 0.35  # relative differences of two amounts
AT_BEST = Likeness(words=COPIED - 0.01, title=1.0, text=1.0)
TELLING = 5.0  # a smaller number stands in many texts
TOWNSHIP, COUNTY = 9, 6  # digits of a division code
NEAR_DAYS = 14
NEIGHBOURS, OTHER_TOWNSHIP = -4.2, -3.3  # neighbours grow and lack the same
SOLD = "market.purchase"
NAMED_AT_BEST = 1.6
PEOPLE, HEADS = frozenset({"人", "人次"}), frozenset({"头", "只", "匹"})
_NUMBER = re.compile(r"=(\d+(?:\.\d+)?(?:e[+-]\d+)?)")


def judge(one: NeedFacts, other: NeedFacts, like: Likeness) -> Verdict:
    """Whether two needs are one. The order of the two does not matter.

    Where the other signs rule a pair out whatever the texts speak of, these are not read.
    """
    outer = _outer_signs(one, other, like)
    if outer is None or not _can_reach(outer):
        return Verdict(0.0)
    named = _amounts_named(one, other)
    known = [*outer, *subject_signs(one, other, like), *([named] if named else [])]
    grounds = sorted(known, key=lambda ground: (-abs(ground.weight), ground.code))
    odds = PRIOR + sum(ground.weight for ground in grounds)
    return Verdict(round(1 / (1 + math.exp(-odds)), 6), tuple(grounds))


def may_be_same(one: NeedFacts, other: NeedFacts, at_best: Likeness) -> bool:
    """Whether ``judge`` could say so, if words and meaning were so alike and all that the texts
    speak of were the same. The texts are not read for it.
    """
    outer = _outer_signs(one, other, at_best)
    return outer is not None and _can_reach(outer)


def _can_reach(outer: Sequence[Ground]) -> bool:
    """Whether the signs of the texts can still make one need of two."""
    odds = PRIOR + BEST + NAMED_AT_BEST + sum(ground.weight for ground in outer)
    return odds >= math.log(SAME_NEED / (1 - SAME_NEED))


def _outer_signs(one: NeedFacts, other: NeedFacts, like: Likeness) -> list[Ground] | None:
    """All signs that need no reading of the texts; None where the places rule the pair out."""
    place = _place(one.division, other.division)
    if place is None:
        return None
    found = (
        place,
        _category(one.category, other.category),
        _amount(one, other),
        _words(one, other, like, is_apart=place.weight < 0),
        _meaning(one, other, like),
        _dates(one, other),
        _owner(one, other),
    )
    return [ground for ground in found if ground]


def _place(one: str, other: str) -> Ground | None:
    """None where neither lies in the other and they share no county."""
    shorter, longer = sorted((one, other), key=lambda code: (len(code), code))
    if len(shorter) < COUNTY:
        return None
    if longer.startswith(shorter):
        weights = {TOWNSHIP: 2.6, 12: 2.8}
        code = "place_same" if shorter == longer else "place_within"
        return Ground(code, weights.get(len(shorter), 1.0), {"division": shorter})
    if one[:TOWNSHIP] == other[:TOWNSHIP]:
        return Ground("place_township", NEIGHBOURS, {"division": one[:TOWNSHIP]})
    if one[:COUNTY] == other[:COUNTY]:
        return Ground("place_county", OTHER_TOWNSHIP, {"division": one[:COUNTY]})
    return None


def _category(one: str, other: str) -> Ground | None:
    if not one or not other:
        return None
    if one == other:
        return Ground("category_same", 2.0, {"category": one})
    if one.partition(".")[0] == other.partition(".")[0]:
        return Ground("category_near", 0.2)
    return Ground("category_other", -4.5 if SOLD in (one, other) else -0.8)


def _amount(one: NeedFacts, other: NeedFacts) -> Ground | None:
    """One amount in whatever units; a small number says less, because many have it."""
    if not one.milli or not other.milli:
        return None
    first, base = _base_of(one.milli, one.unit)
    second, other_base = _base_of(other.milli, other.unit)
    told = {"one": [one.milli, one.unit], "other": [other.milli, other.unit]}
    share = min(1.0, 0.2 + math.log10(max(1.0, min(one.milli, other.milli) / 1000)) * 0.8)
    if base != other_base and not any({base, other_base} <= group for group in (PEOPLE, HEADS)):
        same = one.milli == other.milli
        return Ground("amount_number", share, told) if same else Ground("amount_other", -0.7, told)
    apart = abs(first - second) / max(first, second)
    if apart <= EXACT:
        return Ground("amount_same", 2.3 * share, told)
    if apart <= CLOSE:
        return Ground("amount_close", 1.0 * share, told)
    return Ground("amount_differs", -1.5 if apart <= APART else -7.0, told)


def _amounts_named(one: NeedFacts, other: NeedFacts) -> Ground | None:
    """Other numbers that stand in both texts: 86 households, eight tonnes a day."""
    own = {_named(fact) for fact in (one, other)}
    shared = sorted(
        name
        for name in content_of(one).amounts & content_of(other).amounts
        if name not in own and _value(name) >= TELLING
    )
    if not shared:
        return None
    return Ground("amounts_named", min(NAMED_AT_BEST, 0.8 * len(shared)), {"amounts": shared[:3]})


def _named(need: NeedFacts) -> str:
    """The need's own amount as ``base_amounts`` names it."""
    if not need.milli:
        return ""
    value, base = _base_of(need.milli, need.unit)
    return f"={value:.10g}{base}"


@lru_cache(maxsize=4096)
def _base_of(milli: int, unit: str) -> tuple[float, str]:
    value, base = in_base(milli, unit)
    return float(value), base


def _value(name: str) -> float:
    number = _NUMBER.match(name)
    return float(number[1]) if number else 0.0


def _words(one: NeedFacts, other: NeedFacts, like: Likeness, *, is_apart: bool) -> Ground | None:
    """Words in common; texts of two languages need not have any.

    Who posts a need once more words it anew. The same words in two places are one text that two
    villages use.
    """
    if like.words is None:
        return None
    if is_apart and like.words >= COPIED:
        return Ground("words_copied", -3.0)
    least = 0.0 if one.lang != other.lang else -0.5
    weight = _within(10 * (like.words - 0.06), least, 1.2)
    code = "words_shared" if weight > 0 else "words_few"
    return Ground(code, weight, {"words": list(like.shared)}) if weight else None


def _meaning(one: NeedFacts, other: NeedFacts, like: Likeness) -> Ground | None:
    """Vectors of two languages stand further apart, so being far says less there."""
    if like.text is None or like.title is None:
        return None
    far, far_title = (-0.7, -0.1) if one.lang != other.lang else (-2.0, -0.4)
    weight = _within(10 * (like.text - 0.4), far, 2.2)
    weight += _within(2 * (like.title - 0.3), far_title, 0.6)
    code = "meaning_near" if weight > 0 else "meaning_far"
    return Ground(code, weight, {"percent": round(100 * max(0.0, like.text))})


def _dates(one: NeedFacts, other: NeedFacts) -> Ground | None:
    """The share of the shorter time in which both apply; times apart are two needs."""
    if not (one.to_date and other.to_date):
        return None
    first = one.from_date or other.from_date or min(one.to_date, other.to_date)
    second = other.from_date or first
    start, end = max(first, second), min(one.to_date, other.to_date)
    if end < start:
        near = (start - end).days <= NEAR_DAYS
        return Ground("dates_apart", -2.5 if near else -9.0)
    shorter = min((one.to_date - first).days, (other.to_date - second).days) + 1
    share = ((end - start).days + 1) / max(1, shorter)
    return Ground("dates_together", 0.5) if share >= 0.5 else None


def _owner(one: NeedFacts, other: NeedFacts) -> Ground | None:
    if not one.organisation or one.organisation != other.organisation:
        return None
    return Ground("owner_same", 0.3)


def _within(value: float, least: float, most: float) -> float:
    return round(min(most, max(least, value)), 4)


def telling_terms(terms: Iterable[str]) -> frozenset[str]:
    """Index terms without amounts and numbers, which are compared by themselves."""
    return frozenset(term for term in terms if not (term.startswith("=") or term.isdigit()))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared terms as a share of all (Jaccard); 0 when there are none."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def likely_duplicates(
    need: NeedFacts, others: Sequence[tuple[str, NeedFacts, Likeness]]
) -> list[tuple[str, Verdict]]:
    """Keys of (key, facts, likeness) that are worth asking about, likeliest first, ties by key."""
    judged = [(key, judge(need, facts, like)) for key, facts, like in others]
    found = [(key, verdict) for key, verdict in judged if verdict.is_same]
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0]))
