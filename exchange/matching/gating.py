"""The gates of ``rules`` over whole columns; a property test holds the two equal, pair by pair.

That an owner is in good standing is not a column: it changes without the listing.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from exchange.kernel.decisions import Decision
from exchange.matching.columns import Columns, Rows
from exchange.matching.places import NOWHERE
from exchange.matching.rules import categories_compatible
from exchange.matching.values import ListingFacts

NOBODY = ListingFacts(id=0, side="")


def passing(
    columns: Columns, row: int, today: date, bad_owners: Collection[int] = ()
) -> Rows:
    """Rows of the listings that pass every gate together with the listing of ``row``, ascending.

    ``bad_owners`` are the organisations that were refused or suspended.
    """
    used = slice(0, columns.size)
    day = today.toordinal()
    first, last = columns.first_day, columns.last_day
    if columns.last_day[row] < day or columns.is_used_up[row]:
        return np.empty(0, np.intp)
    if columns.owner[row] in bad_owners:
        return np.empty(0, np.intp)
    fits = columns.is_need[used] != columns.is_need[row]
    fits &= columns.owner[used] != columns.owner[row]
    fits &= last[used] >= day
    fits &= ~columns.is_used_up[used]
    fits &= np.maximum(first[used], first[row]) <= np.minimum(last[used], last[row])
    fits &= reaching(columns, row)
    fits &= _table(columns, row, "category", categories_compatible)[columns.category[used]]
    if bad_owners:
        fits &= ~np.isin(columns.owner[used], list(bad_owners))
    return np.flatnonzero(fits)


def _table(
    columns: Columns, row: int, name: str, rule: Callable[[ListingFacts, ListingFacts], Decision]
) -> NDArray[np.bool_]:
    """For each category, or terms, of the other side whether the rule lets it through."""
    names = {"category": columns.categories, "terms": columns.terms_names}[name].all
    own, is_need = int(getattr(columns, name)[row]), bool(columns.is_need[row])
    found = columns.tables.get((name, is_need, own))
    if found is None or len(found) != len(names):
        me, *others = (_with(name, each) for each in (names[own], *names))
        answers = [rule(me, other) if is_need else rule(other, me) for other in others]
        found = columns.tables[name, is_need, own] = np.array([bool(a) for a in answers])
    return found


def _with(name: str, value: str) -> ListingFacts:
    is_category = name == "category"
    return replace(NOBODY, category=value) if is_category else replace(NOBODY, terms=value)


def reaching(columns: Columns, row: int) -> NDArray[np.bool_]:
    """Whether the offer of the two covers the need's division, for each row as the other one."""
    if columns.is_need[row]:
        contains = columns.reaches.containing(int(columns.place[row]))
        return np.asarray(contains[columns.reach[: columns.size]], np.bool_)
    places = columns.place[: columns.size]
    found = np.zeros(columns.size, np.bool_)
    for low, high in columns.reaches.ranges(int(columns.reach[row])):
        found |= (places >= low) & (places < high)
    found &= places != NOWHERE
    return found
