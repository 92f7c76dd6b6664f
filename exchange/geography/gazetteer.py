"""Provinces, cities and counties by everything people call them, in memory.

There are 3,400 of them and their short names stand in no column, so each process keeps one table.
Towns and villages, 660,000, are asked for in the database.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.models import Division
from exchange.geography.place_names import breaks_a_word, stem_of, whole_names
from exchange.geography.queries import in_force
from exchange.geography.romanisation import OWN_SPELLING, syllables
from exchange.geography.rules import Level, is_group

COARSE = (Level.PROVINCE, Level.CITY, Level.COUNTY)
KEPT_SECONDS = 300.0  # so long a change by an administrator may go unnoticed
WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*")
MOST_WORDS = 3  # of a name in Latin letters: Da Hinggan Ling
KINDS = {
    Level.PROVINCE: ("province", "sheng", "region"),
    Level.CITY: ("city", "prefecture", "shi", "zhou", "municipality"),
    Level.COUNTY: ("county", "district", "city", "xian", "qu", "shi", "banner"),
}
PINYIN_ENDINGS = {
    "省": "sheng", "市": "shi", "地区": "diqu", "盟": "meng", "县": "xian", "区": "qu",
    "旗": "qi", "特区": "tequ", "新区": "xinqu", "林区": "linqu", "特别行政区": "tebiexingzhengqu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A division as mentions need it."""

    code: str
    name: str
    level: Level
    pinyin: str = ""

    @property
    def stem(self) -> str:
        """Its name without its kind."""
        return stem_of(self.name, self.level)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text and the places that it may name. ``whole``: with its kind."""

    start: int
    end: int
    options: tuple[Place, ...]
    whole: bool = False
    latin: bool = False


class Gazetteer:
    """Looks up coarse places; see the module."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self._whole: dict[str, list[Place]] = {}
        self._short: dict[str, list[Place]] = {}
        self._heads: dict[str, int] = {}
        for place in self.places:
            for name in whole_names(place.name, place.level):
                self._add(self._whole, name, place)
            if place.stem != place.name:
                self._add(self._short, place.stem, place)

    def _add(self, names: dict[str, list[Place]], name: str, place: Place) -> None:
        names.setdefault(name, []).append(place)
        self._heads[name[:2]] = max(self._heads.get(name[:2], 0), len(name))

    def spans(self, text: str) -> list[Span]:
        """What a folded text names, from the left, the longest name at each position first."""
        found, at = [], 0
        while at < len(text):
            span = self._at(text, at)
            if span:
                found.append(span)
            at = span.end if span else at + 1
        return sorted([*found, *self._latin_spans(text)], key=lambda span: span.start)

    def _at(self, text: str, start: int) -> Span | None:
        longest = self._heads.get(text[start : start + 2], 0)
        for end in range(min(start + longest, len(text)), start + 1, -1):
            name = text[start:end]
            if name in self._whole and not breaks_a_word(text, end):
                return Span(start, end, tuple(self._whole[name]), whole=True)
            if name in self._short:
                return Span(start, end, tuple(self._short[name]))
        return None

    def _latin_spans(self, text: str) -> list[Span]:
        words = list(WORD.finditer(text))
        found, at = [], 0
        while at < len(words):
            span, used = self._latin_at(text, words, at)
            if span:
                found.append(span)
            at += used
        return found

    def _latin_at(
        self, text: str, words: Sequence[re.Match[str]], at: int
    ) -> tuple[Span | None, int]:
        for used in range(min(MOST_WORDS, len(words) - at), 0, -1):
            first, last = words[at], words[at + used - 1]
            between = text[first.start() : last.end()]
            key = re.sub(r"['’ ]", "", between)
            if not key.isalpha() or not (options := self._latin.get(key)):
                continue
            kind = words[at + used] if at + used < len(words) else None
            fitting = _of_kind(options, kind.group()) if kind else ()
            if kind and fitting and text[last.end() : kind.start()] == " ":
                return Span(first.start(), kind.end(), fitting, whole=True, latin=True), used + 1
            return Span(first.start(), last.end(), options, latin=True), used
        return None, 1

    @cached_property
    def _latin(self) -> dict[str, tuple[Place, ...]]:
        """Names in Latin letters, run together, without and with their kind."""
        names: dict[str, dict[str, Place]] = {}
        for place in self.places:
            for key in _latin_keys(place):
                names.setdefault(key, {})[place.code] = place
        return {key: tuple(places.values()) for key, places in names.items()}


def _latin_keys(place: Place) -> set[str]:
    stem = place.stem
    ending = place.name.removeprefix(stem)
    if ending in PINYIN_ENDINGS and place.pinyin.endswith(PINYIN_ENDINGS[ending]):
        bare = place.pinyin.removesuffix(PINYIN_ENDINGS[ending])
    else:
        bare = "".join(syllables(stem))
    keys = {bare, place.pinyin, re.sub(r"[' ]", "", OWN_SPELLING.get(stem, "").lower())}
    return {key for key in keys if len(key) > 2 and key.isascii() and key.isalpha()}


def _of_kind(options: Sequence[Place], kind: str) -> tuple[Place, ...]:
    return tuple(place for place in options if kind in KINDS[place.level])


_kept: WeakKeyDictionary[sa.Engine, tuple[float, Gazetteer]] = WeakKeyDictionary()


def gazetteer(session: Session) -> Gazetteer:
    """The table of this process for the session's database; read anew every few minutes."""
    engine = session.get_bind().engine
    made, kept = _kept.get(engine, (0.0, None))
    if kept is None or not kept.places or monotonic() - made > KEPT_SECONDS:
        kept = Gazetteer(_read(session))
        _kept[engine] = (monotonic(), kept)
    return kept


def _read(session: Session) -> list[Place]:
    query = sa.select(Division.code, Division.name, Division.level, Division.pinyin)
    rows = session.execute(query.where(Division.level.in_(COARSE), in_force()))
    return [
        Place(code, name, level, pinyin or "")
        for code, name, level, pinyin in rows
        if not is_group(code, name)
    ]
