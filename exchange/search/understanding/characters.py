"""Chinese characters typed wrong: another character of the same sound, of like shape, or a slip.

The cheapest way through a run of characters wins: words as typed cost little, loose characters
more, and a word put in place of a piece costs its own price and a fine for the mistake assumed.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from exchange.search.analysis import is_small_word
from exchange.search.understanding.guesses import RARE, Guess, Guesser, wrong_places
from exchange.search.understanding.lexicon import LONGEST_WORD, Lexicon
from exchange.search.understanding.rewriting import Alternative, Piece

CHEAPEST_REPLACED = 1.2  # what is read for less as typed is not worth guessing at
MOST_ALTERNATIVES = 4
SPOKEN_FOR_FINE, SPOKEN_FOR_SHARE = 1.3, 0.75
SELDOM = 3  # documents; what so few have may be misspelt there
MISSPELT_COST = 2.6  # of such a word if a far better known one explains it
USUAL_COST = 1.1  # of a word that everybody uses
_COMMON, _SEEN = 3000, 300  # frequencies of single characters in the general dictionary


@dataclass(frozen=True, slots=True)
class _Edge:
    """A way from one place of a run to a later one; as typed if there are no guesses."""

    start: int
    end: int
    cost: float
    guesses: tuple[Guess, ...] = ()


class CharacterReader:
    """Finds what runs of Chinese characters may have meant."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._guesser = Guesser(lexicon)
        self._typed_cost = lru_cache(maxsize=4096)(self._cost_as_typed)

    def read(self, run: str, offset: int) -> tuple[list[Piece], bool]:
        """Pieces that may be meant otherwise, and whether some word of the run is known here."""
        typed = list(self._typed_edges(run))
        guessed = list(self._guessed_edges(run, typed)) if len(run) > 1 else []
        path = _cheapest(len(run), [*typed, *guessed])
        pieces = [_piece(run, edge, offset) for edge in path if edge.guesses]
        words = (run[edge.start : edge.end] for edge in typed if edge.end - edge.start > 1)
        return pieces, any(word in self._lexicon and not is_small_word(word) for word in words)

    def _typed_edges(self, run: str) -> Iterator[_Edge]:
        for start in range(len(run)):
            for end in range(start + 1, min(start + LONGEST_WORD, len(run)) + 1):
                cost = self._typed_cost(run[start:end])
                if cost < math.inf:
                    yield _Edge(start, end, cost)

    def _guessed_edges(self, run: str, typed: Sequence[_Edge]) -> Iterator[_Edge]:
        across = [edge for edge in typed if edge.end - edge.start > 1 and edge.cost <= USUAL_COST]
        known = {(edge.start, edge.end): edge.cost for edge in typed}
        for start in range(len(run) - 1):
            for end in range(start + 2, min(start + LONGEST_WORD + 1, len(run)) + 1):
                if known.get((start, end), math.inf) <= CHEAPEST_REPLACED:
                    continue
                guesses = self._guesser.guesses(run[start:end])
                if guesses:
                    cost = self._typed_cost(guesses[0].word) + guesses[0].fine
                    edge = _Edge(start, end, cost, guesses)
                    yield _doubted(edge) if _is_spoken_for(edge, run, across) else edge

    def _cost_as_typed(self, word: str) -> float:
        count = self._lexicon.count(word)
        if len(word) > 1 and count:
            if count <= SELDOM and self._guesser.guesses(word):
                return MISSPELT_COST
            return 1.0 - min(0.4, 0.06 * math.log2(1 + count))
        frequency = self._lexicon.frequency(word)
        if len(word) > 1:
            return _general_cost(len(word), frequency)
        if is_small_word(word):
            return 0.9
        if count or frequency >= _COMMON:
            return 1.5
        return 1.9 if frequency >= _SEEN else 2.4


def _doubted(edge: _Edge) -> _Edge:
    believed = (
        replace(one, confidence=round(one.confidence * SPOKEN_FOR_SHARE, 3)) for one in edge.guesses
    )
    return replace(edge, cost=edge.cost + SPOKEN_FOR_FINE, guesses=tuple(believed))


def _is_spoken_for(edge: _Edge, run: str, words: Sequence[_Edge]) -> bool:
    """Whether a character that the guess calls wrong belongs to a good word that reaches out.

    In 课程包 the character 程 is right, whatever 程包 sounds like.
    """
    put = edge.guesses[0].word
    if edge.end - edge.start != len(put):
        return False
    wrong = [edge.start + at for at in wrong_places(run[edge.start : edge.end], put)]
    return any(
        word.start <= at < word.end and (word.start < edge.start or edge.end < word.end)
        for word in words
        for at in wrong
    )


def _general_cost(length: int, frequency: int) -> float:
    """Of a word that only the general dictionary has; rare long ones may be misspelled there."""
    if not frequency:
        return math.inf
    if frequency >= 100:
        return 1.1
    return 1.25 if length == 2 or frequency > RARE else 1.5


def _cheapest(length: int, edges: Sequence[_Edge]) -> list[_Edge]:
    """The cheapest chain of edges from 0 to length; the first found of equals."""
    leaving: dict[int, list[_Edge]] = {}
    for edge in edges:
        leaving.setdefault(edge.start, []).append(edge)
    best: list[tuple[float, _Edge | None]] = [(math.inf, None)] * (length + 1)
    best[0] = (0.0, None)
    for at in range(length):
        for edge in leaving.get(at, ()):
            cost = best[at][0] + edge.cost
            if cost < best[edge.end][0] - 1e-9:
                best[edge.end] = (cost, edge)
    path: list[_Edge] = []
    last = best[length][1]
    while last is not None:
        path.append(last)
        last = best[last.start][1]
    return path[::-1]


def _piece(run: str, edge: _Edge, offset: int) -> Piece:
    alternatives = (
        Alternative(guess.word, guess.confidence, guess.kind)
        for guess in islice(edge.guesses, MOST_ALTERNATIVES)
    )
    typed = run[edge.start : edge.end]
    return Piece(offset + edge.start, offset + edge.end, typed, tuple(alternatives))
