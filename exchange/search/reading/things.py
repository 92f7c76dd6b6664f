"""Things, people and works that a text names, by one name whatever the word, dialect or language.

The names are the groups of words that mean the same, as the search ships them
(``search/data/synonyms.txt``), so that 抽水机 and water pump are one thing and 微耕机 is another.
"""

import re
from functools import cache

from exchange.search.reading.spans import fold
from exchange.search.shipped_synonyms import shipped_groups

# What needs of every kind speak of, with the words of which it is one.
GENERAL = frozenset(
    {
        "收购", "出售", "滞销", "销路", "收购商", "批发", "零售", "免费", "便宜", "培训",
        "技能培训", "村里", "家里", "农民", "合作", "申请", "坏了", "修理", "闲置",
        "运输", "物流", "干活",
    }
)  # fmt: skip
LEAST = 2  # a word of one character stands within others
_LETTER = re.compile("[a-z]")
_ALONE = re.compile("(?:e?s)?(?![a-z])")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for group in shipped_groups().values():
        words = [fold(word) for word in group.words]
        if group.one_way or GENERAL & set(words):
            continue
        for word in words:
            if len(word) >= LEAST:
                names.setdefault(word, words[0])
    return names


@cache
def _by_start() -> dict[str, tuple[str, ...]]:
    """Words by their first two characters, the longest first."""
    found: dict[str, list[str]] = {}
    for word in sorted(_names(), key=lambda name: (-len(name), name)):
        found.setdefault(word[:LEAST], []).append(word)
    return {start: tuple(words) for start, words in found.items()}


def read_things(text: str) -> frozenset[str]:
    """The first word of each group of which a word stands in the text; the longest counts."""
    clean, names, starts = fold(text), _names(), _by_start()
    found: set[str] = set()
    at = 0
    while at < len(clean) - 1:
        words = starts.get(clean[at : at + LEAST], ())
        word = next((one for one in words if _stands_at(one, clean, at)), "")
        if word:
            found.add(names[word])
        at += len(word) or 1
    return frozenset(found)


def _stands_at(word: str, text: str, at: int) -> bool:
    """Whether it stands there; a word of letters by itself, if need be in the plural."""
    if not text.startswith(word, at):
        return False
    if not word.isascii():
        return True
    begins = at == 0 or not _LETTER.match(text[at - 1])
    return begins and _ALONE.match(text, at + len(word)) is not None
