"""Vectors beside an index, in two files of rows: one byte a number, and one bit a number.

A document of the index names its row. A row that is not named means nothing, so a writer that is
killed after adding rows has done no harm; rows are on the disk before the commit that names them.
The bits are the signs: the fewer differ, the nearer two vectors are likely to be, so that a look at
all the bits chooses what is compared in full. Rows are never written over: who reads an earlier
commit still finds what it names.
"""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exchange.search.backends.generations import sync_directory
from exchange.search.encoder import Vectors
from exchange.search.port import IndexUnavailable
from exchange.search.vectors import small_cosines, small_rows

VECTORS, SIGNS = "vectors.small", "vectors.signs"
WORD = 64  # bits
WIDER = 2  # times as many as are wanted are compared in full
SURE = 1_500  # rows that are always compared in full

Rows = NDArray[np.int64]


def signs_of(vectors: NDArray[np.float32] | NDArray[np.int8]) -> NDArray[np.uint64]:
    """The signs of rows as words of 64 bits; what is missing to a whole word is 0."""
    bits = np.packbits(vectors > 0, axis=1)
    words = -(-vectors.shape[1] // WORD)
    padded = np.zeros((len(vectors), words * WORD // 8), np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view(np.uint64)


class VectorRows:
    """The rows of one generation. Reading is safe for threads; one process adds."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._folder = folder
        self.dimensions = dimensions
        self._form = small_rows(dimensions)
        self._words = -(-dimensions // WORD)
        self._vectors: NDArray[np.void] = np.empty(0, self._form)
        self._signs: NDArray[np.uint64] = np.empty((0, self._words), np.uint64)

    @classmethod
    def create(cls, folder: Path) -> None:
        """Make the empty files."""
        for name in (VECTORS, SIGNS):
            (folder / name).touch()
        sync_directory(folder)

    @property
    def count(self) -> int:
        """How many rows could be read at the last look."""
        return len(self._vectors)

    def add(self, packed: list[bytes]) -> int:
        """Append rows that ``pack_small`` made, durably; returns the number of the first."""
        first = self._length()
        rows = np.frombuffer(b"".join(packed), self._form)
        self._write(VECTORS, first * self._form.itemsize, rows.tobytes())
        self._write(SIGNS, first * 8 * self._words, signs_of(rows["numbers"]).tobytes())
        return first

    def packed(self, row: int) -> bytes:
        """One row, as ``pack_small`` made it. Raises IndexUnavailable for a lost one."""
        self._reach(row)
        return bytes(self._vectors[row].tobytes())

    def nearest(self, vector: Vectors, among: Rows | None, size: int) -> Rows:
        """At most ``size`` of the rows that are near, nearest first.

        Chosen among ``among`` (all rows for None) by their signs, then compared in full.
        """
        if among is not None and len(among):
            self._reach(int(among.max()))
        numbers = np.arange(len(self._signs)) if among is None else among
        signs = self._signs if among is None else self._signs[among]
        asked = signs_of(np.asarray(vector, np.float32)[None, :])[0]
        wide = max(SURE, WIDER * size)
        if len(numbers) > wide:
            apart = np.bitwise_count(signs[:, 0] ^ asked[0]).astype(np.uint16)
            for word in range(1, self._words):
                apart += np.bitwise_count(signs[:, word] ^ asked[word])
            numbers = numbers[np.argpartition(apart, wide)[:wide]]
        cosines = small_cosines(self._vectors[numbers], vector)
        nearest: Rows = numbers[np.lexsort((numbers, -cosines))[:size]]
        return nearest

    def refresh(self) -> None:
        """Map what was added since. Raises IndexUnavailable when a file is lost."""
        length = self._length()
        if length > len(self._vectors):
            vectors = np.memmap(self._folder / VECTORS, self._form, "r", shape=length)
            signs = np.memmap(self._folder / SIGNS, "<u8", "r", shape=(length, self._words))
            self._vectors, self._signs = np.asarray(vectors), np.asarray(signs)

    def _reach(self, row: int) -> None:
        if row >= len(self._vectors):
            self.refresh()
        if row >= len(self._vectors):
            raise IndexUnavailable(reason="damaged", detail="vectors")

    def _length(self) -> int:
        """Whole rows in both files."""
        try:
            vectors = (self._folder / VECTORS).stat().st_size // self._form.itemsize
            signs = (self._folder / SIGNS).stat().st_size // (8 * self._words)
        except OSError as error:
            raise IndexUnavailable(reason="damaged", detail="vectors") from error
        return min(vectors, signs)

    def _write(self, name: str, at: int, content: bytes) -> None:
        with (self._folder / name).open("r+b") as file:
            file.seek(at)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
