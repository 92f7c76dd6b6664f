"""Figures that an author has put into the words, proposed so that one tap shows them.

新栽果苗 1200 株 is the figure 新栽果苗, 1200 株. What it counts stands in the same clause: before
the number as a rule, else behind it.
"""

import re

from exchange.projects.news.rules import LONGEST_LABEL, MOST_FIGURES, Figure, figure_allowed
from exchange.search.reading.quantity import Quantity, read_quantity

_CLAUSE = re.compile(r"[，。、；：！？,;:!?\n()（）|]|\.(?=\s|$)")
_AROUND = re.compile(r"^[\s\"“”‘’·-]+|[\s\"“”‘’·-]+$")
_BEFORE = re.compile(
    r"(?:了|已经?|一?共计?|总共|大?约|达到?|近|有|是|为|about|some|over|of|is|are)$"
)
_FIRST = re.compile(r"^(?:的|又|还|并|其中|and\b|with\b|of\b)\s*")
_OPENING = re.compile(
    r"^(?:今天|昨天|前天|今年|本周|这周|本月|这个月|目前|现在|截至目前|到现在|我们|村里|一共|共|"
    r"today|yesterday|so far|we|and|with)(?![a-z])\s*",
    re.IGNORECASE,
)
# What stands before a number and says nothing of what is counted.
_EMPTY = frozenset(
    ("给", "为", "在", "从", "向", "对", "把", "被", "和", "与", "to", "for", "in", "from", "the")
)
LONGEST_REST = 8  # of what follows a number and still belongs to it: 修了 3 公里 *路*


def read_figures(text: str) -> list[Figure]:
    """The figures of a text, in their order, at most five; of the same twice the first."""
    found: list[Figure] = []
    amounts = _amounts(text)
    for number, amount in enumerate(amounts):
        before = amounts[number - 1].end if number else 0
        after = amounts[number + 1].start if number + 1 < len(amounts) else len(text)
        figure = Figure(_label(text, amount, before, after), amount.milli, amount.unit)
        if figure_allowed(figure) and figure not in found:
            found.append(figure)
    return found[:MOST_FIGURES]


def _amounts(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    start = 0
    while len(found) <= MOST_FIGURES * 2:
        one = read_quantity(text[start:])
        if one is None:
            break
        found.append(Quantity(one.milli, one.unit, start + one.start, start + one.end))
        start += one.end
    return found


def _label(text: str, amount: Quantity, earliest: int, latest: int) -> str:
    clauses = [_head(part) for part in _CLAUSE.split(text[earliest : amount.start])]
    said = [part for part in clauses if part and part not in _EMPTY]
    head = clauses[-1] if clauses[-1] not in _EMPTY else ""
    rest = _clean(_CLAUSE.split(text[amount.end : latest], maxsplit=1)[0])
    whole = latest == len(text) or _CLAUSE.search(text, amount.end, latest) is not None
    rest = _FIRST.sub("", rest) if whole else ""
    if rest and len(rest) <= LONGEST_REST and not rest.isascii():
        return f"{head}{rest}"[-LONGEST_LABEL:]
    earlier = said[-1] if said and not said[-1].isascii() else ""
    words = head or rest or earlier
    return _clean(words[-LONGEST_LABEL:])


def _head(words: str) -> str:
    """What stands before a number, without when it was and without how nearly it is so."""
    clean, shorter = _clean(words), ""
    while clean != shorter:
        shorter = clean
        clean = _clean(_BEFORE.sub("", _OPENING.sub("", clean)))
    return clean


def _clean(words: str) -> str:
    return " ".join(_AROUND.sub("", words).split())
