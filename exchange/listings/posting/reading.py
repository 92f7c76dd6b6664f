"""Reading what the form sent into values, and saying by field what could not be read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.geography.place_search import resolve_place
from exchange.geography.queries import path
from exchange.geography.rules import Level, is_code, path_label
from exchange.kernel.actor import WHOLE_COUNTRY
from exchange.listings.amounts import amount_fault, quantity_milli
from exchange.listings.checking import Problems
from exchange.listings.kinds import Door, Side, Urgency, Visibility
from exchange.listings.posting.understanding import DATES, QUANTITY, Understanding
from exchange.listings.values import ListingValues, clean_text, one_line
from exchange.taxonomy.terms import Terms

SEPARATORS = re.compile(r"[、,，;；\n]+")
MOST_PLACES = 20


@dataclass(frozen=True)
class Sent:
    """What the form sent: its fields, the place picker's two, and taps on what was understood.

    ``guess`` is the category that stands ticked and ``guessed`` the one the server had ticked;
    ``seen`` are the marks of the chips that were shown and ``kept`` the names of those left ticked.
    """

    fields: Mapping[str, Any]
    place_code: str = ""
    place_text: str = ""
    guess: str = ""
    guessed: str = ""
    seen: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    @property
    def tapped(self) -> str:
        """The category that the person ticked; empty while it is the one the server ticked."""
        return one_line(self.guess[:60]) if self.guess != self.guessed else ""

    def keeps(self, name: str, understood: Understanding) -> bool:
        """Whether a chip counts: it does until it is tapped away while saying the same."""
        mark = understood.marks.get(name)
        return mark is not None and (mark not in self.seen or name in self.kept)

    def text(self, name: str, longest: int = 6000) -> str:
        """A field as text; much longer than allowed is cut, so that it is refused cheaply."""
        return clean_text(str(self.fields.get(name) or "")[:longest])

    def many(self, name: str) -> tuple[str, ...]:
        """A field with several values."""
        found = self.fields.get(name) or ()
        return tuple(one_line(str(one)[:60]) for one in found[:60])


@dataclass(frozen=True)
class Reading:
    """Values, what could not be read, and places that a typed name may mean."""

    values: ListingValues
    problems: Problems
    offers: tuple[tuple[str, str], ...] = ()


def read_sent(
    session: Session,
    sent: Sent,
    door: Door,
    understood: Understanding,
    home: str | None,
    locale: str,
) -> Reading:
    """Make values of what was sent; what the author left empty comes from the understanding."""
    problems: Problems = {}
    place, offers = _place(session, sent, home, locale, problems)
    level = sent.text("public_level")
    values = ListingValues(
        title=one_line(sent.text("title")),
        text=clean_text(sent.text("text")),
        category_code=_category(sent, understood),
        division_code=place,
        public_title=one_line(sent.text("public_title")) or None,
        public_division_code=_coarser(place, level),
        terms=_terms(sent, door),
        urgency=_one_of(Urgency, sent.text("urgency")) or Urgency.NORMAL,
        beneficiaries=sent.many("beneficiaries"),
        visibility=_one_of(Visibility, sent.text("visibility")),
        coverage=_coverage(session, sent, door.side, place, home, problems),
        licence=one_line(sent.text("licence")) or None,
    )
    values = _with_lot(_with_quantity(values, sent, understood, problems), sent, problems)
    return Reading(_with_dates(values, sent, understood, problems), problems, offers)


def default_terms(door: Door) -> Terms:
    """What is usual behind a door."""
    return Terms.PAID if door is Door.SELL else Terms.FREE


def terms_offered(door: Door) -> tuple[Terms, ...]:
    """The terms to choose from behind a door: nobody sells for nothing."""
    return tuple(one for one in Terms if door is not Door.SELL or one is not Terms.FREE)


def place_label(session: Session, code: str | None, locale: str) -> str:
    """A place as one line from the county on; empty when it is unknown."""
    line = path(session, code) if code else ()
    return path_label([(d.code, d.name) for d in line], locale, Level.COUNTY) if line else ""


def default_coverage(division: str | None) -> tuple[str, ...]:
    """An offer reaches its own county when nothing else is said."""
    return (division[:6],) if division else ()


def _category(sent: Sent, understood: Understanding) -> str | None:
    chosen = sent.text("category", 60) or sent.tapped
    return chosen or next(iter(understood.categories), None)


def _terms(sent: Sent, door: Door) -> Terms:
    chosen: Terms | None = _one_of(Terms, sent.text("terms"))
    return chosen if chosen in terms_offered(door) else default_terms(door)


def _one_of(kind: Any, text: str) -> Any:
    return next((member for member in kind if member.value == text), None)


def _coarser(place: str | None, level: str) -> str | None:
    if place is None or level not in ("6", "9") or len(place) <= int(level):
        return None
    return place[: int(level)]


def _place(
    session: Session, sent: Sent, home: str | None, locale: str, problems: Problems
) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    code = sent.place_code if is_code(sent.place_code) else None
    typed = one_line(sent.place_text[:80])
    if not typed or (code and typed == place_label(session, code, locale)):
        return code or home, ()
    if code is not None and not typed:
        return code, ()
    found = resolve_place(session, typed, home)
    if len(found) == 1:
        return found[0].code, ()
    if code is not None and code in {one.code for one in found}:
        return code, ()
    problems["division_code"] = ["place_unclear" if found else "unknown_place"]
    offers = tuple((one.code, place_label(session, one.code, locale)) for one in found[:6])
    return code, offers


def _coverage(
    session: Session,
    sent: Sent,
    side: Side,
    place: str | None,
    home: str | None,
    problems: Problems,
) -> tuple[str, ...]:
    if side is Side.NEED:
        return ()
    chosen = [c for c in sent.many("coverage") if c == WHOLE_COUNTRY or is_code(c)]
    for name in _names(sent.text("places", 400)):
        found = [name] if is_code(name) else [d.code for d in resolve_place(session, name, home)]
        if found:
            chosen.append(found[0])
        else:
            problems["coverage"] = ["unknown_place"]
    if WHOLE_COUNTRY in chosen:
        return (WHOLE_COUNTRY,)
    return tuple(dict.fromkeys(chosen)) or default_coverage(place)


def _names(text: str) -> Sequence[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()][:MOST_PLACES]


def _with_quantity(
    values: ListingValues, sent: Sent, understood: Understanding, problems: Problems
) -> ListingValues:
    typed, unit = sent.text("quantity", 40).strip(), sent.text("unit", 16) or None
    if typed:
        amount, fault = quantity_milli(typed), amount_fault(typed)
        if fault:
            problems["quantity_milli"] = [fault]
        return replace(values, quantity_milli=amount, unit=unit or understood.unit)
    if sent.keeps(QUANTITY, understood):
        return replace(
            values, quantity_milli=understood.quantity_milli, unit=unit or understood.unit
        )
    return values


def _with_lot(values: ListingValues, sent: Sent, problems: Problems) -> ListingValues:
    typed = sent.text("lot", 40).strip()
    lot = quantity_milli(typed) if typed else None
    fault = amount_fault(typed) if typed else None
    if fault:
        problems["lot_milli"] = [fault]
    return replace(values, lot_milli=lot, is_whole=bool(sent.fields.get("whole")))


def _with_dates(
    values: ListingValues, sent: Sent, understood: Understanding, problems: Problems
) -> ListingValues:
    first, last = sent.text("from_date", 20).strip(), sent.text("to_date", 20).strip()
    if not first and not last:
        if not sent.keeps(DATES, understood):
            return values
        return replace(values, from_date=understood.from_date, to_date=understood.to_date)
    return replace(
        values,
        from_date=_day("from_date", first, problems),
        to_date=_day("to_date", last, problems),
    )


def _day(name: str, text: str, problems: Problems) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems[name] = ["date_unreadable"]
        return None
