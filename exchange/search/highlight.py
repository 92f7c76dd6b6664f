"""Marking the words of a question in a shown text, and choosing the piece worth showing."""

from exchange.search.analysis import Analyzer
from exchange.search.port import Segment
from exchange.search.questions import STOP_WEIGHT, Question

SNIPPET_LENGTH = 100
MARKED_WEIGHT = 0.5  # terms that tell less are not marked
LEAD = 12  # characters shown before the first mark
MAX_SCANNED = 5_000
ELLIPSIS = "…"


class Highlighter:
    """Marks one question's words; made once for a page of hits."""

    def __init__(self, analyzer: Analyzer, question: Question) -> None:
        self._analyzer = analyzer
        self._weights = {t: w for t, w in question.weights.items() if w >= MARKED_WEIGHT}
        for group in question.groups:
            for terms in group.alternatives if group.required else ():
                self._weights.update((t, STOP_WEIGHT) for t in terms if t not in self._weights)

    def whole(self, text: str) -> tuple[Segment, ...]:
        """The text in pieces, every match marked."""
        return _pieces(text, self._marks(text))

    def snippet(self, text: str) -> tuple[Segment, ...]:
        """About SNIPPET_LENGTH characters around the best matches, or the beginning."""
        shown = " ".join(text[:MAX_SCANNED].split())
        if len(shown) <= SNIPPET_LENGTH:
            return _pieces(shown, self._marks(shown))
        marks = self._marks(shown)
        start = _best_start(marks)
        end = min(len(shown), start + SNIPPET_LENGTH)
        pieces = _pieces(shown[start:end], marks[start:end])
        before = (Segment(ELLIPSIS),) if start else ()
        after = (Segment(ELLIPSIS),) if end < len(shown) else ()
        return (*before, *pieces, *after)

    def _marks(self, text: str) -> list[float]:
        """For each character the weight of the best term that covers it."""
        marks = [0.0] * len(text)
        if not self._weights:
            return marks
        for term in self._analyzer.locate(text, self._weights):
            weight = self._weights[term.name]
            for at in range(term.start, term.end):
                marks[at] = max(marks[at], weight)
        return marks


def _pieces(text: str, marks: list[float]) -> tuple[Segment, ...]:
    if not any(marks):
        return (Segment(text),) if text else ()
    pieces: list[Segment] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or (marks[at] > 0) != (marks[start] > 0):
            pieces.append(Segment(text[start:at], marks[start] > 0))
            start = at
    return tuple(pieces)


def _best_start(marks: list[float]) -> int:
    """Where the window with the greatest sum of marks begins, with some words before it."""
    last = len(marks) - SNIPPET_LENGTH
    current = best = sum(marks[:SNIPPET_LENGTH])
    found = 0
    for start in range(1, last + 1):
        current += marks[start + SNIPPET_LENGTH - 1] - marks[start - 1]
        if current > best + 1e-9:
            best, found = current, start
    if not found:
        return 0
    first = next((at for at in range(found, len(marks)) if marks[at] > 0), found)
    return max(0, min(last, first - LEAD))
