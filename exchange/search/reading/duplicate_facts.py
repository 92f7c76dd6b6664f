"""What is compared of two needs that may be one, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from exchange.search.reading.concepts import Mention, dictionary
from exchange.search.reading.quantity import base_amounts
from exchange.search.reading.spans import fold
from exchange.search.reading.subjects import Subject, weigh_mentions

SAME_NEED = 0.5  # a probability from here on is worth asking about
REMEMBERED = 2000  # texts, some kilobytes each


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A need as it is compared. ``milli`` is in thousandths of ``unit``.

    ``lang`` is zh, en or mixed. What is empty or None is not known and says nothing.
    """

    title: str = ""
    text: str = ""
    category: str = ""
    division: str = ""
    milli: int | None = None
    unit: str = ""
    organisation: str = ""
    from_date: date | None = None
    to_date: date | None = None
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class Content:
    """What the words of a need name: concepts, those of the title, amounts as ``base_amounts``.

    ``title`` and ``text`` are folded; ``mentions`` are the places of concepts in the title.
    """

    title: str
    text: str
    subjects: tuple[Subject, ...]
    named: tuple[Subject, ...]
    mentions: tuple[Mention, ...]
    amounts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the words of two needs are; None where that was not looked at.

    ``words`` is the cosine of weighted terms, ``title`` and ``text`` those of sentence vectors.
    ``shared`` are telling words that stand in both, for the reader.
    """

    words: float | None = None
    title: float | None = None
    text: float | None = None
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """One sign: its code, what belongs into its sentence, and its weight in nats."""

    code: str
    weight: float
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The probability that two needs are one, and the grounds, the weightiest first."""

    score: float
    grounds: tuple[Ground, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether it is worth asking somebody."""
        return self.score >= SAME_NEED


def content_of(need: NeedFacts) -> Content:
    """What its words name; remembered, because a need is compared with many others."""
    return _read(need.title, need.text)


@lru_cache(maxsize=REMEMBERED)
def _read(title: str, text: str) -> Content:
    known, folded, folded_text = dictionary(), fold(title), fold(text)
    in_title, in_text = known.read(title), known.read(text)
    return Content(
        title=folded,
        text=folded_text,
        subjects=weigh_mentions(known, in_title, in_text),
        named=weigh_mentions(known, in_title, ()),
        mentions=tuple(in_title),
        amounts=frozenset(name for *_at, name in base_amounts(f"{folded}\n{folded_text}")),
    )
