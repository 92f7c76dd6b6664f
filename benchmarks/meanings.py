"""Meanings of generated listings without an encoder reading each of them.

A listing's vector is that of its goods with noise from the seed: as near to others of the same
goods as real ones are, at a thousandth of the price. What it costs to encode real listings is
known (some milliseconds each); a large site need not pay it for every measurement.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.vocabulary import Goods, vocabulary
from exchange.search.encoder import Encoder, Vectors, unit_rows

NOISE = 0.8  # length of the noise beside the goods' vector of length 1: cosines of about 0.6


class DrawnMeanings:
    """Makes vectors of unit length, always the same for the same seed and order."""

    def __init__(self, encoder: Encoder, seed: int) -> None:
        names = sorted({one.zh for one in vocabulary().goods})
        self._rows = encoder.encode(names)
        self._place = {name: at for at, name in enumerate(names)}
        self._draw = np.random.default_rng(seed)

    def vectors(self, some: Sequence[Goods]) -> Vectors:
        """One row for each."""
        known = self._rows[[self._place[one.zh] for one in some]]
        noise = unit_rows(self._draw.standard_normal(known.shape, np.float32))
        return unit_rows(known + np.float32(NOISE) * noise)
