"""Real places for generated sites: counties, townships and villages of eight provinces."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from exchange.geography.loading import shipped_divisions
from exchange.geography.packing import Row
from exchange.geography.rules import chain_of, display_name, is_group, level_of
from exchange.listings.rules import names_a_person

PROVINCES = ("13", "43", "45", "50", "51", "52", "53", "62")
MOST_TOWNSHIPS, MOST_VILLAGES = 3_000, 6_000
DRAW = 23  # the same places for every seed


@dataclass(frozen=True, slots=True)
class Place:
    """A place, from the province down; ``zh`` and ``en`` are its own name as people use it."""

    codes: tuple[str, ...]
    zh: str
    en: str
    words: tuple[str, ...]
    latitude: int | None
    longitude: int | None

    @property
    def code(self) -> str:
        return self.codes[-1]


@dataclass(frozen=True)
class Places:
    """Some of the country, by level; ``all`` finds every one of them by its code."""

    counties: tuple[Place, ...]
    townships: tuple[Place, ...]
    villages: tuple[Place, ...]
    all: Mapping[str, Place]


@cache
def some_places(provinces: tuple[str, ...] = PROVINCES) -> Places:
    """The places of these provinces: all counties, a sample of what lies below."""
    rows = {row.code: row for code in provinces for row in shipped_divisions().province(code)}
    draw = Random(DRAW)
    townships = _sample(draw, _named(rows, 9), MOST_TOWNSHIPS)
    villages = _sample(draw, _named(rows, 12), MOST_VILLAGES)
    counties = _sample(draw, _named(rows, 6), len(rows))
    wide = [code for code in rows if len(code) < 6]
    above = {code for one in (*townships, *villages) for code in chain_of(one)}
    made = {code: _place(rows, code) for code in sorted({*above, *townships, *counties, *wide})}
    made |= {code: _place(rows, code) for code in villages}
    return Places(
        counties=tuple(made[code] for code in counties),
        townships=tuple(made[code] for code in townships),
        villages=tuple(made[code] for code in villages),
        all=made,
    )


def _named(rows: Mapping[str, Row], length: int) -> Iterator[str]:
    """Codes of places that a text may name: no mere groups, nothing that sounds like a person."""
    for code, row in rows.items():
        grouped = any(is_group(above, rows[above].name) for above in chain_of(code)[2:])
        if len(code) == length and not grouped and not names_a_person(row.name):
            yield code


def _sample(draw: Random, codes: Iterable[str], most: int) -> list[str]:
    given = sorted(codes)
    return draw.sample(given, min(most, len(given)))


def _place(rows: Mapping[str, Row], code: str) -> Place:
    path = [rows[above] for above in chain_of(code)]
    words = [word for row in path for word in (row.name, _label(row, "zh"), _label(row, "en"))]
    placed = next((row for row in reversed(path) if row.latitude is not None), None)
    return Place(
        codes=tuple(row.code for row in path),
        zh=_label(path[-1], "zh"),
        en=_label(path[-1], "en"),
        words=tuple(dict.fromkeys(words)),
        latitude=placed.latitude if placed else None,
        longitude=placed.longitude if placed else None,
    )


def _label(row: Row, locale: str) -> str:
    return display_name(row.name, level_of(row.code), locale)
