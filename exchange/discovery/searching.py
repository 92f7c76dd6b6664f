"""A search as people use it: a place named in the words narrows, a wrong spelling is mended, and
when nothing is found the question is made wider step by step. Whatever was done is said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from exchange.discovery.continuing import read_continuation, write_continuation
from exchange.discovery.finding import PAGE, Found, How, find
from exchange.discovery.place_reading import PlaceRead, read_place
from exchange.discovery.rules import Asked
from exchange.kernel.act import House
from exchange.kernel.actor import VISITOR, Actor
from exchange.listings.indexing import KIND as LISTING
from exchange.search.port import Facet, Point
from exchange.search.spellers import speller_of
from exchange.search.understanding.rewriting import SURE_ENOUGH
from exchange.search.wiring import search_index

SURE = 0.7  # of a reading that is searched even where nothing has all of its words
WARMING = ("lengku", "安顺 冷链车", "cold storage")
FACETS = (
    Facet.SIDE,
    Facet.CATEGORY,
    Facet.DIVISION,
    Facet.TERMS,
    Facet.BENEFICIARY,
    Facet.URGENCY,
)


@dataclass(frozen=True)
class Reader:
    """Who asks, and from where. ``near`` is a division's code, ``origin`` its point."""

    actor: Actor
    near: str
    origin: Point | None
    locale: str
    today: date


@dataclass(frozen=True)
class Outcome:
    """What was found, and how the question was taken.

    ``used`` is the question that was answered. ``place`` was read out of the words. ``mended`` are
    the words that were searched instead of those typed; ``meant`` are words that may have been
    meant, not searched. ``given_up`` names what was dropped to find anything: "place", "filters",
    "ended".
    """

    used: Asked
    found: Found
    place: PlaceRead | None = None
    mended: str = ""
    meant: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()


def search(
    session: Session,
    house: House,
    reader: Reader,
    asked: Asked,
    cursor: str | None = None,
    limit: int = PAGE,
    facets: tuple[Facet, ...] = FACETS,
    kinds: tuple[str, ...] = (LISTING,),
    *,
    as_typed: bool = False,
    as_narrow: bool = False,
) -> Outcome:
    """Answer a question. A cursor goes on with the question as it was taken on the first page; one
    of another question gives the first page and ``found.cursor_refused``. ``kinds``: listings
    alone, or projects beside them. ``as_typed``: something else is there for just these words, so
    that no other spelling was meant; ``as_narrow``: nor was a wider question.
    """
    continued = read_continuation(asked, cursor) if cursor else None
    if continued is not None:
        how = How(reader.origin, reader.today, continued.cursor, limit, kinds=kinds)
        found = find(session, house, reader.actor, continued.used, how)
        return _continued(asked, Outcome(continued.used, found))
    place = _place_in(session, reader, asked)
    where = place.words if place else ""
    how = How(reader.origin, reader.today, None, limit, facets, where, kinds)

    def ask(question: Asked) -> Found:
        return find(session, house, reader.actor, question, how)

    used = asked
    if place is not None:
        used = asked.but(q=place.rest_of_text or asked.q, division=place.code)
    outcome = Outcome(used, ask(used), place)
    if not as_typed:
        outcome = _mend(session, house, outcome, ask)
    if not as_narrow:
        outcome = _widen(outcome, ask)
    if cursor:
        outcome = replace(outcome, found=replace(outcome.found, cursor_refused=True))
    return _continued(asked, outcome)


def _continued(asked: Asked, outcome: Outcome) -> Outcome:
    """With a cursor that remembers how the question was taken."""
    found = outcome.found
    if found.next_cursor is None:
        return outcome
    cursor = write_continuation(asked, outcome.used, found.next_cursor)
    return replace(outcome, found=replace(found, next_cursor=cursor))


def _place_in(session: Session, reader: Reader, asked: Asked) -> PlaceRead | None:
    if not asked.q or asked.division or "place" in asked.literal:
        return None
    return read_place(session, asked.q, reader.near or None, reader.locale)


def _mend(
    session: Session, house: House, outcome: Outcome, ask: Callable[[Asked], Found]
) -> Outcome:
    """Try another spelling where no listing has all the words."""
    used = outcome.used
    if not used.q or outcome.found.full or outcome.found.is_plain or "spelling" in used.literal:
        return outcome
    speller = speller_of(house, session)
    if speller is None:
        return outcome
    reading = speller.read(used.q)
    guesses = [text for text in (reading.rewritten, *reading.suggestions) if text]
    if not guesses:
        return outcome
    likely = reading.rewritten if reading.confidence >= SURE_ENOUGH else None
    if likely is None and not outcome.found.shown:
        likely = guesses[0]
    if likely is not None:
        found = ask(used.but(q=likely))
        if found.full or reading.confidence >= SURE or not outcome.found.shown:
            others = tuple(text for text in guesses if text != likely)
            return Outcome(used.but(q=likely), found, outcome.place, likely, others)
    return Outcome(used, outcome.found, outcome.place, meant=tuple(guesses))


def _widen(outcome: Outcome, ask: Callable[[Asked], Found]) -> Outcome:
    """Drop the place, then the filters, then that it must be open, until something is found."""
    if outcome.found.shown or not outcome.used.q:
        return outcome
    given_up: tuple[str, ...] = ()
    question = outcome.used
    for name, wider in _steps(question):
        given_up = (*given_up, name)
        question = wider
        found = ask(question)
        if found.shown:
            return Outcome(question, found, outcome.place, outcome.mended, outcome.meant, given_up)
    return outcome


def _steps(asked: Asked) -> Iterator[tuple[str, Asked]]:
    if asked.division:
        asked = asked.but(division="")
        yield "place", asked
    narrow = (asked.category, asked.terms, asked.beneficiaries, asked.urgency, asked.ending)
    if any(narrow):
        asked = asked.but(category="", terms=(), beneficiaries=(), urgency="", ending="")
        yield "filters", asked
    if asked.state == "open":
        yield "ended", asked.but(state="all")


def warm_search(session: Session, house: House, today: date) -> None:
    """Load the segmenter, the encoder, places and words by asking as a visitor does."""
    reader = Reader(VISITOR, near="", origin=None, locale="zh", today=today)
    for words in WARMING:
        search(session, house, reader, Asked(q=words), limit=1)
    search_index(house).close()  # files are not shared between processes
