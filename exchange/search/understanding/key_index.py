"""A table from keys to numbers that takes twelve bytes an entry."""

from array import array
from bisect import bisect_left

import numpy as np


class KeyIndex:
    """Numbers under text keys; built once, then only read.

    Keys are kept as 64-bit hashes: two keys that meet by chance would add a stray candidate,
    which nobody will live to see among some hundred thousand.
    """

    def __init__(self) -> None:
        self._keys: array[int] = array("q")
        self._numbers: array[int] = array("I")

    def add(self, key: str, number: int) -> None:
        """Enter a number under a key, before ``freeze``."""
        self._keys.append(hash(key))
        self._numbers.append(number)

    def freeze(self) -> None:
        """Sort; numbers under one key stay in the order in which they came."""
        keys = np.frombuffer(self._keys, dtype=np.int64)
        order = np.argsort(keys, kind="stable")
        numbers = np.frombuffer(self._numbers, dtype=np.uint32)
        self._keys, self._numbers = array("q", keys[order]), array("I", numbers[order])

    def find(self, key: str, most: int) -> list[int]:
        """At most so many numbers under the key, in the order in which they came."""
        wanted = hash(key)
        at = bisect_left(self._keys, wanted)
        end = at
        last = min(at + most, len(self._keys))
        while end < last and self._keys[end] == wanted:
            end += 1
        return list(self._numbers[at:end])

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def size(self) -> int:
        """Bytes taken."""
        return (self._keys.itemsize + self._numbers.itemsize) * len(self._keys)
