"""Which parts of a question may be read anew: runs of Chinese, and letters with gaps between."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

from exchange.search.analysis import HAN

MOST_TOUCHING = 6
_UNTOUCHED = re.compile(
    r"\"[^\"]{1,100}\"|“[^“”]{1,100}”|「[^「」]{1,100}」|『[^『』]{1,100}』|《[^《》]{1,100}》"
    r"|(?:(?<=\s)|^)-[^\s\-\"]{1,50}"  # what the question excludes
    r"|[^\s@]{1,60}@[^\s@]{1,60}|(?:https?://|www\.)\S{1,200}"
    r"|[a-z_]{0,30}\d[a-z\d_.,\-]{0,60}"  # numbers, and codes with a digit
    r"|[零〇一二两三四五六七八九十百千万亿]{2,}"
)
_HAN_RUN = re.compile(rf"[{HAN}]+")
_LETTERS = re.compile(r"[a-zü]+(?:(?:[ \t\-'’·]{1,3})[a-zü]+)*")
_TOKEN = re.compile(r"[a-zü]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of small letters, from start to before end of the text."""

    start: int
    end: int
    letters: str


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=8192)
def _fold(character: str) -> str:
    """One character for one: half width, small, simplified, accents of tones away."""
    if "\ud800" <= character <= "\udfff" or character == "\0":
        return " "
    wide = unicodedata.normalize("NFKC", character).lower()
    bare = "ü" if wide in "üǖǘǚǜ" else unicodedata.normalize("NFD", wide)[:1]
    if bare.isascii() and bare.isalpha() and len(wide) == 1:
        return bare
    simple = _simplifier().convert(wide)
    return simple if len(simple) == 1 else character


def folded(text: str) -> str:
    """The text with every character folded, as long as before."""
    return "".join(map(_fold, text))


def free_spans(text: str, protected: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a folded text that are neither quoted, numbers, addresses nor protected."""
    closed = [match.span() for match in _UNTOUCHED.finditer(text)]
    closed += [(max(start, 0), min(end, len(text))) for start, end in protected if start < end]
    at = 0
    for start, end in sorted(closed):
        if at < start:
            yield at, start
        at = max(at, end)
    if at < len(text):
        yield at, len(text)


def han_runs(text: str, span: tuple[int, int]) -> Iterator[tuple[int, str]]:
    """Every run of Chinese characters within the span, with its start."""
    for match in _HAN_RUN.finditer(text, *span):
        yield match.start(), match.group()


def han_before(text: str, at: int) -> str:
    """The last few Chinese characters that end at this place."""
    start = at
    while start > max(0, at - MOST_TOUCHING) and _HAN_RUN.match(text[start - 1]):
        start -= 1
    return text[start:at]


def han_after(text: str, at: int) -> str:
    """The first few Chinese characters that begin at this place."""
    match = _HAN_RUN.match(text[at : at + MOST_TOUCHING])
    return match.group() if match else ""


def letter_areas(text: str, span: tuple[int, int]) -> Iterator[list[Token]]:
    """Tokens of letters within the span, those together that only gaps part."""
    for area in _LETTERS.finditer(text, *span):
        yield [
            Token(match.start(), match.end(), match.group().replace("ü", "v"))
            for match in _TOKEN.finditer(text, *area.span())
        ]
