"""A form of a text in which contact and payment data cannot hide, and the way back to the text.

Characters nobody sees are dropped, digits of every script and shape become 0 to 9, letters that
look like Latin ones become those, pictures become one dot, and a run of blanks becomes one blank.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from exchange.search.reading.spans import Span

PICTURE = "•"
# Cyrillic and Greek letters, in lower case, that a reader takes for Latin ones.
_LOOK_ALIKES = dict(
    zip(
        "авекмнорстухіјѕԁһӏԛԝґοαβεηικμνρτυχωγ",
        "abekmhopctyxijsdhlqwgoabenikmvptuxwy",
        strict=True,
    )
) | {"ı": "i", "ɡ": "g", "ø": "o", "ł": "l"}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})
_SIGNS = frozenset({"So", "Sk"})
_FILLERS = frozenset("\u115f\u1160\u2800")  # letters and signs that show nothing


@dataclass(frozen=True, slots=True)
class Projection:
    """``text`` to match in; ``places`` says for each of its characters where it comes from."""

    text: str
    places: tuple[int, ...]
    length: int

    def span(self, start: int, end: int, kind: str) -> Span:
        """The finding at its place in the text as it was written."""
        until = self.places[end] if end < len(self.places) else self.length
        return Span(self.places[start], max(until, self.places[end - 1] + 1), kind)


def project(text: str) -> Projection:
    """The form of the text to look in, with the way back."""
    pieces: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        for piece in _plain(char):
            if pieces and piece == pieces[-1] and piece in {" ", "\n", PICTURE}:
                continue
            pieces.append(piece)
            places.append(at)
    return Projection("".join(pieces), tuple(places), len(text))


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """What a character stands for: nothing, one character, or a few."""
    if char.isascii() and char > " ":
        return char.lower()
    number = _number(char)
    if number is not None:
        return number
    return "".join(_pieces(char))


def _number(char: str) -> str | None:
    """The value of a single digit of any script, and of numbers in rings and brackets."""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    value = unicodedata.numeric(char, None) if unicodedata.category(char) == "No" else None
    return str(int(value)) if value is not None and value == int(value) else None


def _pieces(char: str) -> Iterator[str]:
    for one in unicodedata.normalize("NFKD", char).lower():
        kind = unicodedata.category(one)
        if one.isspace():
            yield "\n" if one in "\n\r\u2028\u2029" else " "
        elif one in _FILLERS:
            yield " "
        elif kind not in _UNSEEN:
            sign = kind in _SIGNS and not one.isascii()
            yield PICTURE if sign else _LOOK_ALIKES.get(one, one)
