"""Suggestions while somebody types: sources that rooms register, and how they are mixed.

A source is asked on every few letters, so it must be quick and show what everybody may see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from exchange.geography.place_names import fold
from exchange.kernel.act import House

SOURCES = "search.suggestion_sources"
MOST = 8  # shown at once
ASSURED = 2  # so many of each source stand before the rest of better ones
EXACT, BEGINS, SPELLED, CONTAINS = 1.0, 0.8, 0.6, 0.4  # usual scores


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the box: one line, the list it belongs to ("" for both), the reader."""

    text: str
    side: str = ""
    locale: str = "zh"
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line to choose. Choosing puts ``text`` into the box and sets the filters.

    ``kind`` names the group (category, place, query); ``score`` is 0 to 1 and compares sources.
    """

    kind: str
    label: str
    score: float
    text: str = ""
    detail: str = ""
    filters: tuple[tuple[str, str], ...] = ()


Find = Callable[[Session, Typed, int], Sequence[Suggestion]]


@dataclass(frozen=True, slots=True)
class SuggestionSource:
    """Where suggestions come from. Of equal scores the smaller ``priority`` stands first.

    ``find(session, typed, limit)`` gives at most ``limit``, best first; nothing typed breaks it.
    """

    name: str
    priority: int
    find: Find


def add_suggestion_source(house: House, source: SuggestionSource) -> None:
    """Register a source; one of the same name takes the place of the earlier."""
    house.resources.setdefault(SOURCES, {})[source.name] = source


def suggestion_sources(house: House) -> tuple[SuggestionSource, ...]:
    """The sources by priority."""
    kept = cast("dict[str, SuggestionSource]", house.resources.get(SOURCES, {}))
    return tuple(sorted(kept.values(), key=lambda source: (source.priority, source.name)))


def suggest(house: House, session: Session, typed: Typed) -> tuple[Suggestion, ...]:
    """What may be meant by the text, in groups, the best group first; at most ``MOST``."""
    if not typed.text:
        return ()
    found = [source.find(session, typed, MOST) for source in suggestion_sources(house)]
    return mixed(found, MOST)


def mixed(found: Sequence[Sequence[Suggestion]], limit: int) -> tuple[Suggestion, ...]:
    """The best of several sources in groups, without repetitions.

    ``found`` stands by priority. Each source keeps its first few, the rest goes by score.
    """
    seen: dict[str, set[tuple[str, str]]] = {}
    ranked: list[tuple[bool, float, int, Suggestion]] = []
    for priority, suggestions in enumerate(found):
        kept = 0
        for one in suggestions:
            known = seen.setdefault(fold(one.label).strip(), set())
            if not _repeats(one, known):
                ranked.append((kept >= ASSURED, -one.score, priority, one))
                kept += 1
            known.add((one.kind, one.detail))
    chosen = [entry[3] for entry in sorted(ranked, key=lambda entry: entry[:3])[:limit]]
    best: dict[str, float] = {}
    for one in chosen:
        best[one.kind] = max(best.get(one.kind, 0.0), one.score)
    order = sorted(best, key=lambda kind: -best[kind])
    return tuple(sorted(chosen, key=lambda one: (order.index(one.kind), -one.score)))


def _repeats(one: Suggestion, known: set[tuple[str, str]]) -> bool:
    """Whether the same words stand already; two of one kind may differ in their detail."""
    return any(kind != one.kind or detail == one.detail for kind, detail in known)
