"""Saved searches in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.alerts.kinds import Rhythm
from exchange.alerts.rules import LONGEST_NAME, cut
from exchange.discovery.rules import Asked
from exchange.listings.kinds import Side
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.terms import Beneficiary, Terms
from exchange.web.locale import locale_code

RHYTHMS: dict[Rhythm, Any] = {
    Rhythm.AT_ONCE: _l("At once"),
    Rhythm.DAILY: _l("Every day"),
    Rhythm.WEEKLY: _l("Every Monday"),
    Rhythm.FEED: _l("Only in the feed"),
}
SENTENCES: dict[str, Any] = {
    "search_too_wide": _l("Please give at least one word or filter first: a place, a category."),
    "search_unreadable": _l("We could not understand this search. Please search once more."),
    "search_name_form": _l("A name has between 1 and 60 characters."),
    "too_many_searches": _l("You follow %(most)s searches already. Please delete one first."),
}


def describe(asked: Asked, place: str) -> str:
    """The question in the reader's words; ``place`` is the label of its division."""
    sides = {Side.NEED.value: _("Needs"), Side.OFFER.value: _("Offers")}
    known = asked.category in taxonomy()
    parts = [
        asked.q,
        sides.get(asked.side, ""),
        taxonomy().name(asked.category, locale_code()) if known else "",
        place,
        *(str(TERMS_LABELS[Terms(term)]) for term in asked.terms),
        *(str(BENEFICIARY_LABELS[Beneficiary(one)]) for one in asked.beneficiaries),
        _("Urgent") if asked.urgency else "",
        _("Ends within two weeks") if asked.ending else "",
    ]
    return " · ".join(part for part in parts if part)


def suggested_name(asked: Asked, place: str) -> str:
    """A name for the question that fits its field."""
    return cut(describe(asked, place), LONGEST_NAME) or _("My search")
