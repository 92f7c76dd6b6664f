"""How likely two needs are one need posted twice: by two people, in other units or languages.

No single sign decides: the same goods in other units stand far apart in meaning, and other crops
stand near. So each sign adds to the logarithm of the odds, and a pair counts from a probability on.
Places that have nothing to do with one another, other goods, and another subject in a copied text
rule a pair out.
The weights are set by hand from what each sign can tell, not fitted to a labelled set.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from exchange.search.reading.goods import read_goods
from exchange.search.reading.quantity import base_amounts, in_base
from exchange.search.reading.spans import fold
from exchange.search.reading.things import read_things

SAME_NEED = 0.6  # a probability from here on is worth asking about
PRIOR = -7.0  # in nats, of two needs about which nothing is known
EXACT, CLOSE, APART = 0.02, 0.15, 0.35  # relative differences of two amounts
TELLING = 5.0  # a smaller number stands in many texts
TOWNSHIP, COUNTY = 9, 6  # digits of a division code
NEAR_DAYS = 14
REMEMBERED = 2000  # texts, some kilobytes each
SELLING = "market.purchase"
COPIED = 0.3  # texts with this cosine of words were written after one another
PEOPLE = frozenset({"人", "人次"})
# What many titles of needs have in common, whatever they are about.
_FRAME = re.compile(
    r"滞销|销路|卖不[掉出完动]|没人[收要]|收购商?|求购|买家|找买|出售|急需|急求|需要|需求|想[办请要学找]?|"
    r"求[助捐]?|缺少?|要|请|找|帮忙?|我们?村|村里|村|培训班?|一[期批次些]|支援|支持|采购|谁家|谁"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(r"=(\d+(?:\.\d+)?(?:e[+-]\d+)?)")
_LATIN = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What is compared. ``milli`` is in thousandths of ``unit``, ``amounts`` as ``base_amounts``.

    ``goods`` and ``things`` are those of the whole text, ``title_…`` those of the title. ``lang``
    is zh, en or mixed. What is empty or None is not known and says nothing.
    """

    title: str = ""
    text: str = ""
    category: str = ""
    division: str = ""
    milli: int | None = None
    unit: str = ""
    organisation: str = ""
    goods: frozenset[str] = frozenset()
    title_goods: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    title_things: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    from_date: date | None = None
    to_date: date | None = None
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the words of two needs are; None where that was not looked at.

    ``words`` is the cosine of weighted terms, ``title`` and ``text`` those of sentence vectors.
    ``shared`` are telling words that stand in both, for the reader.
    """

    words: float | None = None
    title: float | None = None
    text: float | None = None
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """One sign: its code, what belongs into its sentence, and its weight in nats."""

    code: str
    weight: float
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The probability that two needs are one, and the grounds, the weightiest first."""

    score: float
    grounds: tuple[Ground, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether it is worth asking somebody."""
        return self.score >= SAME_NEED


def read_need(title: str, text: str, **more: Any) -> NeedFacts:
    """The facts of a need whose goods and amounts are read from its words."""
    goods, things, amounts = _named_in(f"{title}\n{text}")
    title_goods, title_things, _ = _named_in(title)
    return NeedFacts(
        title=title, text=text, goods=goods, title_goods=title_goods, things=things,
        title_things=title_things, amounts=amounts, **more,
    )  # fmt: skip


@lru_cache(maxsize=REMEMBERED)
def _named_in(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Goods, things and amounts; a need is compared again and again with each new neighbour."""
    amounts = frozenset(name for _start, _end, name in base_amounts(fold(text)))
    return read_goods(text), read_things(text), amounts


def judge(one: NeedFacts, other: NeedFacts, like: Likeness) -> Verdict:
    """Whether two needs are one. The order of the two does not matter."""
    place, goods = _place(one.division, other.division), _goods(one, other)
    strange = goods if goods and goods.code == "goods_differ" else _subject(one, other, like)
    if place is None or strange is not None:
        return Verdict(0.0, (strange,) if strange else ())
    found = (
        place,
        goods,
        _things(one, other),
        _category(one.category, other.category),
        _amount(one, other),
        _amounts_named(one, other),
        _words(one, other, like),
        _meaning(one, other, like),
        _dates(one, other),
        _owner(one, other),
    )
    known = [ground for ground in found if ground]
    grounds = sorted(known, key=lambda ground: (-abs(ground.weight), ground.code))
    odds = PRIOR + sum(ground.weight for ground in grounds)
    return Verdict(round(1 / (1 + math.exp(-odds)), 6), tuple(grounds))


def _place(one: str, other: str) -> Ground | None:
    """None where neither lies in the other and they share no county."""
    shorter, longer = sorted((one, other), key=lambda code: (len(code), code))
    if len(shorter) < COUNTY:
        return None
    if longer.startswith(shorter):
        weights = {TOWNSHIP: 2.5, 12: 3.0}
        code = "place_same" if shorter == longer else "place_within"
        return Ground(code, weights.get(len(shorter), 1.0), {"division": shorter})
    if one[:TOWNSHIP] == other[:TOWNSHIP]:
        return Ground("place_township", -5.0, {"division": one[:TOWNSHIP]})
    if one[:COUNTY] == other[:COUNTY]:
        return Ground("place_county", -5.0, {"division": one[:COUNTY]})
    return None


def _goods(one: NeedFacts, other: NeedFacts) -> Ground | None:
    """Shared goods speak for a pair, other goods rule it out; what is not named says nothing."""
    first, second = one.title_goods or one.goods, other.title_goods or other.goods
    shared = sorted(first & second)
    if shared:
        return Ground("goods_same", 1.5, {"goods": shared})
    mentioned = sorted(one.goods & other.goods)
    if mentioned:
        return Ground("goods_mentioned", 0.4, {"goods": mentioned})
    if not first or not second:
        return None
    told = {"one_goods": sorted(first), "other_goods": sorted(second)}
    sold = one.category == other.category == SELLING
    if sold or (one.title_goods and other.title_goods):
        return Ground("goods_differ", PRIOR, told)
    return Ground("goods_other", -1.5, told)  # what a text mentions need not be its subject


def _things(one: NeedFacts, other: NeedFacts) -> Ground | None:
    """What a title names and the other need speaks of, too; two titles may name other things."""
    shared = (one.title_things & other.things) | (other.title_things & one.things)
    if shared:
        return Ground("things_shared", min(1.0, 0.5 * len(shared)), {"things": sorted(shared)})
    if one.title_things and other.title_things and not one.goods & other.goods:
        told = {"one_things": sorted(one.title_things), "other_things": sorted(other.title_things)}
        return Ground("things_differ", -2.0, told)
    return None


def _category(one: str, other: str) -> Ground | None:
    if not one or not other:
        return None
    if one == other:
        return Ground("category_same", 2.5, {"category": one})
    if one.partition(".")[0] == other.partition(".")[0]:
        return Ground("category_near", 0.5)
    return Ground("category_other", -2.0)


def _amount(one: NeedFacts, other: NeedFacts) -> Ground | None:
    """One amount in whatever units; a small number says less, because many have it."""
    if not one.milli or not other.milli:
        return None
    first, base = in_base(one.milli, one.unit)
    second, other_base = in_base(other.milli, other.unit)
    told = {"one": [one.milli, one.unit], "other": [other.milli, other.unit]}
    share = min(1.0, 0.2 + math.log10(max(1.0, min(one.milli, other.milli) / 1000)) * 0.8)
    if base != other_base and not {base, other_base} <= PEOPLE:
        same = one.milli == other.milli
        return Ground("amount_number", share, told) if same else None
    apart = float(abs(first - second) / max(first, second))
    if apart <= EXACT:
        return Ground("amount_same", 2.5 * share, told)
    if apart <= CLOSE:
        return Ground("amount_close", 1.0 * share, told)
    return Ground("amount_differs", -1.5 if apart <= APART else -8.0, told)


def _amounts_named(one: NeedFacts, other: NeedFacts) -> Ground | None:
    """Other numbers that stand in both texts: 86 households, eight tonnes a day."""
    own = {_named(fact) for fact in (one, other)}
    shared = sorted(
        name
        for name in one.amounts & other.amounts
        if name not in own and _value(name) >= TELLING
    )
    if not shared:
        return None
    return Ground("amounts_named", min(1.6, 0.8 * len(shared)), {"amounts": shared[:3]})


def _named(need: NeedFacts) -> str:
    """The need's own amount as ``base_amounts`` names it."""
    if not need.milli:
        return ""
    value, base = in_base(need.milli, need.unit)
    return f"={float(value):.10g}{base}"


def _value(name: str) -> float:
    number = _NUMBER.match(name)
    return float(number[1]) if number else 0.0


def _words(one: NeedFacts, other: NeedFacts, like: Likeness) -> Ground | None:
    """Words in common; texts of two languages need not have any."""
    if like.words is None:
        return None
    least = 0.0 if one.lang != other.lang else -0.5
    weight = _within(15 * (like.words - 0.06), least, 3.0)
    code = "words_shared" if weight > 0 else "words_few"
    return Ground(code, weight, {"words": list(like.shared)}) if weight else None


def _subject(one: NeedFacts, other: NeedFacts, like: Likeness) -> Ground | None:
    """Against pairs that say the same of two things: a post that was copied and changed.

    Two who describe one need word it in their own ways. Where most words agree, and all that the
    titles share is the frame (a course wanted, so many tonnes unsold), what differs is the subject.
    """
    if like.words is None or like.words < COPIED or one.title_goods & other.title_goods:
        return None
    first, second = _bare(one.title), _bare(other.title)
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    if any(_tells(first[block.a : block.a + block.size]) for block in blocks):
        return None
    own = _left(first, ((block.a, block.size) for block in blocks))
    others = _left(second, ((block.b, block.size) for block in blocks))
    strange = own and others and own not in fold(other.text) and others not in fold(one.text)
    return Ground("subject_differs", PRIOR, {"one": own, "other": others}) if strange else None


def _bare(title: str) -> str:
    """A title without amounts, and with a blank for what frames it."""
    plain = fold(title)
    for start, end, _name in reversed(base_amounts(plain)):
        plain = f"{plain[:start]} {plain[end:]}"
    return _FRAME.sub(" ", plain)


def _tells(run: str) -> bool:
    """Whether a stretch of a title names something: two characters, or a word of letters."""
    return any(len(part) > 1 for part in _HAN.findall(run)) or _LATIN.search(run) is not None


def _left(title: str, shared: Iterable[tuple[int, int]]) -> str:
    """The longest stretch of a title that is not shared."""
    signs = list(title)
    for start, size in shared:
        signs[start : start + size] = " " * size
    parts = [*_HAN.findall("".join(signs)), *_LATIN.findall("".join(signs))]
    return max(parts, key=len, default="")


def _meaning(one: NeedFacts, other: NeedFacts, like: Likeness) -> Ground | None:
    """Vectors of two languages stand further apart, so being far says less there."""
    if like.text is None or like.title is None:
        return None
    far, far_title = (-0.5, -0.2) if one.lang != other.lang else (-1.0, -0.4)
    weight = _within(6 * (like.text - 0.38), far, 2.0)
    weight += _within(3 * (like.title - 0.25), far_title, 1.0)
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
        return Ground("dates_apart", -2.5 if near else -6.0)
    shorter = min((one.to_date - first).days, (other.to_date - second).days) + 1
    share = ((end - start).days + 1) / max(1, shorter)
    return Ground("dates_together", 0.5) if share >= 0.5 else None


def _owner(one: NeedFacts, other: NeedFacts) -> Ground | None:
    if not one.organisation or one.organisation != other.organisation:
        return None
    return Ground("owner_same", 0.7)


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
