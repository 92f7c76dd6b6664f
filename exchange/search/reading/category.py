"""Proposing categories from a text: words of the taxonomy, everyday words, and meaning.

The taxonomy comes in as plain rows, so that this room knows nothing of the one that keeps it.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from exchange.search.encoder import Encoder, Vectors
from exchange.search.reading.direction import Direction, read_direction
from exchange.search.reading.spans import fold

_KEYWORDS_FILE = Path(__file__).parent / "data" / "keywords.tsv"
TITLE_WEIGHT = 1.6
OWN_NAME_WEIGHT = 1.3
MEANING_WEIGHT = 2.0
SELL_WEIGHT = 3.0
BUY_WEIGHT = 1.5
MOST_WORDS = 3.5
SELLING = "market.purchase"
_LATIN = re.compile(r"[a-z0-9\-&' ]+")


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category as the taxonomy knows it: code, names and alternative words, parent's code."""

    code: str
    words: tuple[str, ...]
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A category with a share of the belief; all shares of one answer sum to at most 1."""

    code: str
    score: float


@cache
def everyday_words() -> dict[str, tuple[str, ...]]:
    """The keyword file: words by category code."""
    table: dict[str, tuple[str, ...]] = {}
    for line in _KEYWORDS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, words = line.split("\t")
            table[code] = tuple(word.replace("_", " ") for word in words.split())
    return table


class CategoryReader:
    """Proposes leaf categories. Made once for a taxonomy; may be shared by threads."""

    def __init__(self, taxonomy: Sequence[CategoryRow], encoder: Encoder | None = None) -> None:
        parents = {row.parent for row in taxonomy}
        leaves = [row for row in taxonomy if row.code not in parents]
        self._codes = tuple(row.code for row in leaves)
        self._weights = _word_weights(leaves)
        self._latin = {word: _latin_pattern(word) for word in self._weights if _is_latin(word)}
        self._encoder = encoder
        self._prototypes, self._owners = _prototypes(leaves, encoder)

    def propose(self, title: str, text: str = "", limit: int = 3) -> list[Proposal]:
        """The likeliest categories, best first, ties by code; empty when nothing speaks for any."""
        beliefs = dict.fromkeys(self._codes, 0.0)
        for word, part in self._found(title, text).items():
            for code, weight in self._weights[word].items():
                beliefs[code] += weight * part
        for code, belief in beliefs.items():
            beliefs[code] = MOST_WORDS * math.tanh(belief / MOST_WORDS)
        if SELLING in beliefs:
            beliefs[SELLING] += _trade(title, text)
        if any(beliefs.values()) or self._encoder is not None:
            self._add_meaning(title, text, beliefs)
        return _shares(beliefs, limit)

    def _found(self, title: str, text: str) -> dict[str, float]:
        """Words in the text with the weight of their place; the longest word at a place counts."""
        found: dict[str, float] = {}
        for part, weight in ((fold(title), TITLE_WEIGHT), (fold(text), 1.0)):
            for word in self._words_in(part):
                found[word] = max(found.get(word, 0.0), weight)
        return found

    def _words_in(self, text: str) -> list[str]:
        present = [
            word
            for word in self._weights
            if word in text and (word not in self._latin or self._latin[word].search(text))
        ]
        return [
            word
            for word in present
            if not any(word in other and word != other for other in present)
            or text.count(word) > sum(text.count(o) for o in present if word in o and word != o)
        ]

    def _add_meaning(self, title: str, text: str, beliefs: dict[str, float]) -> None:
        if self._encoder is None or self._prototypes is None:
            return
        asked = self._encoder.encode([f"{title}。{text}", title])
        cosines = (self._prototypes @ asked.T) @ np.array([0.65, 0.35], np.float32)
        nearest = dict.fromkeys(self._codes, -1.0)
        for code, cosine in zip(self._owners, cosines, strict=True):
            nearest[code] = max(nearest[code], float(cosine))
        values = np.array(list(nearest.values()))
        spread = float(values.std()) or 1.0
        middle = float(values.mean())
        for code, cosine in nearest.items():
            beliefs[code] += MEANING_WEIGHT * (cosine - middle) / (3 * spread)


_BUYING = re.compile(
    r"收购|求购|采购|包销|订购|(?:常年|长期|大量|上门|现款)收|(?<!回)收(?:鲜|干|果|菜|茶|牛|羊|猪)|"
    r"\b(?:we|to|will) (?:buy|purchase)|buyer of"
)


def _trade(title: str, text: str) -> float:
    """Belief in goods changing hands, from either side."""
    if read_direction(title, text) is Direction.SELL:
        return SELL_WEIGHT
    return BUY_WEIGHT if _BUYING.search(fold(f"{title}\n{text}")) else 0.0


def _word_weights(leaves: Iterable[CategoryRow]) -> dict[str, dict[str, float]]:
    """How much a word speaks for each category: longer and rarer words more."""
    holders: dict[str, dict[str, float]] = {}
    for row in leaves:
        own = [fold(word) for word in row.words if len(word) > 1]
        everyday = [fold(word) for word in everyday_words().get(row.code, ())]
        for word in dict.fromkeys((*own, *everyday)):
            length = len(word.split()) + 0.2 * len(word) / 5 if _is_latin(word) else len(word) / 2
            weight = 0.6 if len(word) == 1 else min(1.8, 0.5 + 0.5 * length)
            holders.setdefault(word, {})[row.code] = weight * (
                OWN_NAME_WEIGHT if word in own else 1.0
            )
    return {
        word: {code: weight / len(codes) ** 0.7 for code, weight in codes.items()}
        for word, codes in holders.items()
    }


def _is_latin(word: str) -> bool:
    return _LATIN.fullmatch(word) is not None


def _latin_pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}(?:s|es)?(?![a-z])")


def _prototypes(
    leaves: Sequence[CategoryRow], encoder: Encoder | None
) -> tuple[Vectors | None, tuple[str, ...]]:
    """Vectors of what each category is about, several for each, and whose they are."""
    if encoder is None:
        return None, ()
    texts: list[str] = []
    owners: list[str] = []
    for row in leaves:
        everyday = everyday_words().get(row.code, ())
        chinese = [word for word in everyday if not _is_latin(fold(word))]
        english = [word for word in everyday if _is_latin(fold(word))]
        pieces = [" ".join(row.words), *_chunks(chinese, 5), *_chunks(english, 6)]
        texts += pieces
        owners += [row.code] * len(pieces)
    return encoder.encode(texts), tuple(owners)


def _chunks(words: Sequence[str], size: int) -> list[str]:
    return [" ".join(words[at : at + size]) for at in range(0, len(words), size)]


def _shares(beliefs: dict[str, float], limit: int) -> list[Proposal]:
    if not beliefs or max(beliefs.values()) <= 0:
        return []
    top = max(beliefs.values())
    raised = {code: math.exp(belief - top) for code, belief in beliefs.items()}
    total = sum(raised.values())
    ranked = sorted(raised.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        Proposal(code, round(value / total, 4))
        for code, value in ranked[: max(0, limit)]
        if beliefs[code] > 0
    ]
