"""Likeness of words, without a corpus: weights come from a shipped table of document frequencies.

The score of a pair therefore depends on the two listings alone and not on what else is posted,
so that a pair has one score whenever and in whichever order it is computed.
"""

import gzip
import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exchange.matching.values import Reading

TITLE_TIMES = 2.0  # a word in the title counts as often as this many in the text
NAMES = 40
SHARED_SHOWN = 3
# Words that two texts may share without having anything in common.
SAY_NOTHING = frozenset({"左右", "齐全", "以上", "以下", "大约", "可以", "需要", "提供", "希望"})
FREQUENCIES = Path(__file__).parent / "data" / "frequencies.json.gz"


@dataclass(frozen=True)
class Frequencies:
    """In how many of ``documents`` general texts each term stands; unknown terms stand in none."""

    documents: int
    counts: Mapping[str, int]

    def idf(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)), as in Lucene's BM25; divided by that of n = 0."""
        return self._raw(self.counts.get(term, 0)) / self._raw(0)

    def _raw(self, count: int) -> float:
        return math.log1p((self.documents - count + 0.5) / (count + 0.5))


@cache
def shipped_frequencies() -> Frequencies:
    """The table that comes with the package; ``scripts/fit_matching.py`` makes it."""
    with gzip.open(FREQUENCIES, "rt", encoding="utf-8") as file:
        kept = json.load(file)
    return Frequencies(kept["documents"], kept["counts"])


def weigh_terms(
    title: list[str], text: list[str], frequencies: Frequencies
) -> tuple[dict[str, float], float]:
    """The weight of each term, (1 + ln(count)) × idf², and the length of that vector."""
    counts: Counter[str] = Counter(text)
    for term in title:
        counts[term] += TITLE_TIMES  # type: ignore[assignment]  # a count in halves is meant
    terms = {
        term: (1 + math.log(max(1.0, count))) * frequencies.idf(term) ** 2
        for term, count in counts.items()
    }
    return terms, math.sqrt(sum(weight * weight for weight in terms.values()))


def shared_names(first: Reading, second: Reading) -> tuple[str, ...]:
    """The most telling words that both texts use, at most three."""
    others = set(second.names) - SAY_NOTHING
    return tuple(name for name in first.names if name in others)[:SHARED_SHOWN]
