"""What the lists can be asked for: reading it from the address, and the links that change it."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.discovery.places import PlaceChoice
from exchange.discovery.rules import Asked, Known, parameters, read_asked
from exchange.listings.kinds import Side
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import TERMS_LABELS
from exchange.taxonomy.terms import Terms
from exchange.web.locale import locale_code

PAGES = {
    "": "discovery.search",
    Side.NEED.value: "discovery.needs",
    Side.OFFER.value: "discovery.offers",
}
PARAMETER_NAMES = {
    "side": _l("kind"),
    "category": _l("category"),
    "division": _l("place"),
    "terms": _l("terms"),
    "state": _l("state"),
    "sort": _l("order"),
    "cursor": _l("page"),
}
SORT_LABELS = {
    "relevance": _l("Best match"),
    "newest": _l("Newest"),
    "nearest": _l("Nearest"),
}


@dataclass(frozen=True)
class Chip:
    """One tap in the row of filters."""

    url: str
    label: str
    active: bool = False
    count: int | None = None


def asked_in_request(side: str = "") -> tuple[Asked, tuple[str, ...]]:
    """The question of this request, and the names of parameters that made no sense."""
    known = Known(
        sides=frozenset(Side),
        categories=frozenset(taxonomy().categories),
        terms=frozenset(Terms),
    )
    return read_asked(dict(request.args.lists()), known, side)


def address(asked: Asked, **more: str) -> str:
    """The address under which this question is answered."""
    values: dict[str, Any] = dict(more)
    for name, value in parameters(asked, without=("side",)):
        values.setdefault(name, []).append(value)
    return url_for(PAGES[asked.side], **values)


def pairs(asked: Asked) -> list[tuple[str, str]]:
    """The question as hidden fields of a form that changes a part of it."""
    return list(parameters(asked, without=("side",)))


def side_chips(asked: Asked) -> list[Chip]:
    """All, needs, offers."""
    labels = {"": _("All"), Side.NEED.value: _("Needs"), Side.OFFER.value: _("Offers")}
    return [
        Chip(address(asked.but(side=side)), label, active=asked.side == side)
        for side, label in labels.items()
    ]


def filter_chips(asked: Asked, place: PlaceChoice, home: PlaceChoice) -> list[Chip]:
    """What is set, each with a tap that takes it away, and what people set most."""
    chips = []
    if asked.division and place.label:
        chips.append(Chip(address(asked.but(division="")), place.label, active=True))
    elif home.code:
        chips.append(Chip(address(asked.but(division=home.code)), home.label))
    if asked.category:
        name = taxonomy().name(asked.category, locale_code())
        chips.append(Chip(address(asked.but(category="")), name, active=True))
    usual = (*asked.terms, Terms.FREE)
    chips += [_term_chip(asked, term) for term in Terms if term in usual]
    if asked.state == "all":
        chips.append(Chip(address(asked.but(state="open")), _("Also ended"), active=True))
    return chips


def _term_chip(asked: Asked, term: Terms) -> Chip:
    chosen = term.value in asked.terms
    others = tuple(one for one in asked.terms if one != term.value)
    wanted = others if chosen else (*asked.terms, term.value)
    return Chip(address(asked.but(terms=wanted)), str(TERMS_LABELS[term]), active=chosen)


def sort_chips(asked: Asked, *, can_measure: bool) -> list[Chip]:
    """The orders that make sense for this question."""
    usual = "relevance" if asked.q else "newest"
    present = usual if asked.sort == "relevance" else asked.sort
    wanted = [*(["relevance"] if asked.q else []), "newest", *(["nearest"] if can_measure else [])]
    return [
        Chip(
            address(asked.but(sort="relevance" if name == usual else name)),
            str(SORT_LABELS[name]),
            active=name == present,
        )
        for name in wanted
    ]


def category_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Top categories with what lies below, for one select with groups: (name, (code, name)s)."""
    locale = locale_code()
    tree = taxonomy()
    return [
        (
            top.name(locale),
            [
                (top.code, _("All of %(category)s", category=top.name(locale))),
                *((one.code, one.name(locale)) for one in tree.children(top.code)),
            ],
        )
        for top in tree.children()
    ]


def names_of(ignored: tuple[str, ...]) -> str:
    """The parameters that made no sense, in the reader's words."""
    mark = "、" if locale_code() == "zh" else ", "
    return mark.join(str(PARAMETER_NAMES[name]) for name in ignored)
