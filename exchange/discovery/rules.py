"""What somebody asks of the lists, as one value, and how it stands in an address.

Reading never fails: what cannot be understood is left out and named in ``ignored``, so that the
page can say so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

LONGEST_TEXT = 200
DIVISION = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?\Z")
SORTS = ("relevance", "newest", "nearest")
STATES = ("open", "all")
URGENT, SOON = "urgent", "soon"
SOON_DAYS = 14
# What of the words is taken as typed: no other spelling, no place read out of them.
LITERAL = ("spelling", "place")


@dataclass(frozen=True)
class Asked:
    """Text, filters and order. Empty values ask for everything.

    ``urgency`` is empty or URGENT, ``ending`` empty or SOON, ``beneficiaries`` any of whom it is
    for. ``literal`` holds what of the words is taken as typed, some of LITERAL.
    """

    q: str = ""
    side: str = ""
    category: str = ""
    division: str = ""
    terms: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    urgency: str = ""
    ending: str = ""
    state: str = "open"
    sort: str = "relevance"
    literal: tuple[str, ...] = ()

    @property
    def filters(self) -> int:
        """How many filters narrow the answer, without text, side and order."""
        chosen = (
            self.category,
            self.division,
            self.terms,
            self.beneficiaries,
            self.urgency,
            self.ending,
            self.state != "open",
        )
        return sum(bool(one) for one in chosen)

    def toggled(self, name: str, value: str) -> "Asked":
        """The same question with one of several values chosen, or no longer."""
        present: tuple[str, ...] = getattr(self, name)
        kept = tuple(one for one in present if one != value)
        return self.but(**{name: kept if value in present else (*present, value)})

    def but(self, **changes: object) -> "Asked":
        """The same question with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are checked by replace


@dataclass(frozen=True)
class Known:
    """The values that exist, to tell a choice from nonsense."""

    sides: frozenset[str]
    categories: frozenset[str]
    terms: frozenset[str]
    beneficiaries: frozenset[str] = frozenset()


DEFAULTS = Asked()


def read_asked(
    values: Mapping[str, Sequence[str]], known: Known, side: str = ""
) -> tuple[Asked, tuple[str, ...]]:
    """The question in an address's parameters, and the names of those that made no sense.

    ``side`` is fixed when given: the page shows one of the lists.
    """
    ignored: list[str] = []

    def one(name: str, allowed: Iterable[str], default: str = "") -> str:
        given = _first(values, name)
        if not given or given in allowed:
            return given or default
        ignored.append(name)
        return default

    division = _first(values, "division")
    if division and not DIVISION.match(division):
        ignored.append("division")
        division = ""

    def several(name: str, allowed: Iterable[str]) -> tuple[str, ...]:
        given = [value for value in values.get(name, ()) if value]
        if set(given) - set(allowed):
            ignored.append(name)
        return tuple(value for value in dict.fromkeys(given) if value in allowed)

    asked = Asked(
        q=one_line(_first(values, "q"))[:LONGEST_TEXT].strip(),
        side=side or one("side", known.sides),
        category=one("category", known.categories),
        division=division,
        terms=several("terms", known.terms),
        beneficiaries=several("beneficiaries", known.beneficiaries),
        urgency=one("urgency", (URGENT,)),
        ending=one("ending", (SOON,)),
        state=one("state", STATES, "open"),
        sort=one("sort", SORTS, "relevance"),
        literal=several("literal", LITERAL),
    )
    return asked, tuple(ignored)


def parameters(asked: Asked, without: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """The question as pairs for an address; what is as usual is left out."""
    for item in fields(asked):
        value = getattr(asked, item.name)
        if item.name in without or value == getattr(DEFAULTS, item.name):
            continue
        yield from ((item.name, part) for part in ((value,) if isinstance(value, str) else value))


def one_line(text: str) -> str:
    """The text without characters that are no text, on one line."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())


def rough(total: int) -> int:
    """A count rounded down to tens, so that one document more or less does not show."""
    return total - total % 10


def _first(values: Mapping[str, Sequence[str]], name: str) -> str:
    given = values.get(name) or ("",)
    return given[0].strip()
