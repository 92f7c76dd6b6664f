"""Concepts as numbers, and how near each is to all others at once.

``subjects.nearness_of`` says it of two concepts; a row of this table is the same for one concept
with every other (a test compares them). Rows are made when they are first asked for.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from exchange.search.reading.concepts import Dictionary, Sort, dictionary
from exchange.search.reading.subjects import RELATED, SIBLINGS, STEP, is_object

NO_CONCEPT = 0
Row = NDArray[np.float32]


class ConceptTable:
    """All concepts of a dictionary, numbered from 1; nought is no concept and near to none.

    Every row is of shape (concepts + 1,).
    """

    def __init__(self, known: Dictionary) -> None:
        self._known = known
        self._ids = list(known.concepts)
        self._numbers = {key: number for number, key in enumerate(self._ids, 1)}
        self._rows: dict[int, Row] = {}
        self._below: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._answered_by: dict[str, list[str]] = defaultdict(list)
        for key, number in self._numbers.items():
            for wider, steps in known.wider(key).items():
                self._below[wider].append((number, steps))
            for other in known.concepts[key].related:
                self._answered_by[other].append(key)
        self.objects: NDArray[np.bool_] = np.zeros(len(self) + 1, np.bool_)
        self.objects[[n for key, n in self._numbers.items() if is_object(known, key)]] = True
        self.living: NDArray[np.bool_] = np.zeros(len(self) + 1, np.bool_)
        sorts = ((n, known.concepts[key].sort) for key, n in self._numbers.items())
        self.living[[number for number, sort in sorts if sort is Sort.LIVING]] = True

    def __len__(self) -> int:
        return len(self._ids)

    def number(self, key: str) -> int:
        """Its number; nought for an unknown one."""
        return self._numbers.get(key, NO_CONCEPT)

    def nearest(self, numbers: Iterable[int]) -> Row:
        """For every concept how near the nearest of these comes to it, 0 to 1."""
        found = np.zeros(len(self) + 1, np.float32)
        for number in numbers:
            np.maximum(found, self.nearness(number), out=found)
        return found

    def nearness(self, number: int) -> Row:
        """How near one is to every other, 0 to 1; not to be changed by the caller."""
        found = self._rows.get(number)
        if found is None:
            found = self._rows[number] = self._row(number)
        return found

    def contained(self, numbers: Iterable[int]) -> NDArray[np.bool_]:
        """For every concept whether it is one of these or contained in one."""
        found = np.zeros(len(self) + 1, np.bool_)
        for number in numbers:
            if number != NO_CONCEPT:
                found[[below for below, _ in self._below[self._ids[number - 1]]]] = True
        return found

    def containing(self, numbers: Iterable[int]) -> NDArray[np.bool_]:
        """For every concept whether it is one of these or contains one."""
        found = np.zeros(len(self) + 1, np.bool_)
        for number in numbers:
            if number != NO_CONCEPT:
                wider = self._known.wider(self._ids[number - 1])
                found[[self._numbers[key] for key in wider]] = True
        return found

    def _row(self, number: int) -> Row:
        found = np.zeros(len(self) + 1, np.float32)
        if number == NO_CONCEPT:
            return found
        key = self._ids[number - 1]
        above = self._known.wider(key)
        for wider, steps in above.items():
            for other, more in self._below[wider]:
                found[other] = max(found[other], SIBLINGS * STEP ** (steps + more - 2))
        found[self._answering(key)] = np.maximum(found[self._answering(key)], RELATED)
        # Above and below each other counts before all else, whether it is more or less.
        for other, steps in self._below[key]:
            found[other] = STEP**steps
        for wider, steps in above.items():
            found[self._numbers[wider]] = STEP**steps
        return found

    def _answering(self, key: str) -> list[int]:
        """Those that answer this one or are answered by it, at most one step up on one side."""
        above = self._known.wider(key)
        found = set[int]()
        for wider, steps in above.items():
            if steps <= 1:
                for other in self._known.concepts[wider].related:
                    found.update(number for number, _ in self._below.get(other, ()))
            for asking in self._answered_by.get(wider, ()):
                found.update(number for number, more in self._below[asking] if more <= 1)
        return sorted(found)


@cache
def concept_table() -> ConceptTable:
    """That of the dictionary that comes with the package."""
    return ConceptTable(dictionary())
