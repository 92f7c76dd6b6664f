"""The values that gates, features, scores and reasons are functions of.

Everything is plain and immutable: whoever loads a listing fills in these once, and all that
follows can be computed again from them by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exchange.matching.word_meanings import WordMeanings
from exchange.search.reading.stances import Stance
from exchange.search.reading.subjects import Subject

Vector = NDArray[np.float32]


class Standing(StrEnum):
    """Whether a listing may be matched now; the first that applies, from the listing's state."""

    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"


@dataclass(frozen=True)
class Amount:
    """A quantity in the base unit of its dimension: 2 吨 is 2000 of mass. ``per`` names a rate.

    Two amounts compare only where dimension and ``per`` are the same.
    """

    value: float
    dimension: str
    per: str = ""

    def compares_with(self, other: "Amount") -> bool:
        """Whether a share of one in the other means anything."""
        return (self.dimension, self.per) == (other.dimension, other.per)


class Record(NamedTuple):
    """How an organisation's introductions as a giver went: how often it was asked and answered,
    and how many agreements came to a good end or failed by what it did.
    """

    asked: int = 0
    answered: int = 0
    kept: int = 0
    broken: int = 0


@dataclass(frozen=True)
class ListingFacts:
    """What matching knows of a listing. Nothing here says who the person behind it is.

    ``reach`` holds coverage prefixes (or CN) of an offer, the own division of a need.
    ``point`` is (latitude, longitude) in micro-degrees of the division's county. ``remaining`` is
    what no match has taken yet; None where no quantity was given. ``least`` is what one partner
    takes or gives at least, in base units as ``remaining``; all of it where ``is_whole``.
    ``record`` is the owner's as a giver, None where nothing has ended yet.
    """

    id: int
    side: str
    public_id: str = ""
    title: str = ""
    text: str = ""
    category: str = ""
    division: str = ""
    reach: tuple[str, ...] = ()
    point: tuple[int, int] | None = None
    organisation_id: int = 0
    organisation_kind: str = ""
    in_good_standing: bool = True
    standing: Standing = Standing.OPEN
    remaining_milli: int | None = None
    unit: str = ""
    remaining: Amount | None = None
    least: float | None = None
    lot_milli: int | None = None
    is_whole: bool = False
    terms: str = "free"
    from_date: date | None = None
    to_date: date | None = None
    urgency: str = "normal"
    beneficiaries: tuple[str, ...] = ()
    published_on: date | None = None
    record: Record | None = None


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read from a listing's words: how much each word tells, and meaning as vectors.

    ``terms`` maps a term to its weight (see ``words.read_terms``); ``norm`` is the length of that
    vector. ``names`` are the words a reader would recognise, best first. Vectors have unit length.
    ``subjects`` are what it speaks of, ``refused`` the concepts that it does not want, ``stances``
    what the writer wants to do. ``telling`` are the words that have a meaning with what each tells,
    the rarest first, ``meanings`` those meanings.
    """

    terms: Mapping[str, float]
    norm: float
    names: tuple[str, ...]
    title_vector: Vector
    text_vector: Vector
    subjects: tuple[Subject, ...] = ()
    refused: frozenset[str] = frozenset()
    stances: frozenset[Stance] = frozenset()
    meanings: WordMeanings | None = None
    telling: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Portrait:
    """A listing as matching sees it."""

    facts: ListingFacts
    reading: Reading


@dataclass(frozen=True)
class Feature:
    """A named value of a pair, usually 0 to 1, and the facts that belong into its sentence.

    A value of None says that nothing is known; it counts as the mean and contributes nothing.
    ``code`` chooses the sentence among several of one feature.
    """

    name: str
    value: float | None
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """One feature's part in the score. The contributions and the base add up to the logit."""

    code: str
    params: Mapping[str, Any]
    contribution: float

    @property
    def sign(self) -> str:
        """Plus where it speaks for the pair, minus where it speaks against."""
        return "+" if self.contribution >= 0 else "-"
