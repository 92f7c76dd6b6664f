"""Places as the lists use them: what a person typed or chose, and where the reader is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from exchange.geography.place_search import resolve_place
from exchange.geography.queries import PathPlace, path, paths
from exchange.geography.rules import COUNTY_DIGITS, Level, is_code, path_label
from exchange.search.port import Point
from exchange.search.wording import point_of


@dataclass(frozen=True)
class PlaceChoice:
    """A place with its name and point; or, where a name may mean several, what it may mean."""

    code: str = ""
    label: str = ""
    point: Point | None = None
    offers: tuple[tuple[str, str], ...] = ()

    @property
    def county(self) -> str:
        """The county around the place, or the place itself where it is larger."""
        return self.code[:COUNTY_DIGITS]


NOWHERE = PlaceChoice()


def place_of(session: Session, code: str | None, locale: str) -> PlaceChoice:
    """The place with this code; NOWHERE when there is none. One query."""
    if not code or not is_code(code):
        return NOWHERE
    line = path(session, code)
    if not line:
        return NOWHERE
    label = path_label([(place.code, place.name) for place in line], locale, Level.COUNTY)
    return PlaceChoice(code, label, point_of(line))


def typed_place(
    session: Session, code: str, text: str | None, near: str | None, locale: str
) -> PlaceChoice:
    """What a place field says: the chosen code, else what the typed text means.

    ``text`` None means that there was no text field; an emptied one takes the place away.
    """
    chosen = place_of(session, code, locale)
    if text is None or (chosen.code and text.strip() in (chosen.label, "")):
        return chosen if text is None or text.strip() else NOWHERE
    if not text.strip():
        return NOWHERE
    found = resolve_place(session, text, near)
    codes = [one.code for one in found]
    if chosen.code in codes or len(codes) == 1:
        return chosen if chosen.code in codes else place_of(session, codes[0], locale)
    lines = paths(session, codes)
    return PlaceChoice(offers=tuple((code, _whole_label(lines[code], locale)) for code in codes))


def _whole_label(line: Sequence[PathPlace], locale: str) -> str:
    """A place with all that is around it: several may have its name, also the county's."""
    return path_label([(place.code, place.name) for place in line], locale)
