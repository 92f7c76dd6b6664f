"""What everybody knows: ordinary Chinese and English words, whether or not a document has them.

A word of these lists is right as it stands, even where nobody on the site uses it.
"""

import re
from functools import cache
from pathlib import Path
from typing import Protocol

from exchange.search.analysis import read_words
from exchange.search.segmenter import Segmenter

DATA = Path(__file__).parent / "data"
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "ies", "ied", "ings", "y")
_DOUBLING = frozenset(("ed", "ing", "er", "ers", "ings", "y"))
SHORTEST_BASE = 3
_DOUBLES = re.compile(r"[^aeiou]+[aeiou][bdgmnprt]")  # ship: shipping, so that shiping is not its


class Background(Protocol):
    """General knowledge of words."""

    def frequency(self, word: str) -> int:
        """How usual a Chinese word or character is; 0 if it is no word."""

    def is_english(self, word: str) -> bool:
        """Whether this is an ordinary English word, in small letters."""


@cache
def _english() -> frozenset[str]:
    return frozenset(read_words(DATA / "english.txt"))


@cache
def _general() -> Segmenter:
    return Segmenter()


class OrdinaryWords:
    """The dictionary of a segmenter for Chinese, a list of our own for English."""

    def __init__(self, segmenter: Segmenter | None = None) -> None:
        self._segmenter = segmenter or _general()

    def frequency(self, word: str) -> int:
        """How usual a Chinese word or character is; 0 if it is no word."""
        return self._segmenter.frequency(word)

    def is_english(self, word: str) -> bool:
        """Whether this is an ordinary English word or a form of one."""
        known = _english()
        if word in known:
            return True
        return any(
            not known.isdisjoint(_bases(word, ending))
            for ending in _ENDINGS
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_BASE
        )


def _bases(word: str, ending: str) -> set[str]:
    """What may have taken this ending; short stems count only with the e that they lost."""
    stem = word[: -len(ending)]
    bases = {f"{stem}e"}
    bare = len(stem) > SHORTEST_BASE and not (ending in _DOUBLING and _DOUBLES.fullmatch(stem))
    if bare or ending == "s":
        bases.add(stem)
    if ending in {"ies", "ied"}:
        bases.add(f"{stem}y")
    doubled = stem[-1] == stem[-2] and (stem[-1] == "l" or _DOUBLES.fullmatch(stem[:-1]))
    if len(stem) > SHORTEST_BASE and doubled:
        bases.add(stem[:-1])
    return bases


@cache
def lookalikes() -> dict[str, str]:
    """For each character, those that an eye or a handwriting keyboard takes for it."""
    alike: dict[str, str] = {}
    for group in read_words(DATA / "lookalikes.tsv"):
        for character in group:
            others = (one for one in group if one != character)
            alike[character] = "".join(dict.fromkeys(alike.get(character, "") + "".join(others)))
    return alike
