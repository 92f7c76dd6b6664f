"""A set of vectors in memory and exact search in it; small enough for an embedded installation."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from exchange.search.encoder import Vectors

GROWTH = 1.5
MOST = 127  # of a byte with a sign
AT_ONCE = 512  # rows that are widened to float32 at a time: they stay in the processor's cache


class VectorSet:
    """Vectors of unit length by id. Threads may add, remove and search at once."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._rows: Vectors = np.empty((0, dimensions), np.float32)
        self._ids: list[str] = []
        self._place: dict[str, int] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, key: str) -> bool:
        return key in self._place

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in the order that a mask for ``search`` refers to."""
        return tuple(self._ids)

    def add(self, vectors: Mapping[str, Sequence[float] | Vectors]) -> None:
        """Add or replace. Raises ValueError when a vector has another number of dimensions."""
        checked = {key: np.asarray(vector, np.float32) for key, vector in vectors.items()}
        for vector in checked.values():
            if vector.shape != (self._dimensions,):
                raise ValueError("wrong number of dimensions")
        with self._lock:
            self._reserve(len(self._ids) + sum(key not in self._place for key in checked))
            for key, vector in checked.items():
                if key not in self._place:
                    self._place[key] = len(self._ids)
                    self._ids.append(key)
                self._rows[self._place[key]] = vector

    def remove(self, keys: Sequence[str]) -> None:
        """Forget vectors; unknown ids are ignored. The last takes the place of a removed one."""
        with self._lock:
            for key in keys:
                at = self._place.pop(key, None)
                if at is None:
                    continue
                last = self._ids.pop()
                if last != key:
                    self._ids[at] = last
                    self._place[last] = at
                    self._rows[at] = self._rows[len(self._ids)]

    def get(self, key: str) -> Vectors | None:
        """A copy of one vector."""
        with self._lock:
            at = self._place.get(key)
            return None if at is None else self._rows[at].copy()

    def search(
        self,
        vector: Vectors,
        allowed: NDArray[np.bool_] | Callable[[str], bool] | None,
        k: int,
    ) -> list[tuple[str, float]]:
        """The k nearest by cosine among the allowed, greatest first, ties by id.

        ``allowed`` is a mask in the order of ``ids``, or asked about each id, or None for all.
        Filtering happens before the choice, so k are found where k are allowed.
        """
        with self._lock:
            ids = list(self._ids)
            cosines = self._rows[: len(ids)] @ np.asarray(vector, np.float32)
        numbers = np.arange(len(ids))
        if callable(allowed):
            numbers = np.array([n for n in numbers if allowed(ids[n])], np.intp)
        elif allowed is not None:
            numbers = np.flatnonzero(allowed)
        if len(numbers) > k > 0:
            least = np.partition(cosines[numbers], len(numbers) - k)[len(numbers) - k]
            numbers = numbers[cosines[numbers] >= least]
        found = sorted(((ids[n], float(cosines[n])) for n in numbers), key=lambda p: (-p[1], p[0]))
        return found[: max(0, k)]

    def _reserve(self, size: int) -> None:
        if size > len(self._rows):
            grown = np.zeros((int(size * GROWTH) + 8, self._dimensions), np.float32)
            grown[: len(self._ids)] = self._rows[: len(self._ids)]
            self._rows = grown


def pack_vector(vector: Vectors) -> bytes:
    """Two bytes a number (float16, little end first); the cosine changes by less than 0.001."""
    return np.asarray(vector, "<f2").tobytes()


def unpack_vector(packed: bytes) -> Vectors:
    """The vector of ``pack_vector``, again of unit length. Raises ValueError for odd bytes."""
    vector = np.frombuffer(packed, "<f2").astype(np.float32)
    length = float(np.linalg.norm(vector))
    scaled: Vectors = vector / np.float32(length) if length else vector
    return scaled


def small_rows(dimensions: int) -> np.dtype[np.void]:
    """The form of a row of one byte a number: whole numbers, and what they are multiplied by."""
    return np.dtype([("scale", "<f4"), ("numbers", "i1", (dimensions,))])


def pack_small(vectors: Vectors) -> NDArray[np.void]:
    """Rows as ``small_rows`` of unit length; the cosine changes by less than 0.003.

    A row of zeros stays one: its document has no meaning.
    """
    rows = np.zeros(len(vectors), small_rows(vectors.shape[1]))
    greatest = np.abs(vectors).max(axis=1, initial=0.0)
    full = greatest > 0
    numbers = np.rint(vectors[full] * (MOST / greatest[full])[:, None])
    rows["numbers"][full] = numbers
    rows["scale"][full] = 1 / np.linalg.norm(numbers, axis=1)
    return rows


def small_cosines(rows: NDArray[np.void], vector: Vectors) -> NDArray[np.float64]:
    """The cosines of rows of ``small_rows`` with a vector of unit length; NaN for empty rows."""
    asked = np.asarray(vector, np.float32)
    found = np.empty(len(rows))
    for start in range(0, len(rows), AT_ONCE):
        numbers = rows["numbers"][start : start + AT_ONCE].astype(np.float32)
        found[start : start + AT_ONCE] = numbers @ asked
    scales = rows["scale"]
    found *= scales
    found[scales == 0] = np.nan
    return found
