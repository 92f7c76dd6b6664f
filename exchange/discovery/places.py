"""Places as the lists use them: what a person typed or chose, and where the reader is."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from exchange.geography.place_search import resolve_place
from exchange.geography.queries import path
from exchange.geography.rules import Level, is_code, path_label
from exchange.search.port import Point

COUNTY = 6


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
        return self.code[:COUNTY]


NOWHERE = PlaceChoice()


def place_of(session: Session, code: str | None, locale: str) -> PlaceChoice:
    """The place with this code; NOWHERE when there is none. One query."""
    if not code or not is_code(code):
        return NOWHERE
    line = path(session, code)
    if not line:
        return NOWHERE
    point = next(
        (
            Point(place.latitude / 1e6, place.longitude / 1e6)
            for place in reversed(line)
            if place.latitude is not None and place.longitude is not None
        ),
        None,
    )
    label = path_label([(place.code, place.name) for place in line], locale, Level.COUNTY)
    return PlaceChoice(code, label, point)


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
    if len(found) == 1:
        return place_of(session, found[0].code, locale)
    offers = [place_of(session, one.code, locale) for one in found]
    return PlaceChoice(offers=tuple((one.code, one.label) for one in offers))
