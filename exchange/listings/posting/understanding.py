"""What a text says already: category, quantity and dates, proposed so that a tap corrects them."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from exchange.listings.kinds import Door
from exchange.listings.rules import title_from
from exchange.search.reading.category import CategoryReader, CategoryRow
from exchange.search.reading.dates import read_dates
from exchange.search.reading.quantity import read_quantity
from exchange.taxonomy.categories import taxonomy

PRODUCE = "market.purchase"
MOST_CATEGORIES = 3
QUANTITY, DATES = "quantity", "dates"


@dataclass(frozen=True)
class Understanding:
    """Categories, the likeliest first; an amount with its unit; a first and a last day."""

    categories: tuple[str, ...] = ()
    quantity_milli: int | None = None
    unit: str | None = None
    from_date: date | None = None
    to_date: date | None = None

    @property
    def has_dates(self) -> bool:
        return self.from_date is not None or self.to_date is not None

    @property
    def marks(self) -> dict[str, str]:
        """What each chip says, by its name: when that changes, it is another chip."""
        found = {}
        if self.quantity_milli is not None:
            found[QUANTITY] = f"{QUANTITY}={self.quantity_milli}{self.unit or ''}"
        if self.has_dates:
            found[DATES] = f"{DATES}={self.from_date or ''}~{self.to_date or ''}"
        return found


def understand(text: str, door: Door, today: date) -> Understanding:
    """Read a text as it came through a door. Days that have passed are not proposed."""
    if not text.strip():
        return Understanding((PRODUCE,) if door is Door.SELL else ())
    categories = _categories(text, door)
    usual = taxonomy().default_unit(categories[0]) if categories else None
    found = (read_quantity(text, usual) if usual else None) or read_quantity(text)
    first, last = read_dates(text, today)
    over = last is not None and last < today
    return Understanding(
        categories=categories,
        quantity_milli=found.milli if found else None,
        unit=found.unit if found else None,
        from_date=None if over else first,
        to_date=None if over else last,
    )


@cache
def category_reader() -> CategoryReader:
    """The reader over the shipped taxonomy, by words alone: a page must not wait for an encoder."""
    rows = [
        CategoryRow(one.code, (one.zh, one.en, *one.alternatives), one.parent or "")
        for one in taxonomy().categories.values()
    ]
    return CategoryReader(rows)


def _categories(text: str, door: Door) -> tuple[str, ...]:
    title = title_from(text)
    proposed = [proposal.code for proposal in category_reader().propose(title, text)]
    first = [PRODUCE] if door is Door.SELL else []
    kept = dict.fromkeys([*first, *(code for code in proposed if code in taxonomy())])
    return tuple(kept)[:MOST_CATEGORIES]
