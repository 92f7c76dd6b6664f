"""Categories by what somebody types: names in both languages, other words, pinyin, initials."""

import re
from dataclasses import dataclass
from functools import cache

from exchange.geography.place_names import fold, is_han
from exchange.kernel.readings import read_running
from exchange.taxonomy.categories import Category, taxonomy

EXACT, BEGINS, WORD_BEGINS, OTHER_WORD, CONTAINS = 1.0, 0.85, 0.75, 0.05, 0.45
PINYIN, INITIALS = 0.7, 0.65
LEAST_LATIN = 2  # letters before Latin letters mean anything
LEAST_INSIDE = 2  # signs that are looked for within a word


@dataclass(frozen=True, slots=True)
class FoundCategory:
    """A category, the word of it that fits, and how well, 0 to 1."""

    category: Category
    word: str
    score: float


@dataclass(frozen=True, slots=True)
class _Word:
    category: Category
    word: str
    folded: str
    pinyin: str
    initials: str
    is_name: bool


def find_categories(text: str, limit: int) -> list[FoundCategory]:
    """The categories that a beginning of a word may mean, best first, each once."""
    asked = re.sub(r"[\s'’]+", "", fold(text))
    spaced = " ".join(fold(text).split())
    if not asked or (asked.isascii() and len(asked) < LEAST_LATIN):
        return []
    best: dict[str, FoundCategory] = {}
    for word in _words():
        score = _score(word, asked, spaced)
        known = best.get(word.category.code)
        if score and (known is None or score > known.score):
            best[word.category.code] = FoundCategory(word.category, word.word, score)
    # Of equals the whole group stands before its parts, and the order of the table decides.
    return sorted(best.values(), key=lambda one: -one.score)[:limit]


def _score(word: _Word, asked: str, spaced: str) -> float:
    score = _spelled(word, spaced) if word.folded.isascii() else _written(word, asked)
    return score - OTHER_WORD if score and not word.is_name else score


def _written(word: _Word, asked: str) -> float:
    if word.folded == asked:
        return EXACT
    if word.folded.startswith(asked):
        return BEGINS
    if len(asked) >= LEAST_INSIDE and asked in word.folded:
        return CONTAINS
    if word.pinyin.startswith(asked):
        return PINYIN
    return INITIALS if word.initials.startswith(asked) else 0.0


def _spelled(word: _Word, asked: str) -> float:
    if word.folded == asked:
        return EXACT
    if word.folded.startswith(asked):
        return BEGINS
    return WORD_BEGINS if f" {asked}" in word.folded else 0.0


@cache
def _words() -> tuple[_Word, ...]:
    return tuple(
        _word(category, word, is_name=word in (category.zh, category.en))
        for category in taxonomy().categories.values()
        for word in (category.zh, category.en, *category.alternatives)
    )


def _word(category: Category, word: str, *, is_name: bool) -> _Word:
    han = "".join(sign for sign in word if is_han(sign))
    syllables = read_running(han)
    return _Word(
        category=category,
        word=word,
        folded=fold(word),
        pinyin="".join(syllables),
        initials="".join(one[0] for one in syllables),
        is_name=is_name,
    )
