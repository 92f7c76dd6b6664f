"""The name of the person for whom something is filed, found in words and taken out of them.

Whoever types may put blanks or dots between its characters, so these do not count.
"""

import re

from exchange.listings.rules import language_of
from exchange.search.reading.spans import Span, fold, without_overlaps

LEAST_HAN, LEAST_LETTERS = 2, 3
SOMEBODY, IN_ENGLISH = "村民", "a villager"
HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
REMARKS = re.compile(r"\(.{0,80}?\)|\[.{0,80}?\]")  # “王秀英（孤寡老人）” is called 王秀英
BETWEEN = r"[\s·•・.]{0,4}"
BLANKS = re.compile(r"[\s·•・.]+")
SEVERAL = re.compile(r"[,，、/;；&]")


def holds_name(text: str, name: str) -> bool:
    """Whether the words name the person. A single character or two letters are no name."""
    return bool(_found(text, name))


def without_name(text: str, name: str) -> str:
    """The words with “a villager” instead of the name, in the language of the words."""
    found = _found(text, name)
    if not found:
        return text
    somebody = IN_ENGLISH if language_of(text) == "en" else SOMEBODY
    for span in reversed(found):
        before, after = text[: span.start], text[span.end :]
        text = f"{before.removesuffix(somebody)}{somebody}{after}"
    return text


def _found(text: str, name: str) -> list[Span]:
    words = fold(text)
    return without_overlaps(
        Span(*match.span(), "name")
        for pattern in _patterns(name)
        for match in pattern.finditer(words)
    )


def _patterns(name: str) -> list[re.Pattern[str]]:
    typed = REMARKS.sub("", fold(name))
    whole = [BLANKS.sub("", one) for one in SEVERAL.split(typed)]
    return [_pattern(one) for one in dict.fromkeys(whole) if _is_name(one)]


def _is_name(name: str) -> bool:
    letters = sum(char.isalpha() for char in name)
    return len(HAN.findall(name)) >= LEAST_HAN or letters >= LEAST_LETTERS


def _pattern(name: str) -> re.Pattern[str]:
    """A name in letters stands as a word of its own: Ann is not in planning."""
    inner = BETWEEN.join(re.escape(char) for char in name)
    begin = "" if HAN.match(name[0]) else r"(?<![^\W\d_㐀-鿿])"
    end = "" if HAN.match(name[-1]) else r"(?![^\W\d_㐀-鿿])"
    return re.compile(f"{begin}{inner}{end}")
