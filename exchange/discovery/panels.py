"""What discovery shows on pages: cards, doors, the reader's place, an organisation's listings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from flask import Flask, current_app, g, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from exchange.accounts.models import Organisation
from exchange.discovery.finding import Found, FoundListing, FoundProject
from exchange.discovery.places import NOWHERE, PlaceChoice, place_of
from exchange.discovery.queries import open_listings_of
from exchange.discovery.searching import warm_search
from exchange.geography.queries import paths
from exchange.geography.rules import COUNTY_DIGITS
from exchange.kernel.clock import civil_date
from exchange.kernel.database import db
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_owner
from exchange.projects.cards import ProjectCard, project_cards
from exchange.search.port import Segment
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent

PLACE = "place"
MATCH = Markup("<mark>{}</mark>")
SHOWN_OF_ORGANISATION = 6
Card = TypeVar("Card", ListingCard, ProjectCard)


@dataclass(frozen=True)
class Door:
    """One of the three doors to post."""

    url: str
    kind: str
    icon: str
    label: str
    text: str


def today() -> date:
    """The civil date of this request."""
    return civil_date(house().clock.now(), house().settings.time_zone)


def warm(_app: Flask) -> None:
    """Load what searches need before the web processes part."""
    warm_search(db.session(), house(), today())


def place_chip() -> dict[str, Any]:
    """The reader's chosen place, else their own county, for the header of every page.

    Only somebody who is signed in and has chosen none costs a query.
    """
    label = kept_place().get(locale_code()) or _own_county() or _("Choose a place")
    return {"place": {"url": url_for("discovery.choose_place"), "label": label}}


def _own_county() -> str:
    """Looked up once a request: every panel of a page is a template of its own."""
    code = current_actor().division
    if not code:
        return ""
    known: dict[tuple[str, str], str] = g.setdefault("place_chips", {})
    key = code[:COUNTY_DIGITS], locale_code()
    if key not in known:
        known[key] = place_of(read_session(), *key).label
    return known[key]


def header_place(place: PlaceChoice) -> dict[str, str]:
    """The header's chip on pages that have looked the reader's place up: its county, for room."""
    county = place_of(read_session(), place.county, locale_code())
    return {
        "url": url_for("discovery.choose_place"),
        "label": county.label or _("Choose a place"),
    }


def kept_place() -> Mapping[str, str]:
    """The place that this browser keeps: its code, and its name in each language."""
    kept = session.get(PLACE)
    return kept if isinstance(kept, dict) and isinstance(kept.get("code"), str) else {}


def keep_place(choice: PlaceChoice) -> None:
    """Remember the place for this browser; NOWHERE forgets it."""
    if not choice.code:
        session.pop(PLACE, None)
        return
    labels = {
        locale: place_of(read_session(), choice.code, locale).label for locale in ("zh", "en")
    }
    session[PLACE] = {"code": choice.code, **labels}
    session.permanent = True


def reader_place() -> PlaceChoice:
    """Where the reader is: the chosen place, else where their organisation is, else nowhere."""
    code = kept_place().get("code") or current_actor().division
    return place_of(read_session(), code, locale_code()) if code else NOWHERE


def doors() -> list[Door]:
    """The three doors, once there is something behind them."""
    texts = (
        ("help", "need", "hand", _("Ask for help"), _("say what is missing")),
        ("sell", "sell", "shopping-basket", _("Sell produce"), _("find a buyer")),
        ("offer", "offer", "hand-heart", _("I can help"), _("goods, money or hands")),
    )
    return [
        Door(url, kind, icon, label, text)
        for door, kind, icon, label, text in texts
        if (url := door_url(door))
    ]


def door_url(door: str, words: str = "") -> str | None:
    """Where one of the doors leads, once there is something behind it; ``words`` go along."""
    if "listings.post" not in current_app.view_functions:
        return None
    return url_for("listings.post", door=door, words=words or None)


def names_of_places(codes: Sequence[str]) -> dict[str, str]:
    """The own name of each place for this reader; one query."""
    lines = paths(read_session(), codes)
    return {code: lines[code][-1].label(locale_code()) for code in codes if lines.get(code)}


def marked(pieces: Sequence[Segment]) -> Markup:
    """The pieces as safe text with the matches in <mark>."""
    parts = (MATCH.format(piece.text) if piece.is_match else escape(piece.text) for piece in pieces)
    return Markup("").join(parts)


def cards(rows: Sequence[Listing], origin: str = "") -> list[ListingCard]:
    """The listings as cards for this reader, with the distance from the place if one is given."""
    reader = replace(current_actor(), division=origin or current_actor().division)
    return listing_cards(read_session(), reader, rows, locale_code(), today())


def found_cards(found: Found, origin: str) -> list[ListingCard | ProjectCard]:
    """What was found as cards in their order, with the words that were asked for marked."""
    plain = cards([one.listing for one in found.listings], origin)
    shown: list[ListingCard | ProjectCard] = [
        _with_marks(card, one) for card, one in zip(plain, found.listings, strict=True)
    ]
    rows = [one.project for one in found.projects]
    others = project_cards(read_session(), current_actor(), rows, locale_code()) if rows else []
    for number, (card, one) in enumerate(zip(others, found.projects, strict=True)):
        shown.insert(one.after + number, _with_marks(card, one))
    return shown


def _with_marks(card: Card, one: FoundListing | FoundProject) -> Card:
    title = marked(one.title)
    same = "".join(piece.text for piece in one.title) == card.title
    has_match = any(piece.is_match for piece in one.snippet)
    return replace(
        card,
        title=title if same else card.title,  # markup is text, too
        highlights=marked(one.snippet) if has_match else None,
    )


def organisation_listings(organisation: Organisation, **_values: Any) -> PanelContent | None:
    """The open listings of an organisation, on its page."""
    rows = open_listings_of(
        read_session(), current_actor(), organisation.id, today(), SHOWN_OF_ORGANISATION
    )
    rows = [one for one in rows if sees_owner(current_actor(), one)]
    if not rows:
        return None
    return PanelContent("discovery/_organisation.html", {"cards": cards(rows)})
