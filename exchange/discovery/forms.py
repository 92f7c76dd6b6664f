"""What the lists can be asked for: reading it from the address, and the links that change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.discovery.finding import URGENT_ONES
from exchange.discovery.places import PlaceChoice
from exchange.discovery.rules import SOON, URGENT, Asked, Known, parameters, read_asked
from exchange.listings.indexing import VOLUNTEER
from exchange.listings.kinds import Side
from exchange.projects.indexing import SIDE as PROJECT
from exchange.search.port import Facet
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.terms import Beneficiary, Terms
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
    "beneficiaries": _l("whom it is for"),
    "urgency": _l("urgency"),
    "ending": _l("last day"),
    "literal": _l("spelling"),
    "state": _l("state"),
    "sort": _l("order"),
    "cursor": _l("page"),
}
SORT_LABELS = {
    "relevance": _l("Best match"),
    "newest": _l("Newest"),
    "nearest": _l("Nearest"),
}
SEVERAL = {"beneficiaries": Facet.BENEFICIARY, "terms": Facet.TERMS}
MOST_PARTS = 8
ACTIVITIES = "activities"
TRAININGS = "trainings"
NEWS = "news"
VISITS = "visits"
BULLETINS = "bulletins"
ADDRESSES = "addresses_of_lists"
Facets = Mapping[Facet, Mapping[str, int]]


@dataclass(frozen=True)
class Chip:
    """One tap in the row of filters. ``removes``: the tap takes the filter away."""

    url: str
    label: str
    active: bool = False
    count: int | None = None
    removes: bool = False


def known_values(*, projects: bool = False) -> Known:
    """What may be chosen; among sides also projects and volunteers' time, where these
    are found.
    """
    return Known(
        sides=frozenset([*Side, *([PROJECT, VOLUNTEER] if projects else [])]),
        categories=frozenset(taxonomy().categories),
        terms=frozenset(Terms),
        beneficiaries=frozenset(Beneficiary),
    )


def asked_in_request(side: str = "") -> tuple[Asked, tuple[str, ...]]:
    """The question of this request, and the names of parameters that made no sense."""
    return read_asked(dict(request.args.lists()), known_values(projects=True), side)


def address(asked: Asked, **more: str) -> str:
    """The address under which this question is answered."""
    values = [*parameters(asked, without=left_out(asked)), *more.items()]
    page = _page(asked.side if asked.side in PAGES else "")
    return f"{page}?{urlencode(values)}" if values else page


def _page(side: str) -> str:
    """The address of a list; a page has some thirty links to them."""
    known: dict[str, str] = g.setdefault(ADDRESSES, {})
    if side not in known:
        known[side] = url_for(PAGES[side])
    return known[side]


def left_out(asked: Asked) -> tuple[str, ...]:
    """The side is said by the page, where it has one of its own."""
    return ("side",) if asked.side in PAGES else ()


def pairs(asked: Asked) -> list[tuple[str, str]]:
    """The question as hidden fields of a form that changes a part of it."""
    return list(parameters(asked, without=left_out(asked)))


def side_chips(asked: Asked, facets: Facets, active: str = "") -> list[Chip]:
    """All, needs, offers, projects, with what each finds; volunteers' time where there is any for
    the reader; and volunteering, news of projects, visits to them and bulletins, each a page of
    its own.
    """
    labels = {
        "": _("All"),
        Side.NEED.value: _("Needs"),
        Side.OFFER.value: _("Offers"),
        PROJECT: _("Projects"),
    }
    counts = facets.get(Facet.SIDE)
    if asked.side == VOLUNTEER or (counts or {}).get(VOLUNTEER):
        labels[VOLUNTEER] = _("Volunteers' time")
    chips = [
        Chip(
            address(asked.but(side=side)),
            label,
            active=asked.side == side and not active,
            count=None if counts is None else counts.get(side, 0) if side else sum(counts.values()),
        )
        for side, label in labels.items()
    ]
    words: dict[str, Any] = {"q": asked.q or None, "division": asked.division or None}
    url = url_for("discovery.activities", **words)
    chips.append(Chip(url, _("Volunteering"), active=active == ACTIVITIES))
    if active in (ACTIVITIES, TRAININGS):
        trainings = url_for("discovery.trainings", q=asked.q or None)
        chips.append(Chip(trainings, _("Trainings"), active=active == TRAININGS))
    news = url_for("discovery.news", **words)
    chips.append(Chip(news, _("News of projects"), active=active == NEWS))
    visits = url_for("discovery.visits", **words)
    chips.append(Chip(visits, _("Roadshows and visits"), active=active == VISITS))
    bulletins = url_for("discovery.bulletins", **words)
    chips.append(Chip(bulletins, _("Bulletins"), active=active == BULLETINS))
    return chips


def filter_chips(
    asked: Asked, used: Asked, place: PlaceChoice, home: PlaceChoice, facets: Facets
) -> list[Chip]:
    """What is set, each with a tap that takes it away, and what people set most.

    A place in ``used`` that was not ``asked`` for was read out of the words.
    """
    chips = []
    if asked.division and place.label:
        chips.append(_set(asked.but(division=""), place.label))
    elif used.division and place.label:
        chips.append(_set(asked.toggled("literal", "place"), place.label))
    elif home.code:
        chips.append(Chip(address(asked.but(division=home.code)), home.label))
    if asked.category:
        name = taxonomy().name(asked.category, locale_code())
        chips.append(_set(asked.but(category=""), name))
    urgent = sum(facets.get(Facet.URGENCY, {}).get(value, 0) for value in URGENT_ONES)
    chips.append(_switch(asked, "urgency", URGENT, _("Urgent"), urgent))
    chips.append(_switch(asked, "ending", SOON, _("Ends soon")))
    chips += _several(asked, "beneficiaries", BENEFICIARY_LABELS, Beneficiary.ELDERLY, facets)
    chips += _several(asked, "terms", TERMS_LABELS, Terms.FREE, facets)
    if asked.state == "all":
        chips.append(_set(asked.but(state="open"), _("Also ended")))
    return chips


def in_order(sides: list[Chip], filters: list[Chip]) -> list[Chip]:
    """What is set stands first, where a narrow screen shows it."""
    chosen = [chip for chip in filters if chip.removes]
    return [*chosen, *sides, *(chip for chip in filters if not chip.removes)]


def _set(without: Asked, label: str) -> Chip:
    return Chip(address(without), label, active=True, removes=True)


def _switch(asked: Asked, name: str, value: str, label: str, count: int | None = None) -> Chip:
    if getattr(asked, name):
        return _set(asked.but(**{name: ""}), label)
    return Chip(address(asked.but(**{name: value})), label, count=count or None)


def _several(
    asked: Asked, name: str, labels: Mapping[Any, Any], usual: StrEnum, facets: Facets
) -> list[Chip]:
    """The chosen values, and the one that is chosen most."""
    chosen = getattr(asked, name)
    counts = facets.get(SEVERAL[name], {})
    chips = []
    for value, label in labels.items():
        if value.value in chosen:
            chips.append(_set(asked.toggled(name, value.value), str(label)))
        elif value is usual:
            count = counts.get(value.value) or None
            chips.append(Chip(address(asked.toggled(name, value.value)), str(label), count=count))
    return chips


def category_chips(asked: Asked, facets: Facets) -> list[Chip]:
    """The next level below the chosen category, the fullest first."""
    counts, tree = facets.get(Facet.CATEGORY, {}), taxonomy()
    below = tree.children(asked.category or None)
    some = [(counts[one.code], one) for one in below if counts.get(one.code)]
    some.sort(key=lambda pair: (-pair[0], pair[1].code))
    return [
        Chip(address(asked.but(category=one.code)), one.name(locale_code()), count=count)
        for count, one in some[:MOST_PARTS]
    ]


def division_chips(asked: Asked, names: Mapping[str, str], facets: Facets) -> list[Chip]:
    """The parts of the place of the answer, the fullest first; ``names`` by code."""
    counts = facets.get(Facet.DIVISION, {})
    codes = sorted(names, key=lambda code: (-counts.get(code, 0), code))
    return [
        Chip(address(asked.but(division=code)), names[code], count=counts.get(code, 0))
        for code in codes
    ]


def fullest(facets: Facets) -> list[str]:
    """The codes of the parts that ``division_chips`` shows."""
    counts = facets.get(Facet.DIVISION, {})
    return sorted(counts, key=lambda code: (-counts[code], code))[:MOST_PARTS]


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


def category_choices(facets: Facets) -> list[tuple[str, list[tuple[str, str]]]]:
    """Top categories with what lies below, for one select with groups: (name, (code, name)s)."""
    locale, tree = locale_code(), taxonomy()
    counts = facets.get(Facet.CATEGORY, {})

    def counted(code: str, name: str) -> tuple[str, str]:
        return (code, f"{name} ({counts[code]})" if counts.get(code) else name)

    return [
        (
            top.name(locale),
            [
                counted(top.code, _("All of %(category)s", category=top.name(locale))),
                *(counted(one.code, one.name(locale)) for one in tree.children(top.code)),
            ],
        )
        for top in tree.children()
    ]


def names_of(ignored: tuple[str, ...]) -> str:
    """The parameters that made no sense, in the reader's words."""
    mark = "、" if locale_code() == "zh" else ", "
    return mark.join(str(PARAMETER_NAMES[name]) for name in ignored)
