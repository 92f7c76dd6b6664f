"""How facets relate to filters and tokens."""

from dataclasses import replace
from typing import Any

from exchange.search.port import DIVISION_LENGTHS, Facet, Filters

FACET_FILTERS = {
    Facet.KIND: "kind",
    Facet.SIDE: "side",
    Facet.CATEGORY: "category",
    Facet.TERMS: "terms",
    Facet.BENEFICIARY: "beneficiary",
    Facet.URGENCY: "urgency",
}
_FIELDS = {
    Facet.KIND: "kinds",
    Facet.SIDE: "sides",
    Facet.CATEGORY: "categories",
    Facet.TERMS: "terms",
    Facet.BENEFICIARY: "beneficiaries",
    Facet.URGENCY: "urgencies",
}


def without_filter(filters: Filters, facet: Facet) -> Filters:
    """The filters under which a facet is counted: all but its own."""
    if facet is Facet.DIVISION:
        return filters
    nothing: dict[str, Any] = {_FIELDS[facet]: ()}
    return replace(filters, **nothing)


def part_length(division: str) -> int:
    """How long the codes of a division's parts are; 0 for a village."""
    if not division or division == "CN":
        return DIVISION_LENGTHS[0]
    return next((length for length in DIVISION_LENGTHS if length > len(division)), 0)
