"""An encoder that keeps its vectors in a file, so that one run encodes no text twice."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import numpy as np

from exchange.search.encoder import Encoder, Vectors

BATCH = 64  # texts encoded, and kept, at once
MOST_KEYS = 500  # in one statement
TABLE = "CREATE TABLE IF NOT EXISTS vector (hash BLOB PRIMARY KEY, packed BLOB NOT NULL)"


class KeptVectors:
    """See ``Encoder``: another encoder's vectors, made once for each text and read again."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self.name = encoder.name
        self.dimensions = encoder.dimensions
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as file, file:
            file.execute(TABLE)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        keys = [self._key(text) for text in texts]
        found = self._read(sorted(set(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        waiting = list(missing.items())
        for start in range(0, len(waiting), BATCH):
            some = dict(waiting[start : start + BATCH])
            rows = self._encoder.encode(list(some.values()))
            fresh = {key: row.tobytes() for key, row in zip(some, rows, strict=True)}
            self._keep(fresh)
            found |= fresh
        packed = b"".join(found[key] for key in keys)
        return np.frombuffer(packed, np.float32).reshape(len(keys), self.dimensions)

    def _key(self, text: str) -> bytes:
        named = f"{self.name}\n{text}".encode(errors="replace")
        return blake2b(named, digest_size=16).digest()

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        with closing(sqlite3.connect(self._path)) as file:
            for start in range(0, len(keys), MOST_KEYS):
                some = keys[start : start + MOST_KEYS]
                marks = ", ".join("?" * len(some))
                query = f"SELECT hash, packed FROM vector WHERE hash IN ({marks})"  # noqa: S608 -- marks only
                found |= dict(file.execute(query, some))
        return found

    def _keep(self, fresh: Mapping[bytes, bytes]) -> None:
        with closing(sqlite3.connect(self._path)) as file, file:
            file.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", list(fresh.items()))
