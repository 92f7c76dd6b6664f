"""The words that generated listings and questions are made of, from data/vocabulary.json.

Goods stand by category in Chinese and English; in ``{c}`` every crop is put. Sentences have gaps:
``{g}`` goods, ``{a}`` amount, ``{p}`` place, ``{w}`` time, ``{k}`` a number, ``{c}`` a crop, and
``{d}`` another. No word tells of a person, of contact or of payment: what is made may be posted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from exchange.listings.rules import GRANT, SENSITIVE_CATEGORIES
from exchange.taxonomy.categories import taxonomy

DATA = Path(__file__).parent / "data" / "vocabulary.json"
SELLING = "market.purchase"
CLOSED = SENSITIVE_CATEGORIES | {GRANT, "funds"}  # needs of these are never public
ZIPF = 0.9  # the n-th most frequent thing is drawn as often as 1 / n ** ZIPF
ORDER = 17  # which goods are frequent is the same for every seed


@dataclass(frozen=True, slots=True)
class Goods:
    """One thing that is asked for or offered."""

    category: str
    zh: str
    en: str
    unit: str
    least: int
    greatest: int


@dataclass(frozen=True, slots=True)
class Phrases:
    """The titles, first sentences, further sentences and words of one language."""

    when: Sequence[str]
    titles: Mapping[str, Sequence[str]]
    firsts: Mapping[str, Sequence[str]]
    more: Sequence[str]
    terms: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything, goods with the most frequent first."""

    goods: Sequence[Goods]
    crops: Sequence[tuple[str, str]]
    brands: Sequence[tuple[str, str]]
    units_en: Mapping[str, str]
    mixed: Sequence[str]
    zh: Phrases
    en: Phrases


@cache
def vocabulary() -> Vocabulary:
    """The shipped words."""
    raw = json.loads(DATA.read_text(encoding="utf-8"))
    crops = [(zh, en) for zh, en in raw["crops"]]
    goods = [
        _goods(code, zh, en, raw["amounts"])
        for code, names in raw["goods"].items()
        for zh, en in _expanded(names, crops)
    ]
    Random(ORDER).shuffle(goods)
    return Vocabulary(
        goods=goods,
        crops=crops,
        brands=[(zh, en) for zh, en in raw["brands"]],
        units_en=raw["units_en"],
        mixed=raw["mixed"],
        zh=_phrases(raw["zh"]),
        en=_phrases(raw["en"]),
    )


def _expanded(
    names: Sequence[Sequence[str]], crops: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for zh, en in names:
        put = crops if "{c}" in zh else [("", "")]
        found += [(zh.replace("{c}", one), en.replace("{c}", other)) for one, other in put]
    return found


def _goods(code: str, zh: str, en: str, amounts: Mapping[str, Sequence[int]]) -> Goods:
    unit = taxonomy().default_unit(code)
    least, greatest = amounts[unit]
    return Goods(code, zh, en, unit, least, greatest)


def _phrases(raw: Mapping[str, Any]) -> Phrases:
    kinds = ("need", "sell", "offer")
    return Phrases(
        when=raw["when"],
        titles={kind: raw[f"title_{kind}"] for kind in kinds},
        firsts={kind: raw[f"first_{kind}"] for kind in kinds},
        more=raw["more"],
        terms=raw["terms"],
    )


def zipf_weights(count: int) -> list[float]:
    """Cumulated shares, the last one 1, of ``count`` things by falling frequency."""
    total, sums = 0.0, []
    for place in range(1, count + 1):
        total += place**-ZIPF
        sums.append(total)
    return [one / total for one in sums]
