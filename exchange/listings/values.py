"""What an author says in a listing, as one immutable value, before and after it is stored."""

import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from exchange.listings.kinds import Urgency, Visibility
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.rules import tells_more_of_place, widens
from exchange.taxonomy.terms import Terms

# A change of one of these is a change of what, where or how much, or of words that others read.
SUBSTANCE = (
    "title", "text", "category_code", "division_code", "quantity_milli", "unit", "coverage",
    "public_title", "licence",
)  # fmt: skip


@dataclass(frozen=True)
class ListingValues:
    """All that an author may set. ``visibility`` None means what the rules say by default."""

    title: str = ""
    text: str = ""
    category_code: str | None = None
    division_code: str | None = None
    public_title: str | None = None
    public_division_code: str | None = None
    quantity_milli: int | None = None
    unit: str | None = None
    lot_milli: int | None = None
    is_whole: bool = False
    terms: Terms = Terms.FREE
    from_date: date | None = None
    to_date: date | None = None
    urgency: Urgency = Urgency.NORMAL
    beneficiaries: tuple[str, ...] = ()
    visibility: Visibility | None = None
    coverage: tuple[str, ...] = ()
    licence: str | None = None

    def cleaned(self) -> "ListingValues":
        """The same without characters that no text has, and with empty optional texts as None."""
        texts: dict[str, Any] = {
            "title": one_line(self.title),
            "text": clean_text(self.text),
            "public_title": one_line(self.public_title or "") or None,
            "licence": one_line(self.licence or "") or None,
            "unit": one_line(self.unit or "") or None,
            "lot_milli": None if self.is_whole else self.lot_milli,
            "category_code": self.category_code or None,
            "division_code": self.division_code or None,
            "public_division_code": self.public_division_code or None,
            "beneficiaries": tuple(dict.fromkeys(self.beneficiaries)),
            "coverage": tuple(sorted(set(self.coverage))),
        }
        return replace(self, **texts)


VALUE_NAMES = tuple(item.name for item in fields(ListingValues))


def clean_text(text: str) -> str:
    """The text without control characters, lone surrogates and blanks at its ends."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        c for c in unified if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn")
    )
    return "".join(kept).strip()


def one_line(text: str) -> str:
    """The text cleaned and on one line."""
    return " ".join(clean_text(text).split())


def values_of(listing: Listing) -> ListingValues:
    """What the author has said so far."""
    return ListingValues(
        title=listing.title,
        text=listing.text,
        category_code=listing.category_code,
        division_code=listing.division_code,
        public_title=listing.public_title,
        public_division_code=listing.public_division_code,
        quantity_milli=listing.quantity_milli,
        unit=listing.unit,
        lot_milli=listing.lot_milli,
        is_whole=bool(listing.is_whole),
        terms=listing.terms,
        from_date=listing.from_date,
        to_date=listing.to_date,
        urgency=listing.urgency,
        beneficiaries=tuple(listing.beneficiaries),
        visibility=listing.visibility,
        coverage=listing.serves,
        licence=listing.licence,
    )


def put_values(listing: Listing, values: ListingValues) -> None:
    """Write the values into the listing; a visibility of None leaves the one it has."""
    for name in VALUE_NAMES:
        if name not in ("beneficiaries", "coverage", "visibility"):
            setattr(listing, name, getattr(values, name))
    listing.beneficiaries = list(values.beneficiaries)
    listing.visibility = values.visibility or listing.visibility
    kept = {row.prefix: row for row in listing.coverage}
    listing.coverage = [kept.get(p) or ListingCoverage(prefix=p) for p in values.coverage]


def former_values(old: ListingValues, new: ListingValues) -> dict[str, Any]:
    """The old values of the fields that differ, ready to be stored as JSON."""
    return {
        name: _storable(getattr(old, name))
        for name in VALUE_NAMES
        if getattr(old, name) != getattr(new, name)
    }


def changes_substance(old: ListingValues, new: ListingValues) -> bool:
    """Whether a reviewer would look again: other words, or more shown, or to more people."""
    if any(getattr(old, name) != getattr(new, name) for name in SUBSTANCE):
        return True
    places = [values.public_division_code or values.division_code for values in (old, new)]
    if tells_more_of_place(*places):
        return True
    seen, wanted = old.visibility, new.visibility
    return seen is not None and wanted is not None and widens(seen, wanted)


def words_of(values: ListingValues) -> str:
    """All that is said in free words about people: title, text and the title for others."""
    return "\n".join((values.title, values.text, values.public_title or ""))


def _storable(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
