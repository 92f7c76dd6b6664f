"""Towns and villages that a question may name: candidates from the text, one look or two."""

import re
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.gazetteer import Place, Span
from exchange.geography.models import Division
from exchange.geography.place_names import (
    FINE_ENDINGS,
    breaks_a_word,
    forms_with_ending,
    forms_without_ending,
    is_han,
    stem_of,
)
from exchange.geography.queries import in_force
from exchange.geography.rules import Level, code_range, short_name, text_range

VILLAGE_ENDINGS = ("村", "社区", "居委会", "嘎查")
VILLAGE_MARKS = (*VILLAGE_ENDINGS, "委员会", "委会")
ENDING = re.compile("|".join(FINE_ENDINGS))
STEMS = range(1, 7)  # signs of a name before its ending
WORDS = range(2, 7)  # signs of a word that may be a bare name
MOST_ENDINGS, MOST_WORDS, MOST_AREAS = 6, 5, 4
MOST_ROWS = 60
Candidates = dict[tuple[int, int], str]


def with_endings(text: str) -> Candidates:
    """Stretches that end like a township or a village, by their place in the folded text."""
    found: Candidates = {}
    for ending in list(ENDING.finditer(text))[:MOST_ENDINGS]:
        if breaks_a_word(text, ending.end()):
            continue
        for length in STEMS:
            start = ending.start() - length
            if start < 0 or not is_han(text[start]):
                break
            found[start, ending.end()] = text[start : ending.end()]
    return found


def bare_words(text: str, coarse: Sequence[Span]) -> Candidates:
    """Words between spaces, without the coarse places that they begin with: 关岭花江 → 花江."""
    found: Candidates = {}
    for first, end in segments(text):
        start = first
        for span in coarse:
            start = span.end if span.start == start else start
        word = text[start:end]
        if len(word) in WORDS and not any(start < one.end and one.start < end for one in coarse):
            found[start, end] = word
    return dict(list(found.items())[:MOST_WORDS])


def segments(text: str) -> list[tuple[int, int]]:
    """The runs of Chinese characters of a text."""
    found, start = [], None
    for at, sign in enumerate([*text, " "]):
        if is_han(sign):
            start = at if start is None else start
        elif start is not None:
            found.append((start, at))
            start = None
    return found


def fine_spans(
    session: Session, named: Candidates, bare: Candidates, areas: Sequence[str]
) -> list[Span]:
    """The candidates that towns or villages have as a name, in two queries at most.

    Villages are looked for within ``areas`` (codes) first, and in the whole country those that
    stand with their ending and are not found there: many villages have the same name.
    """
    if not named and not bare:
        return []
    looked = tuple(areas)[:MOST_AREAS]
    by_name = _by_name(_read(session, named.values(), bare.values(), looked))
    missing = [
        text for text in named.values() if text not in by_name and text.endswith(VILLAGE_ENDINGS)
    ]
    if looked and missing:
        by_name = {**_by_name(_read(session, missing, (), ())), **by_name}
    spans = [
        Span(start, end, tuple(by_name.get(text, ())), whole=whole)
        for candidates, whole in ((named, True), (bare, False))
        for (start, end), text in candidates.items()
    ]
    return [span for span in spans if span.options]


def _by_name(places: Iterable[Place]) -> dict[str, list[Place]]:
    """Places by what people call them, with the ending and without."""
    found: dict[str, list[Place]] = {}
    for place in places:
        short = short_name(place.name, place.level)
        stem = stem_of(short, place.level)
        ending = next((one for one in FINE_ENDINGS if short.endswith(one)), "")
        names = {place.name, short, stem}
        if ending and stem != short:
            names.add(stem + ending)  # 黄腊布依族苗族乡 → 黄腊乡
            names.add(stem + "居委会" if place.name.endswith("民委员会") else short)
        for name in names:
            found.setdefault(name, []).append(place)
    return found


def _read(
    session: Session, named: Iterable[str], bare: Iterable[str], areas: Sequence[str]
) -> list[Place]:
    texts, words = dict.fromkeys(named), dict.fromkeys(bare)
    names = [form for text in texts for form in forms_with_ending(text)]
    names += [form for word in words for form in forms_without_ending(word)]
    towns = [name for name in names if not name.endswith(VILLAGE_MARKS)]
    villages = [name for name in names if name.endswith(VILLAGE_MARKS)]
    stems = [text.removesuffix("乡") for text in texts if text.endswith("乡")]
    heads = [stem for stem in (*stems, *words) if len(stem) > 1]
    wanted = [
        *([_named(Level.TOWNSHIP, towns)] if towns else []),
        *([sa.and_(_named(Level.VILLAGE, villages), _below(areas))] if villages else []),
        *map(_peoples_township, heads),
    ]
    query = sa.select(Division.code, Division.name, Division.level)
    query = query.where(sa.or_(*wanted), in_force()).limit(MOST_ROWS)
    return [Place(code, name, level) for code, name, level in session.execute(query)]


def _named(level: Level, names: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.and_(Division.level == level, Division.name.in_(dict.fromkeys(names)))


def _peoples_township(head: str) -> sa.ColumnElement[bool]:
    """Townships whose name goes on with peoples: 黄腊 → 黄腊布依族苗族乡. A range of the index."""
    first, end = text_range(head)
    return sa.and_(
        Division.level == Level.TOWNSHIP,
        Division.name >= first,
        Division.name < end,
        Division.name.endswith("族乡"),
    )


def _below(areas: Sequence[str]) -> sa.ColumnElement[bool]:
    ranges = (code_range(area) for area in areas)
    inside = [sa.and_(Division.code >= first, Division.code < end) for first, end in ranges]
    return sa.or_(*inside) if inside else sa.true()
