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
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=lambda name: (-len(name), name))
    spelled = (
        rf"(?<![a-z]){re.escape(name)}(?=(?:s|es)?(?![a-z]))" if name.isascii() else re.escape(name)
        for name in longest_first
    )
    return re.compile("|".join(spelled))


def read_things(text: str) -> frozenset[str]:
    """The first word of each group of which a word stands in the text; the longest counts."""
    return frozenset(_names()[match.group()] for match in _pattern().finditer(fold(text)))
