"""The open listings as columns of numbers: some 1.8 KB for each, whatever its text.

What stands here only chooses: whoever is chosen is read from the database again before a score is
made of it. Meanings take one byte a number; of the words the most telling are kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from exchange.matching import trust
from exchange.matching.places import NOWHERE, place_number, place_ranges
from exchange.matching.traits import (
    GOODS_KEPT,
    REFUSED_KEPT,
    SUBJECTS_KEPT,
    Traits,
    traits_of,
)
from exchange.matching.values import Amount, Feature, ListingFacts, Reading, Vector
from exchange.search.vectors import MOST

TERMS_KEPT = 96  # most listings have no more
HASHES = 1 << 16  # so many different terms are told apart; two of one number count as one
WHOLE = (1 << 16) - 1
GROWTH, LEAST = 1.3, 256
NEVER = np.iinfo(np.int32).max
Rows = NDArray[np.intp]
Words = tuple[NDArray[np.uint16], NDArray[np.float32]]
_NOTHING = np.zeros(1, np.float32)
SILENT = traits_of(Reading({}, 1.0, (), _NOTHING, _NOTHING))


@dataclass(frozen=True, eq=False)
class Entry:
    """A listing as it goes into the columns. ``words`` are hashed terms with their weights."""

    facts: ListingFacts
    words: Words
    title: Vector
    text: Vector
    traits: Traits = SILENT


def hashed_words(reading: Reading) -> Words:
    """The most telling terms of a reading, their weights as parts of a vector of length one."""
    kept = sorted(reading.terms.items(), key=lambda item: (-item[1], item[0]))[:TERMS_KEPT]
    numbers = np.fromiter((hash_of(term) for term, _ in kept), np.uint16, len(kept))
    weights = np.fromiter((weight for _, weight in kept), np.float32, len(kept))
    return numbers, weights / np.float32(reading.norm or 1.0)


def hash_of(term: str) -> int:
    """The same in every process; nought is left for "no term"."""
    return 1 + crc32(term.encode()) % (HASHES - 1)


class Names:
    """Texts by a number, as they come."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """Its number, a new one when it was not met before."""
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = len(self.all)
            self.all.append(name)
        return found


class Reaches:
    """Coverages, each different one once, as ranges of place numbers."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._by_number: list[list[tuple[int, int]]] = []
        self._ranges: list[tuple[int, int, int]] = []
        self._table: NDArray[np.int64] = np.empty((0, 3), np.int64)

    def number(self, prefixes: tuple[str, ...]) -> int:
        """The number of this coverage."""
        found = self._numbers.get(prefixes)
        if found is None:
            found = self._numbers[prefixes] = len(self._numbers)
            own = [part for prefix in prefixes for part in place_ranges(prefix)]
            self._by_number.append(own)
            self._ranges += [(found, low, high) for low, high in own]
        return found

    def ranges(self, number: int) -> list[tuple[int, int]]:
        """The ranges of one coverage."""
        return self._by_number[number]

    def containing(self, place: int) -> NDArray[np.bool_]:
        """For each coverage whether it contains the place."""
        if len(self._table) != len(self._ranges):
            self._table = np.array(self._ranges, np.int64).reshape(-1, 3)
        found = np.zeros(len(self._numbers), np.bool_)
        if place != NOWHERE:
            table = self._table
            found[table[(table[:, 1] <= place) & (place < table[:, 2]), 0]] = True
        return found


COLUMNS: tuple[tuple[str, type, tuple[int, ...]], ...] = (
    ("ids", np.int64, ()), ("owner", np.int64, ()), ("is_need", np.bool_, ()),
    ("first_day", np.int32, ()), ("last_day", np.int32, ()), ("is_used_up", np.bool_, ()),
    ("place", np.int64, ()), ("reach", np.int32, ()), ("category", np.int32, ()),
    ("terms", np.int32, ()), ("least", np.float64, ()), ("is_whole", np.bool_, ()),
    ("latitude", np.float32, ()), ("longitude", np.float32, ()),
    ("words", np.uint16, (TERMS_KEPT,)), ("weights", np.uint16, (TERMS_KEPT,)),
    ("amount", np.float64, ()), ("measure", np.int32, ()), ("groups", np.int64, ()),
    ("urgency", np.float32, ()), ("reliability", np.float32, ()), ("answer_rate", np.float32, ()),
    ("published", np.int32, ()),
    ("stances", np.uint8, ()), ("subjects", np.int16, (SUBJECTS_KEPT,)),
    ("subject_weights", np.float32, (SUBJECTS_KEPT,)), ("goods", np.int16, (GOODS_KEPT,)),
    ("refused", np.int16, (REFUSED_KEPT,)),
)  # fmt: skip


