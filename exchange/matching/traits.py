"""What a listing speaks of, as a few numbers: what the quick estimate knows of its words.

A listing with more concepts than there is room for keeps the weightiest of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.matching.concept_table import NO_CONCEPT, ConceptTable, concept_table
from exchange.matching.values import Reading
from exchange.search.reading.concepts import dictionary
from exchange.search.reading.stances import Stance
from exchange.search.reading.subjects import main_objects

SUBJECTS_KEPT, GOODS_KEPT, REFUSED_KEPT = 20, 6, 4
STANCES = tuple(Stance)
_WHOLE = np.dtype([
    ("stances", "<u1"), ("subjects", "<i2", (SUBJECTS_KEPT,)),
    ("subject_weights", "<f4", (SUBJECTS_KEPT,)), ("goods", "<i2", (GOODS_KEPT,)),
    ("refused", "<i2", (REFUSED_KEPT,)),
])  # fmt: skip
TRAIT_BYTES = _WHOLE.itemsize


@dataclass(frozen=True, eq=False)
class Traits:
    """``stances`` has a bit for each; the others are numbers of the concept table, filled up with
    nought: what it speaks of, the goods that it is about, what it does not want.
    """

    stances: int
    subjects: NDArray[np.int16]
    subject_weights: NDArray[np.float32]
    goods: NDArray[np.int16]
    refused: NDArray[np.int16]

    def pack(self) -> bytes:
        """As ``TRAIT_BYTES`` bytes."""
        parts = self.subjects, self.subject_weights, self.goods, self.refused
        return np.array([(self.stances, *parts)], _WHOLE).tobytes()


def unpack_traits(packed: bytes) -> Traits:
    """From ``Traits.pack``. Raises ValueError for another length."""
    (one,) = np.frombuffer(packed, _WHOLE)
    return Traits(*(one[name] for name in _WHOLE.names or ()))


def traits_of(reading: Reading) -> Traits:
    """Those of a reading."""
    table = concept_table()
    kept = sorted(reading.subjects, key=lambda one: -one.weight)[:SUBJECTS_KEPT]
    weights = np.zeros(SUBJECTS_KEPT, np.float32)
    weights[: len(kept)] = [one.weight for one in kept]
    goods = main_objects(dictionary(), reading.subjects)
    return Traits(
        mask_of(reading.stances),
        _numbers(table, (one.id for one in kept), SUBJECTS_KEPT),
        weights,
        _numbers(table, (one.id for one in goods), GOODS_KEPT),
        _numbers(table, sorted(reading.refused), REFUSED_KEPT),
    )


def mask_of(stances: Iterable[Stance]) -> int:
    """A bit for each stance."""
    return sum(1 << STANCES.index(one) for one in stances)


def stances_of(mask: int) -> frozenset[Stance]:
    """The stances of ``mask_of``."""
    return frozenset(one for bit, one in enumerate(STANCES) if mask >> bit & 1)


def _numbers(table: ConceptTable, keys: Iterable[str], room: int) -> NDArray[np.int16]:
    found = np.full(room, NO_CONCEPT, np.int16)
    numbers = [table.number(key) for key in keys][:room]
    found[: len(numbers)] = numbers
    return found
