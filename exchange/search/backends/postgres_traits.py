"""Sets of tokens that documents share: which of them a filter lets through, what a facet counts.

Documents refer to sets by number. Sets are only ever added to a generation, so what a thread is
about to look up stays true while another adds.
"""

from array import array
from collections.abc import Iterable, Sequence
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from exchange.search.facets import FACET_FILTERS, part_length
from exchange.search.port import DIVISION_LENGTHS, WHOLE_COUNTRY, Facet

Numbers = NDArray[np.int32]
NO_NUMBERS: Numbers = np.empty(0, np.int32)


class Values:
    """What one facet counts: pairs of a set and a value that it has."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.sets = NO_NUMBERS
        self.at = NO_NUMBERS
        self._places: dict[str, int] = {}

    def add(self, pairs: Sequence[tuple[int, str]]) -> None:
        """Further sets, with one of their values each."""
        for _, value in pairs:
            if self._places.setdefault(value, len(self.names)) == len(self.names):
                self.names.append(value)
        at = [self._places[value] for _, value in pairs]
        self.sets = np.append(self.sets, np.array([number for number, _ in pairs], np.int32))
        self.at = np.append(self.at, np.array(at, np.int32))

    def count(self, counts: NDArray[np.intp]) -> dict[str, int]:
        """How many documents have each value, from how many have each set."""
        sums = np.bincount(self.at, weights=counts[self.sets], minlength=len(self.names))
        return {name: int(n) for name, n in zip(self.names, sums, strict=True) if n}


class Parts:
    """Divisions of one size: sets that lie in one, and those that serve or lie in several."""

    def __init__(self, length: int) -> None:
        self._length = length
        self.plain = Values()
        self.several: dict[int, tuple[str, ...]] = {}

    def add(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Further sets."""
        pairs = []
        for number, tokens in rows:
            inside = self.inside(tokens)
            if len(inside) > 1 or any(token.startswith("serves:") for token in tokens):
                self.several[number] = tuple(tokens)
            elif inside:
                pairs.append((number, inside[0]))
        self.plain.add(pairs)

    def inside(self, tokens: Iterable[str]) -> list[str]:
        """The divisions of this size that a set lies in."""
        size = len("in:") + self._length
        inside = [token[3:] for token in tokens if len(token) == size and token.startswith("in:")]
        return [code for code in inside if code.isdigit()]

    def count(self, within: str, counts: NDArray[np.intp]) -> dict[str, int]:
        """How many documents a filter on each of the divisions would find."""
        found = self.plain.count(counts)
        some = [(sets, n) for number, sets in self.several.items() if (n := int(counts[number]))]
        for tokens, _ in some:
            found |= {code: 0 for code in self.inside(tokens) if code not in found}
        found = {code: n for code, n in found.items() if code.startswith(within)}
        for tokens, n in some:
            for code in served(tokens, found):
                found[code] += n
        return {code: n for code, n in found.items() if n}


class Traits:
    """The sets of one generation, as far as this process knows them."""

    def __init__(self) -> None:
        self.last = 0  # the greatest number known
        self.points: NDArray[np.float32] = np.full((1, 2), np.nan, np.float32)
        self._lock = RLock()
        self._holders: dict[str, array[int]] = {}
        self._values = {name: Values() for name in FACET_FILTERS.values()}
        self._parts = {length: Parts(length) for length in DIVISION_LENGTHS}

    def add(self, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Further sets, each with its number; those that are known already are left out."""
        with self._lock:
            fresh = [(number, tokens) for number, tokens in rows if number > self.last]
            if not fresh:
                return
            last = max(number for number, _ in fresh)
            points = np.full((last + 1, 2), np.nan, np.float32)
            points[: len(self.points)] = self.points
            sets = []
            for number, tokens in fresh:
                if tokens[:1] == ["@"]:
                    points[number] = [float.fromhex(part) for part in tokens[1:]]
                else:
                    sets.append((number, tokens))
            self.points, self.last = points, last
            self._note(sets)

    def _note(self, sets: Sequence[tuple[int, Sequence[str]]]) -> None:
        pairs: dict[str, list[tuple[int, str]]] = {name: [] for name in self._values}
        for number, tokens in sets:
            for token in tokens:
                holders = self._holders.get(token)
                if holders is None:
                    holders = self._holders[token] = array("i")
                holders.append(number)
                name, _, value = token.partition(":")
                if name in pairs:
                    pairs[name].append((number, value))
        for name, some in pairs.items():
            self._values[name].add(some)
        for parts in self._parts.values():
            parts.add(sets)

    def let_through(self, tokens: Iterable[str]) -> NDArray[np.bool_]:
        """For each number, whether the set has any of the tokens."""
        with self._lock:
            mask = np.zeros(self.last + 1, np.bool_)
            for name in tokens:
                if (holders := self._holders.get(name)) is not None:
                    mask[np.frombuffer(holders, np.int32)] = True
        return mask

    def count(self, facet: Facet, division: str, found: NDArray[np.intp]) -> dict[str, int]:
        """How many documents have each value of the facet, from how many have each set."""
        with self._lock:
            counts = np.zeros(self.last + 1, np.intp)  # sets may have come since
            counts[: len(found)] = found
            if facet is not Facet.DIVISION:
                return self._values[FACET_FILTERS[facet]].count(counts)
            length = part_length(division)
            within = "" if division == WHOLE_COUNTRY else division
            return self._parts[length].count(within, counts) if length else {}


def served(tokens: Iterable[str], codes: Iterable[str]) -> list[str]:
    """By which of the codes, all of one length, a filter would find the set."""
    places: set[str] = set()
    wide: list[str] = []
    for name in tokens:
        kind, _, place = name.partition(":")
        if kind == "in":
            places.add(place)
        elif place == WHOLE_COUNTRY:
            wide.append("")
        elif len(place) in DIVISION_LENGTHS:
            wide.append(place)
    beginnings = tuple(wide)
    return [code for code in codes if code in places or code.startswith(beginnings)]
