"""Goods named in a text: crops, animals, crafts; by one name whatever the language."""

import re
from functools import cache
from pathlib import Path

from exchange.search.reading.spans import fold

_GOODS_FILE = Path(__file__).parent / "data" / "goods.tsv"


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for line in _GOODS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, others = line.split("\t")
            names |= dict.fromkeys((name, *others.split("|")), name)
    return names


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=lambda name: (-len(name), name))
    spelled = (
        rf"(?<![a-z]){re.escape(name)}(?=(?:s|es)?(?![a-z]))" if name.isascii() else re.escape(name)
        for name in longest_first
    )
    return re.compile("|".join(spelled))


def english_name(name: str) -> str:
    """The English name of a sort of goods as ``read_goods`` calls it; its own name without one."""
    spelled = (other for other, own in _names().items() if own == name and other.isascii())
    return next(spelled, name)


def goods_names() -> tuple[str, ...]:
    """Every name of every sort of goods, Chinese and English."""
    return tuple(_names())


def read_goods(text: str) -> frozenset[str]:
    """Every sort of goods in the text; the longest name at a place counts (柿饼 is 柿子)."""
    return frozenset(_names()[match.group()] for match in _pattern().finditer(fold(text)))
