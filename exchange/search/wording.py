"""The words and the point under which a place and a category are found in documents."""

from collections.abc import Iterable, Sequence

from exchange.geography.queries import PathPlace
from exchange.search.port import Point
from exchange.taxonomy.categories import Category, taxonomy


def place_words(*lines: Iterable[PathPlace]) -> tuple[str, ...]:
    """All names of the divisions of these paths, each once."""
    words = (
        word
        for line in lines
        for place in line
        for word in (place.name, place.label("zh"), place.label("en"))
    )
    return tuple(dict.fromkeys(words))


def point_of(line: Sequence[PathPlace]) -> Point | None:
    """The centroid of the finest division of a path that has one: as a rule the county's."""
    for place in reversed(line):
        if place.latitude is not None and place.longitude is not None:
            return Point(place.latitude / 1e6, place.longitude / 1e6)
    return None


def categories_of(code: str | None) -> tuple[Category, ...]:
    """A category and those above it, from the top; nothing where the taxonomy lacks it."""
    return taxonomy().path(code) if code is not None and code in taxonomy() else ()


def category_words(categories: Sequence[Category]) -> tuple[str, ...]:
    """Names in both languages, and the other words for the category itself."""
    names = [name for one in categories for name in (one.zh, one.en)]
    return (*names, *(categories[-1].alternatives if categories else ()))
