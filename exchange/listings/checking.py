"""Checking what an author says against the lists, the law and the database, before it is stored.

``problems_of`` returns codes by field, so that a door can put each beside its field and the API
can answer with them. It is the one place that decides whether values may be published.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from exchange.geography.queries import division, paths
from exchange.geography.rules import COUNTY_DIGITS
from exchange.kernel.act import Act
from exchange.kernel.actor import WHOLE_COUNTRY
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Invalid
from exchange.listings.amounts import milli_fault
from exchange.listings.kinds import Side, Visibility
from exchange.listings.models import Listing
from exchange.listings.rules import (
    LONGEST,
    LONGEST_COVERAGE,
    dates_allowed,
    default_visibility,
    licence_allowed,
    lot_allowed,
    money_allowed,
    unit_allowed,
    visibility_allowed,
    whole_units,
)
from exchange.listings.values import ListingValues, words_of
from exchange.listings.wording import words_problem
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Beneficiary
from exchange.taxonomy.units import step_milli

Problems = dict[str, list[str]]
GROUPS = frozenset(Beneficiary)
FREE_WORDS = ("title", "text", "public_title", "licence", "unit")


def form_problems(values: ListingValues) -> Problems:
    """What could not even be stored in a draft: too long, too large."""
    found: Problems = defaultdict(list)
    for name, longest in LONGEST.items():
        if len(getattr(values, name) or "") > longest:
            found[name].append("too_long")
    if len(values.coverage) > LONGEST_COVERAGE:
        found["coverage"].append("too_many_places")
    for name in ("quantity_milli", "lot_milli"):
        milli = getattr(values, name)
        fault = None if milli is None else milli_fault(milli)
        if fault:
            found[name].append(fault)
    return dict(found)


def draft_problems(session: Session, values: ListingValues) -> Problems:
    """What is refused even in a draft: unknown codes, and what could not be stored."""
    found: Problems = defaultdict(list, form_problems(values))
    if values.category_code and values.category_code not in taxonomy():
        found["category_code"].append("unknown_category")
    if not set(values.beneficiaries) <= GROUPS:
        found["beneficiaries"].append("unknown_group")
    for name in ("division_code", "public_division_code"):
        code = getattr(values, name)
        if code and division(session, code) is None:
            found[name].append("unknown_place")
    places = [code for code in values.coverage if code != WHOLE_COUNTRY]
    if places and len(paths(session, places)) < len(places):
        found["coverage"].append("unknown_place")
    return dict(found)


def missing_or_misplaced(side: Side, values: ListingValues) -> Iterator[tuple[str, str]]:
    """What must be there before it is published, and what has no place in it."""
    for name in ("title", "text", "category_code", "division_code"):
        if not getattr(values, name):
            yield name, "required"
    if side is Side.NEED and 0 < len(values.division_code or "") < COUNTY_DIGITS:
        # No station serves a wider place alone: nobody could take the need up.
        yield "division_code", "place_too_wide"
    if values.quantity_milli is not None and not values.unit:
        yield "unit", "unit_required"
    if values.is_whole and values.quantity_milli is None:
        yield "is_whole", "lot_needs_quantity"
    if side is Side.NEED and values.coverage:
        yield "coverage", "coverage_only_offers"
    coarser = values.public_division_code
    if coarser and not (values.division_code or "").startswith(coarser):
        yield "public_division_code", "place_not_coarser"


def problems_of(act: Act, side: Side, values: ListingValues, *, open_now: bool = True) -> Problems:
    """Everything that stands against publishing the values, as codes by field."""
    found: Problems = defaultdict(list, draft_problems(act.session, values))
    for name, code in missing_or_misplaced(side, values):
        found[name].append(code)
    for name, decision in _decisions(act, side, values, open_now=open_now).items():
        if not decision:
            found[name].append(decision.code)
    for name in FREE_WORDS:
        problem = words_problem(getattr(values, name) or "")
        if problem:
            found[name].append(problem)
    return dict(found)


def _decisions(
    act: Act, side: Side, values: ListingValues, *, open_now: bool
) -> Mapping[str, Decision]:
    words = words_of(values)
    category, groups = values.category_code, values.beneficiaries
    wanted = values.visibility or Visibility.BROKERS
    lot, step = values.lot_milli, step_milli(values.unit or "")
    within = lot_allowed(lot, values.quantity_milli)
    return {
        "quantity_milli": whole_units(values.quantity_milli, step),
        "lot_milli": within and whole_units(lot, step),
        "to_date": dates_allowed(values.from_date, values.to_date, act.today, open_now=open_now),
        "licence": licence_allowed(side, category, values.licence),
        "unit": unit_allowed(values.unit),
        "text": money_allowed(side, category, words),
        "visibility": visibility_allowed(
            wanted, side, category, groups, words, values.public_title
        ),
    }


def promised_problems(listing: Listing, values: ListingValues) -> Problems:
    """What would change the meaning of what is promised already: less of it, or another unit."""
    promised = listing.committed_milli or 0
    found: Problems = {}
    if values.quantity_milli is not None and values.quantity_milli < promised:
        found["quantity_milli"] = ["quantity_below_committed"]
    if promised and values.unit != listing.unit:
        found["unit"] = ["unit_promised"]
    return found


def joined(problems: Problems, more: Problems) -> Problems:
    """The problems of both, by field."""
    return {
        name: [*problems.get(name, []), *more.get(name, [])]
        for name in dict.fromkeys((*problems, *more))
    }


def refuse_problems(problems: Problems) -> None:
    """Raise Invalid with the fields when there is any problem."""
    if problems:
        raise Invalid("listing_invalid", fields=problems)


def chosen_visibility(side: Side, values: ListingValues) -> Visibility:
    """The author's choice, or what the rules say by default."""
    words = words_of(values)
    return values.visibility or default_visibility(
        side, values.category_code, values.beneficiaries, words
    )
