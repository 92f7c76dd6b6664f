"""What the writer of a notice wants to do: sell, buy, let, rent, find work, hands or agents.

The phrases stand in ``data/stances.tsv``, each with the kind of notices it is taken from; where the
category says it, too, the category's word counts.
"""

import re
from collections import defaultdict
from enum import StrEnum
from functools import cache
from pathlib import Path

from exchange.search.reading.spans import fold

_FILE = Path(__file__).parent / "data" / "stances.tsv"


class Stance(StrEnum):
    """What a writer wants to do."""

    SELLS = "sells"
    BUYS = "buys"
    SEEKS_WORK = "seeks_work"
    SEEKS_HANDS = "seeks_hands"
    LETS = "lets"
    RENTS = "rents"
    RECRUITS = "recruits"  # agents, franchisees: asks for the other's money or shop


# What the category says by side, and what the words would have to say against it.
_GOODS_WANTED = (Stance.BUYS, Stance.SELLS)
_BY_CATEGORY = {
    ("need", "market.purchase"): (Stance.SELLS, Stance.BUYS),
    ("offer", "market.purchase"): _GOODS_WANTED,
    ("need", "talent.jobs"): (Stance.SEEKS_WORK, Stance.SEEKS_HANDS),
    ("offer", "talent.jobs"): (Stance.SEEKS_HANDS, Stance.SEEKS_WORK),
    **{
        ("need", category): _GOODS_WANTED
        for category in (
            "materials.inputs", "materials.living", "materials.school", "materials.medical",
            "materials.electronics", "materials.building", "equipment.machinery",
            "equipment.processing", "equipment.vehicle",
        )
    },
}  # fmt: skip


@cache
def _signs() -> tuple[tuple[Stance, re.Pattern[str]], ...]:
    phrases: dict[str, list[str]] = defaultdict(list)
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            stance, phrase, _source = line.split("\t")
            phrases[stance].append(phrase)
    return tuple((Stance(name), re.compile("|".join(some))) for name, some in phrases.items())


def read_stances(side: str, category: str, title: str, text: str) -> frozenset[Stance]:
    """What the words say, and what the category says where the words do not contradict it.

    A seller's wish for buyers is no purchase, a worker's wish for piecework no vacancy.
    """
    words = fold(f"{title}\n{text}")
    found = {stance for stance, signs in _signs() if signs.search(words)}
    meant, opposite = _BY_CATEGORY.get((side, category), (None, None))
    if meant is not None and (meant in found or opposite not in found):
        found.add(meant)
        found.discard(opposite)
    if {Stance.BUYS, Stance.SELLS} <= found:
        found.discard(Stance.BUYS if side == "need" else Stance.SELLS)
    return frozenset(found)