class Columns:
    """Listings by row. Not safe for threads by itself. ``size`` rows are in use."""

    ids: NDArray[np.int64]
    owner: NDArray[np.int64]
    is_need: NDArray[np.bool_]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]
    is_used_up: NDArray[np.bool_]
    place: NDArray[np.int64]
    reach: NDArray[np.int32]
    category: NDArray[np.int32]
    terms: NDArray[np.int32]
    least: NDArray[np.float64]
    is_whole: NDArray[np.bool_]
    latitude: NDArray[np.float32]
    longitude: NDArray[np.float32]
    words: NDArray[np.uint16]
    weights: NDArray[np.uint16]  # of words, in parts of WHOLE
    amount: NDArray[np.float64]  # what is left, in base units; NaN where nothing is known
    measure: NDArray[np.int32]  # what the amount is compared by; 0 where there is none
    groups: NDArray[np.int64]  # a bit for each group of people
    urgency: NDArray[np.float32]  # these three as features, of the listing as need or as offer
    reliability: NDArray[np.float32]
    answer_rate: NDArray[np.float32]
    published: NDArray[np.int32]  # ``NEVER`` where nothing is known
    stances: NDArray[np.uint8]  # these and the next as in ``traits``
    subjects: NDArray[np.int16]
    subject_weights: NDArray[np.float32]
    goods: NDArray[np.int16]
    refused: NDArray[np.int16]
    title: NDArray[np.int8]  # meanings, and what each is multiplied by to have length one
    text: NDArray[np.int8]
    title_scale: NDArray[np.float32]
    text_scale: NDArray[np.float32]

    def __init__(self, dimensions: int) -> None:
        self.size = 0
        self.categories, self.terms_names, self.reaches = Names(), Names(), Reaches()
        self.measures, self.people = Names(), Names()
        self.measures.number("")
        self.tables: dict[tuple[str, bool, int], NDArray[np.bool_]] = {}  # kept by ``gating``
        self._public_ids: list[str] = []
        self._by_public_id: dict[str, int] = {}
        self._row: dict[int, int] = {}
        self._shapes = [
            *COLUMNS,
            ("title", np.int8, (dimensions,)), ("title_scale", np.float32, ()),
            ("text", np.int8, (dimensions,)), ("text_scale", np.float32, ()),
        ]  # fmt: skip
        for name, kind, shape in self._shapes:
            setattr(self, name, np.zeros((LEAST, *shape), kind))

    def __contains__(self, listing_id: int) -> bool:
        return listing_id in self._row

    def __len__(self) -> int:
        return self.size

    def row(self, listing_id: int) -> int:
        """Its row. Raises KeyError when it is not there."""
        return self._row[listing_id]

    def rows_of(self, public_ids: Iterable[str]) -> Rows:
        """The rows of those that are there, ascending."""
        found = (self._by_public_id.get(public_id) for public_id in public_ids)
        return np.array(sorted({self._row[key] for key in found if key is not None}), np.intp)

    def put(self, entries: Sequence[Entry]) -> None:
        """Add or replace."""
        self._reserve(self.size + len(entries))
        for entry in entries:
            self._put_one(entry)
        if entries:
            at = [self._row[entry.facts.id] for entry in entries]
            self.title[at], self.title_scale[at] = small(np.stack([one.title for one in entries]))
            self.text[at], self.text_scale[at] = small(np.stack([one.text for one in entries]))

    def _put_one(self, entry: Entry) -> None:
        facts = entry.facts
        row = self._row.get(facts.id)
        if row is None:
            row = self._row[facts.id] = self.size
            self._public_ids.append(facts.public_id)
            self._by_public_id[facts.public_id] = facts.id
            self.size += 1
        self.ids[row], self.owner[row] = facts.id, facts.organisation_id
        self.is_need[row] = facts.side == "need"
        self.first_day[row] = (facts.from_date or date.min).toordinal()
        self.last_day[row] = (facts.to_date or date.max).toordinal()
        self.is_used_up[row] = facts.remaining_milli is not None and facts.remaining_milli <= 0
        self.place[row] = place_number(facts.division)
        self.reach[row] = self.reaches.number(facts.reach)
        self.category[row] = self.categories.number(facts.category)
        self.terms[row] = self.terms_names.number(facts.terms)
        self.least[row], self.is_whole[row] = facts.least or 0, facts.is_whole
        self.latitude[row], self.longitude[row] = radians_of(facts.point)
        numbers, weights = (kept[:TERMS_KEPT] for kept in entry.words)
        self.words[row, : len(numbers)], self.words[row, len(numbers) :] = numbers, 0
        self.weights[row, : len(numbers)] = np.rint(np.minimum(weights, 1) * WHOLE)
        self.amount[row], self.measure[row] = self._amount(facts.remaining)
        self.groups[row] = sum({1 << self.people.number(one) for one in facts.beneficiaries})
        self._put_trust(row, facts)
        self._put_traits(row, entry.traits)

    def _put_trust(self, row: int, facts: ListingFacts) -> None:
        self.urgency[row] = value_of(trust.urgency(facts))
        self.reliability[row] = value_of(trust.reliability(facts.record))
        self.answer_rate[row] = value_of(trust.answer_rate(facts.record))
        day = facts.published_on
        self.published[row] = NEVER if day is None else day.toordinal()

    def _put_traits(self, row: int, traits: Traits) -> None:
        self.stances[row] = traits.stances
        self.subjects[row], self.subject_weights[row] = traits.subjects, traits.subject_weights
        self.goods[row], self.refused[row] = traits.goods, traits.refused

    def _amount(self, left: Amount | None) -> tuple[float, int]:
        if left is None:
            return float("nan"), self.measures.number("")
        return left.value, self.measures.number(f"{left.dimension}/{left.per}")

    def remove(self, listing_ids: Iterable[int]) -> None:
        """Take out; unknown ones are ignored. The last takes the place of a removed one."""
        for listing_id in listing_ids:
            row = self._row.pop(listing_id, None)
            if row is None:
                continue
            self.size -= 1
            del self._by_public_id[self._public_ids[row]]
            last = self._public_ids.pop()
            if row != self.size:
                for name, _, _ in self._shapes:
                    column = getattr(self, name)
                    column[row] = column[self.size]
                self._public_ids[row] = last
                self._row[int(self.ids[row])] = row

    def _reserve(self, size: int) -> None:
        if size <= len(self.ids):
            return
        for name, kind, shape in self._shapes:
            grown: NDArray[Any] = np.zeros((int(size * GROWTH) + LEAST, *shape), kind)
            grown[: self.size] = getattr(self, name)[: self.size]
            setattr(self, name, grown)

    @property
    def bytes(self) -> int:
        """What the columns take in memory."""
        return sum(getattr(self, name).nbytes for name, _, _ in self._shapes)


def value_of(feature: Feature) -> float:
    """NaN where nothing is known."""
    return float("nan") if feature.value is None else feature.value


def small(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Vectors of one byte a number, and what each is multiplied by to have length one."""
    greatest = np.abs(vectors).max(axis=-1, initial=0.0)
    factor = np.divide(MOST, greatest, out=np.zeros_like(greatest), where=greatest > 0)
    numbers = np.rint(vectors * factor[..., None])
    lengths = np.linalg.norm(numbers, axis=-1)
    scales = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return numbers.astype(np.int8), scales.astype(np.float32)


def radians_of(point: tuple[int, int] | None) -> tuple[float, float]:
    """Latitude and longitude in radians; NaN where nothing is known."""
    if point is None:
        return float("nan"), float("nan")
    return float(np.radians(point[0] / 1e6)), float(np.radians(point[1] / 1e6))
