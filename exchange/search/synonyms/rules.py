"""What a group of synonyms may be, decided from its words."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from exchange.search.synonyms.groups import WordGroup, plain

FEWEST_WORDS, MOST_WORDS = 2, 12
LONGEST_WORD = 30
MOST_TYPED = 600  # characters of one group as typed
MOST_OWN_GROUPS = 2_000

_HAN = "[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_BETWEEN = re.compile(rf"[、，,;；|｜/\r\n\t]+|(?<={_HAN})\s+|\s+(?={_HAN})")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a group is refused: the code of a sentence and its values."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


def split_words(text: str) -> tuple[str, ...]:
    """The words that somebody typed in a row.

    Commas, the Chinese enumeration comma, semicolons, bars, slashes and new lines part them; a
    blank does beside a Chinese character, not within an English phrase.
    """
    parts = (
        "".join(char if char.isprintable() else " " for char in part)
        for part in _BETWEEN.split(text)
    )
    return tuple(word for part in parts if (word := " ".join(part.split())))


def problem_of(group: WordGroup, normalize: Callable[[str], str]) -> Problem | None:
    """Why the group is refused, or None."""
    if not FEWEST_WORDS <= len(group.words) <= MOST_WORDS:
        return Problem("synonym_count", {"least": FEWEST_WORDS, "most": MOST_WORDS})
    seen: set[str] = set()
    for word in group.words:
        if len(word) > LONGEST_WORD:
            return Problem("synonym_long", {"word": word[:LONGEST_WORD], "most": LONGEST_WORD})
        known = plain(word, normalize)
        if not any(char.isalnum() for char in known):
            return Problem("synonym_no_word", {"word": word})
        if known in seen:
            return Problem("synonym_twice", {"word": word})
        seen.add(known)
    return None


def meaning(group: WordGroup, normalize: Callable[[str], str]) -> tuple[str, frozenset[str]]:
    """What a group says, whatever the order of its words: (asked, found); asked is empty when
    all words mean the same.
    """
    words = [plain(word, normalize) for word in group.words]
    return (words[0], frozenset(words[1:])) if group.one_way else ("", frozenset(words))


def key_of(group: WordGroup, normalize: Callable[[str], str]) -> str:
    """What identifies a shipped group through all its editions: its first word and direction."""
    return f"{plain(group.words[0], normalize)}{'=>' if group.one_way else ''}"
