"""Findings in a text, at their place in it as it stands; and a form of the text easy to match."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MASK = "＊＊＊"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start to end (exclusive) of the text hold something of this kind."""

    start: int
    end: int
    kind: str


def fold(text: str) -> str:
    """Half width and lower case, character by character, so that places stay the same."""
    return "".join(_fold_character(char) for char in text)


def _fold_character(char: str) -> str:
    clean = unicodedata.normalize("NFKC", char).lower()
    return clean if len(clean) == 1 else char


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Spans in order; of two that overlap the earlier stays, and then the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with every span replaced by MASK."""
    pieces: list[str] = []
    at = 0
    for span in without_overlaps(spans):
        pieces += [text[at : span.start], MASK]
        at = span.end
    return "".join((*pieces, text[at:]))
