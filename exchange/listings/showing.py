"""What the page of one listing shows, made ready for the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.geography.queries import paths
from exchange.geography.rules import Level
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.listings.cards import (
    ListingCard,
    category_label,
    listing_cards,
    place_line,
    shown_groups,
    shown_place,
    shown_text,
    shown_title,
)
from exchange.listings.kinds import OPEN_STATES, State
from exchange.listings.labels import FIELD_LABELS, VISIBILITY_LABELS
from exchange.listings.lifecycle import COPYABLE, EDITABLE, PARKABLE, WITHDRAWABLE
from exchange.listings.models import Listing
from exchange.listings.permissions import can_edit, can_review, may_change, sees_details
from exchange.listings.queries import photos_of
from exchange.listings.rules import carries_risk
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.terms import Beneficiary
from exchange.taxonomy.units import format_quantity
from exchange.web.dates import span_text
from exchange.web.sentences import sentence

FULL_STOPS = "。.！!"


@dataclass(frozen=True)
class ListingPage:
    """Everything a reader may know about one listing, in words."""

    card: ListingCard
    text: str
    note: str
    category: str
    quantity: str
    lot: str
    place: str
    coverage: str
    dates: str
    terms: Any
    groups: tuple[Any, ...]
    licence: str
    for_others: tuple[tuple[Any, str], ...]
    visibility: Any
    is_open: bool
    photos: tuple[str, ...]
    verified: bool
    risk: bool
    coarse: bool
    own: bool
    reviews: bool
    may_edit: bool
    may_withdraw: bool
    may_park: bool
    may_resume: bool
    may_copy: bool


def listing_page(
    session: Session, actor: Actor, listing: Listing, locale: str, today: date
) -> ListingPage:
    """Gather the page. The caller has made sure that the actor may see the listing."""
    details = sees_details(actor, listing)
    code = listing.category_code
    own, state = can_edit(actor, listing), listing.state
    changes = may_change(actor, listing)
    return ListingPage(
        card=listing_cards(session, actor, [listing], locale, today)[0],
        text=text_beside(shown_text(actor, listing), shown_title(actor, listing)),
        note=listing.review_note if own and state is State.DRAFT else "",
        category=taxonomy().path_name(code, locale)
        if category_label(listing, locale) and code
        else "",
        quantity=format_quantity(listing.quantity_milli, listing.unit or "", locale),
        lot=lot_line(listing, locale),
        place=_place(session, shown_place(actor, listing), locale),
        coverage=coverage_line(session, listing.serves, locale),
        dates=span_text(listing.from_date, listing.to_date, today, locale),
        terms=TERMS_LABELS[listing.terms],
        groups=tuple(
            BENEFICIARY_LABELS[Beneficiary(one)]
            for one in shown_groups(actor, listing)
            if one in set(Beneficiary)
        ),
        licence=listing.licence or "",
        for_others=_for_others(session, listing, locale) if own or details else (),
        visibility=VISIBILITY_LABELS[listing.visibility],
        is_open=state in OPEN_STATES,
        photos=tuple(p.file.public_id for p in photos_of(session, listing)) if details else (),
        verified=listing.organisation.is_verified,
        risk=carries_risk(code),
        coarse=not details and listing.public_title is not None,
        own=own,
        reviews=state is State.SUBMITTED and can_review(actor, listing),
        may_edit=changes and state in EDITABLE,
        may_withdraw=changes and state in WITHDRAWABLE and state is not State.DRAFT,
        may_park=changes and state in PARKABLE,
        may_resume=changes and state is State.PARKED,
        may_copy=changes and state in COPYABLE,
    )


def lot_line(listing: Listing, locale: str) -> str:
    """Whether it is shared out, and the least for one; empty where anything goes."""
    if listing.is_whole:
        return sentence(f"lot_whole_{listing.door.value}")
    if listing.lot_milli is None:
        return ""
    amount = format_quantity(listing.lot_milli, listing.unit or "", locale)
    return sentence("lot_at_least", {"amount": amount})


def coverage_line(session: Session, prefixes: Sequence[str], locale: str) -> str:
    """The places an offer reaches, as one line."""
    if WHOLE_COUNTRY in prefixes:
        return sentence("whole_country")
    lines = paths(session, prefixes)
    labels = [place_line(lines.get(one, ()), locale, Level.CITY) or one for one in prefixes]
    return ("、" if locale.startswith("zh") else "; ").join(labels)


def text_beside(text: str, title: str) -> str:
    """The text, unless it only says the title once more."""
    return "" if text.strip().rstrip(FULL_STOPS) == title.rstrip(FULL_STOPS) else text


def _for_others(session: Session, listing: Listing, locale: str) -> tuple[tuple[Any, str], ...]:
    """What others read instead, for those who read the true words."""
    place = _place(session, listing.public_division_code, locale)
    pairs = (("public_title", listing.public_title or ""), ("public_division_code", place))
    return tuple((FIELD_LABELS[name], value) for name, value in pairs if value)


def _place(session: Session, code: str | None, locale: str) -> str:
    line = paths(session, [code]).get(code, ()) if code else ()
    in_municipality = any(place.is_group for place in line)  # whose city level has no name
    return place_line(line, locale, Level.PROVINCE if in_municipality else Level.CITY)
