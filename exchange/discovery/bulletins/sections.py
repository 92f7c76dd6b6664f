"""What stands in a bulletin: sections that rooms register, each with two questions to answer.

``find`` is asked when an issue is composed: what belongs in, and what is counted. It is asked again
for the numbers when the issue comes out. ``choose`` is asked when its editor looks for something
else of the same days. ``show`` is asked whenever the issue is read: how everybody reads it now;
what is no longer public is answered by None and disappears.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from exchange.discovery.bulletins.rules import Period
from exchange.kernel.act import House

RESOURCE = "discovery.bulletin_sections"


@dataclass(frozen=True)
class Asked:
    """Of which places and days something is to be found.

    ``prefixes`` are division codes; what lies in one of them belongs to the place. ``start`` and
    ``end`` are the half-open range of moments of the days; ``today`` is when it is composed.
    """

    prefixes: tuple[str, ...]
    period: Period
    start: datetime
    end: datetime
    today: date


@dataclass(frozen=True)
class Wanted:
    """What an editor looks for: what has all the ``words``; ``only`` these, ``without`` those, by
    their ids. ``most`` of them, after the first ``start``. ``locale`` is that of the words.
    """

    words: tuple[str, ...] = ()
    only: frozenset[int] | None = None
    without: frozenset[int] = frozenset()
    start: int = 0
    most: int = 1000
    locale: str = "zh"


@dataclass(frozen=True)
class Found:
    """Something that belongs in. ``counted`` holds numbers as they are today, as JSON."""

    subject_id: int
    is_new: bool
    counted: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Findings:
    """What a section has for an issue, in order, and its figures (JSON).

    ``figures["new"]`` says how many are new: an issue without any says so.
    """

    items: Sequence[Found]
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """An item as everybody may read it. ``url`` and ``short`` are paths of this site."""

    title: str
    line: str
    url: str
    facts: tuple[str, ...] = ()
    short: str = ""


@dataclass(frozen=True)
class Kept:
    """An item that an issue holds: what ``show`` is asked about."""

    subject_id: int
    counted: Mapping[str, Any]


Find = Callable[[Session, House, Asked], Findings]
# Whatever belongs in, listed by ``find`` or not, in order.
Choose = Callable[[Session, House, Asked, Wanted], Sequence[Found]]
# One answer for each, in order: None for what not everybody may see. The locale is zh or en. The
# number of queries does not grow with the list: items of several issues are asked for together.
Show = Callable[[Session, House, Sequence[Kept], str], "Sequence[Line | None]"]
FigureWords = Callable[[Mapping[str, Any], str], Sequence[str]]


@dataclass(frozen=True)
class Section:
    """One list of a bulletin. Lower order stands first; the tone is one of the house's colours.

    ``listable`` names the figures that together say how many there were to be listed; ``all_path``
    is the page of this site with all of a place, which takes a ``division``.
    """

    code: str
    order: int
    heading: Any
    nothing: Any
    tone: str
    find: Find
    show: Show
    figure_words: FigureWords
    listable: tuple[str, ...] = ("new",)
    all_path: str = ""
    choose: Choose | None = None


def picked(
    session: Session, house: House, show: Show, every: Sequence[Found], wanted: Wanted
) -> list[Found]:
    """Of a short list what is wanted; words are looked for in what everybody reads of each."""
    found = [
        one
        for one in every
        if one.subject_id not in wanted.without
        and (wanted.only is None or one.subject_id in wanted.only)
    ]
    if wanted.words:
        kept = [Kept(one.subject_id, one.counted) for one in found]
        lines = show(session, house, kept, wanted.locale)
        found = [
            one
            for one, line in zip(found, lines, strict=True)
            if line is not None and _holds(line, wanted.words)
        ]
    return found[wanted.start : wanted.start + wanted.most]


def _holds(line: Line, words: Sequence[str]) -> bool:
    said = " ".join((line.title, line.line, *line.facts)).casefold()
    return all(word.casefold() in said for word in words)


def add_section(house: House, section: Section) -> None:
    """Register a section; while the site starts."""
    present: dict[str, Section] = house.resources.setdefault(RESOURCE, {})
    present[section.code] = section


def section_called(house: House, code: str) -> Section | None:
    """The section with this code."""
    present: dict[str, Section] = house.resources.get(RESOURCE, {})
    return present.get(code)


def sections_of(house: House) -> list[Section]:
    """All sections in their order."""
    present: dict[str, Section] = house.resources.get(RESOURCE, {})
    return sorted(present.values(), key=lambda one: (one.order, one.code))
