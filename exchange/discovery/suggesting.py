"""What discovery suggests while somebody types: categories, places, and what others ask often."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from exchange.geography.models import Division
from exchange.geography.place_names import fold, stem_of
from exchange.geography.place_search import search_divisions
from exchange.geography.queries import PathPlace, paths
from exchange.geography.rules import CITY_DIGITS, COUNTY_DIGITS, Level, path_label
from exchange.search.suggestions import (
    BEGINS,
    EXACT,
    SPELLED,
    Suggestion,
    SuggestionSource,
    Typed,
)
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.category_search import find_categories

CATEGORY, PLACE, QUERY = "category", "place", "query"
MOST_CATEGORIES = 4
MOST_PLACES = 4
LEAST_OF_PLACE = 2
PROVINCE_DIGITS = 2
FINENESS = {level: depth for depth, level in enumerate(Level)}
FrequentQueries = Callable[[Session, str, int], Sequence[str]]


def head_and_last(text: str) -> tuple[str, str]:
    """The last word and what stands before it: a place or a category may follow other words."""
    head, _, last = text.rpartition(" ")
    return head.strip(), last


def suggest_categories(_session: Session, typed: Typed, limit: int) -> list[Suggestion]:
    """Categories named by all that is typed, or by its last word."""
    found = [("", one) for one in find_categories(typed.text, MOST_CATEGORIES)]
    head, last = head_and_last(typed.text)
    if not found and head:
        found = [(head, one) for one in find_categories(last, MOST_CATEGORIES)]
    return [
        Suggestion(
            kind=CATEGORY,
            label=taxonomy().name(one.category.code, typed.locale),
            detail=_why(one.word, one.category.code, typed.locale),
            score=one.score,
            text=head,
            filters=(("category", one.category.code),),
        )
        for head, one in found[:limit]
    ]


def _why(word: str, code: str, locale: str) -> str:
    """The group around a category, and the word that fits where the name does not hold it."""
    above = [one.name(locale) for one in taxonomy().path(code)[:-1]]
    category = taxonomy().category(code)
    said = [word] if word not in (category.zh, category.en) else []
    return " · ".join((*above, *said))


def suggest_places(session: Session, typed: Typed, limit: int) -> list[Suggestion]:
    """Places that the last word begins; villages of the reader's county only."""
    head, last = head_and_last(typed.text)
    if len(last) < LEAST_OF_PLACE or last.isdigit():
        return []
    found = search_divisions(session, last, None, typed.near, 2 * MOST_PLACES)
    kept = [one for one in found if _is_of_use(one, typed.near or "", last)]
    scored = sorted(
        ((_place_score(one, last, typed.near or ""), one) for one in kept),
        key=lambda pair: -pair[0],
    )
    best = [(score, one) for score, one in scored if score][: min(limit, MOST_PLACES)]
    lines = paths(session, [one.code for _, one in best])
    return [
        Suggestion(
            kind=PLACE,
            label=one.label(typed.locale),
            detail=_above(lines.get(one.code, ()), typed.locale),
            score=score,
            text=head,
            filters=(("division", one.code),),
        )
        for score, one in best
    ]


def _is_of_use(place: Division, near: str, word: str) -> bool:
    """Small places count where the reader is: the country has thousands of every name."""
    if place.level is Level.VILLAGE:
        return len(near) >= COUNTY_DIGITS and place.code.startswith(near[:COUNTY_DIGITS])
    if place.level is Level.TOWNSHIP:
        around = near[:CITY_DIGITS] if word.isascii() else near[:PROVINCE_DIGITS]
        return place.code.startswith(around) and (bool(near) or not word.isascii())
    return True


def _above(line: Sequence[PathPlace], locale: str) -> str:
    return path_label([(one.code, one.name) for one in line[:-1]], locale) if len(line) > 1 else ""


def _place_score(place: Division, word: str, near: str) -> float:
    """How well the name fits; coarse before fine and near before far among those that fit alike."""
    finer = 0.1 * max(0, FINENESS[place.level] - FINENESS[Level.COUNTY])
    nearer = 0.03 * sum(
        len(near) >= digits and place.code.startswith(near[:digits])
        for digits in (PROVINCE_DIGITS, CITY_DIGITS)
    )
    asked, bonus = fold(word), nearer - finer
    if asked in (fold(place.name), fold(place.label("zh")), fold(stem_of(place.name, place.level))):
        return EXACT + bonus
    if fold(place.name).startswith(asked):
        return BEGINS + bonus
    if (place.pinyin or "").startswith(asked) or place.initials.startswith(asked):
        return SPELLED + bonus
    return 0.0


def frequent_queries_source(find: FrequentQueries, priority: int = 20) -> SuggestionSource:
    """What others ask often, as a source: ``find(session, beginning, limit)`` gives questions."""

    def suggest_queries(session: Session, typed: Typed, limit: int) -> list[Suggestion]:
        asked = find(session, typed.text, limit)
        return [
            Suggestion(kind=QUERY, label=one, score=BEGINS - 0.02 * rank, text=one)
            for rank, one in enumerate(asked)
            if one != typed.text
        ]

    return SuggestionSource("queries", priority, suggest_queries)


CATEGORIES_SOURCE = SuggestionSource("categories", 10, suggest_categories)
PLACES_SOURCE = SuggestionSource("places", 30, suggest_places)
