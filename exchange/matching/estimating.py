"""A close estimate of the score of one listing with many, from columns alone.

It only says whom to look at closely; nobody is shown an estimate. What category and terms count is
asked of ``features`` itself with portraits that say nothing else, so it follows the weights and the
table of categories; distance, time, words and meaning are computed here for whole columns, and what
else the features know in ``estimating_fit``. Left out is what words say beyond those kept.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from exchange.geography.rules import EARTH_RADIUS_KM
from exchange.matching.categories import is_remote
from exchange.matching.columns import HASHES, WHOLE, Columns, Rows
from exchange.matching.estimating_fit import fit_of_rows
from exchange.matching.features import features
from exchange.matching.scoring import Weights, logit_of
from exchange.matching.values import ListingFacts, Portrait, Reading

Numbers = NDArray[np.float32]
STRUCTURE = frozenset({"category", "terms", "nearness"})  # what is asked of ``features``
# What single words mean is not in the columns. So much of it goes with the words that both use and
# with the meaning of the texts (fitted on the graded set and on a generated site; what is left has
# a standard deviation of 0.05).
SAID_ANYHOW, SAID_BY_WORDS, SAID_BY_TEXT = 0.15, 0.33, 0.27
NEAR_KM = 150.0
YEAR = 365
BLOCK = 1024  # rows that are widened to four bytes a number at a time: they stay in the cache
SILENT = Reading({}, 1.0, (), np.zeros(1, np.float32), np.zeros(1, np.float32))
ANY_DAY = date(2026, 1, 1)


@dataclass(frozen=True, eq=False)
class Estimate:
    """Of some rows: the estimated logit, the cosine of the texts, likeness of words, structure."""

    logit: Numbers
    meaning: Numbers
    words: Numbers
    structure: Numbers


class Estimator:
    """Estimates by one set of weights. Not safe for threads by itself."""

    def __init__(self, columns: Columns, weights: Weights) -> None:
        self._columns = columns
        self._weights = weights
        self._structures: dict[tuple[bool, int, int], tuple[Numbers, Numbers]] = {}
        self._remote: NDArray[np.bool_] = np.empty(0, np.bool_)

    def estimate(self, row: int, rows: Rows, cosines: Numbers, today: date) -> Estimate:
        """Estimates of the listing of ``row`` with each of ``rows``.

        ``cosines`` is of shape (2, rows): of titles, of texts.
        """
        words = self._words(row, rows)
        structure = self._structure(row, rows)
        values = {
            "words": np.sqrt(words),
            "word_meanings": _said(np.sqrt(words), cosines[1]),
            "title_meaning": cosines[0],
            "text_meaning": cosines[1],
            "time": self._time(row, rows, today),
            **fit_of_rows(self._columns, row, rows, today),
        }
        logit = structure + self._nearness(row, rows)
        for name, value in values.items():
            known = self._weights.features.get(name)
            if known is not None:
                logit += np.nan_to_num(known.weight * (value - known.mean))
        return Estimate(np.asarray(logit, np.float32), cosines[1], words, structure)

    def _words(self, row: int, rows: Rows) -> Numbers:
        columns = self._columns
        own = np.zeros(HASHES, np.float32)
        own[columns.words[row]] = columns.weights[row] / np.float32(WHOLE * WHOLE)
        own[0] = 0
        found = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), BLOCK):
            part = rows[start : start + BLOCK]
            shared = own[columns.words[part]]
            weights = columns.weights[part].astype(np.float32)
            found[start : start + BLOCK] = np.einsum("ij,ij->i", shared, weights)
        return found

    def _structure(self, row: int, rows: Rows) -> Numbers:
        columns = self._columns
        key = bool(columns.is_need[row]), int(columns.category[row]), int(columns.terms[row])
        found = self._structures.get(key)
        sizes = len(columns.categories.all), len(columns.terms_names.all)
        if found is None or (len(found[0]), len(found[1])) != sizes:
            found = self._structures[key] = self._probe(*key)
        by_category, by_terms = found
        summed = by_category[columns.category[rows]] + by_terms[columns.terms[rows]]
        return np.asarray(summed, np.float32)

    def _probe(self, is_need: bool, category: int, terms: int) -> tuple[Numbers, Numbers]:
        """What each category and each terms of the other side add, the rest being equal."""
        names, kinds = self._columns.categories.all, self._columns.terms_names.all
        own = ListingFacts(
            id=1, side="need" if is_need else "offer", category=names[category], terms=kinds[terms]
        )

        def logit(other_category: str, other_terms: str) -> float:
            side = "offer" if is_need else "need"
            other = ListingFacts(id=2, side=side, category=other_category, terms=other_terms)
            need, offer = (own, other) if is_need else (other, own)
            pair = features(Portrait(need, SILENT), Portrait(offer, SILENT), ANY_DAY)
            told = [one for one in pair if one.name in STRUCTURE]
            return logit_of(told, self._weights)

        by_category = np.array([logit(name, own.terms) for name in names], np.float32)
        by_terms = np.array([logit(own.category, kind) for kind in kinds], np.float32)
        return by_category, by_terms - np.float32(logit(own.category, own.terms))

    def _nearness(self, row: int, rows: Rows) -> Numbers:
        """What it counts. Nought for what needs no road: its part is in the category's."""
        columns, known = self._columns, self._weights.features.get("nearness")
        if known is None:
            return np.zeros(len(rows), np.float32)
        near = known.weight * (np.exp(-self._km(row, rows) / NEAR_KM) - known.mean)
        offers = columns.category[rows if columns.is_need[row] else np.full(len(rows), row)]
        return np.where(np.isnan(near) | self._is_remote()[offers], np.float32(0), near)

    def _is_remote(self) -> NDArray[np.bool_]:
        names = self._columns.categories.all
        if len(self._remote) != len(names):
            self._remote = np.array([is_remote(name) for name in names], np.bool_)
        return self._remote

    def _km(self, row: int, rows: Rows) -> Numbers:
        """Haversine formula, as in ``geography.rules``."""
        columns = self._columns
        lat, lon = columns.latitude[row], columns.longitude[row]
        lats, lons = columns.latitude[rows], columns.longitude[rows]
        half = np.sin((lats - lat) / 2) ** 2
        half += math.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
        return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))

    def _time(self, row: int, rows: Rows, today: date) -> Numbers:
        """The share of the need's days, at most a year, on which the offer applies too."""
        columns = self._columns
        others = columns.first_day[rows], columns.last_day[rows]
        own = columns.first_day[row], columns.last_day[row]
        (need_first, need_last), (first, last) = (
            (own, others) if columns.is_need[row] else (others, own)
        )
        start = np.maximum(need_first, today.toordinal())
        end = np.minimum(need_last, start + YEAR)
        shared = np.minimum(end, last) - np.maximum(start, first) + 1
        share = np.maximum(0, shared) / np.maximum(1, end - start + 1)
        return np.asarray(np.minimum(1, share), np.float32)


def _said(words: Numbers, texts: Numbers) -> Numbers:
    return np.asarray(SAID_ANYHOW + SAID_BY_WORDS * words + SAID_BY_TEXT * texts, np.float32)


def cosines(columns: Columns, rows: Rows, own: Rows) -> Numbers:
    """Cosines of titles and of texts, of shape (2, own, rows)."""
    found = np.empty((2, len(own), len(rows)), np.float32)
    both = ((columns.title, columns.title_scale), (columns.text, columns.text_scale))
    for which, (meanings, scales) in enumerate(both):
        asked = meanings[own].astype(np.float32) * scales[own][:, None]
        for start in range(0, len(rows), BLOCK):
            part = slice(start, start + BLOCK)
            block = meanings[rows[part]].astype(np.float32)
            found[which, :, part] = (block @ asked.T).T
        found[which] *= scales[rows]
    return found
