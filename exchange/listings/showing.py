"""What the page of one listing shows, made ready for the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.geography.queries import paths
from exchange.geography.rules import Level
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.kernel.clock import civil_date
from exchange.listings.cards import (
    ListingCard,
    category_label,
    listing_cards,
    place_line,
    shown_place,
    shown_text,
)
from exchange.listings.kinds import State
from exchange.listings.labels import FIELD_LABELS, VISIBILITY_LABELS
from exchange.listings.lifecycle import COPYABLE, EDITABLE, PARKABLE, WITHDRAWABLE
from exchange.listings.models import Listing, ListingRevision
from exchange.listings.permissions import can_edit, can_review, sees_details
from exchange.listings.queries import photos_of
from exchange.listings.rules import carries_risk
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.terms import Beneficiary
from exchange.taxonomy.units import format_quantity
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class ListingPage:
    """Everything a reader may know about one listing, in words."""

    card: ListingCard
    text: str
    category: str
    quantity: str
    place: str
    coverage: str
    dates: str
    terms: Any
    groups: tuple[Any, ...]
    licence: str
    visibility: Any
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
    return ListingPage(
        card=listing_cards(session, actor, [listing], locale, today)[0],
        text=shown_text(actor, listing),
        category=taxonomy().path_name(code, locale)
        if category_label(listing, locale) and code
        else "",
        quantity=format_quantity(listing.quantity_milli, listing.unit or "", locale),
        place=_place(session, shown_place(actor, listing), locale),
        coverage=coverage_line(session, listing.serves, locale),
        dates=dates_line(listing),
        terms=TERMS_LABELS[listing.terms],
        groups=tuple(
            BENEFICIARY_LABELS[Beneficiary(one)]
            for one in listing.beneficiaries
            if one in set(Beneficiary) and (details or one == Beneficiary.GENERAL)
        ),
        licence=listing.licence or "",
        visibility=VISIBILITY_LABELS[listing.visibility],
        photos=tuple(p.file.public_id for p in photos_of(session, listing)) if details else (),
        verified=listing.organisation.is_verified,
        risk=carries_risk(code),
        coarse=not details and listing.public_title is not None,
        own=own,
        reviews=state is State.SUBMITTED and can_review(actor, listing),
        may_edit=own and state in EDITABLE,
        may_withdraw=own and state in WITHDRAWABLE and state is not State.DRAFT,
        may_park=own and state in PARKABLE,
        may_resume=own and state is State.PARKED,
        may_copy=own and state in COPYABLE,
    )


def coverage_line(session: Session, prefixes: Sequence[str], locale: str) -> str:
    """The places an offer reaches, as one line."""
    if WHOLE_COUNTRY in prefixes:
        return sentence("whole_country")
    lines = paths(session, prefixes)
    labels = [place_line(lines.get(one, ()), locale, Level.CITY) or one for one in prefixes]
    return ("、" if locale.startswith("zh") else "; ").join(labels)


def dates_line(listing: Listing) -> str:
    """From and until, as far as they are set."""
    parts = [
        sentence(code, {"day": day.isoformat()})
        for code, day in (("starts_on", listing.from_date), ("until_day", listing.to_date))
        if day is not None
    ]
    return " ".join(parts)


def revision_lines(
    session: Session, revisions: Sequence[ListingRevision], locale: str
) -> list[dict[str, Any]]:
    """Former values as lines of a timeline, newest first; names in one query."""
    ids = {one.person_id for one in revisions if one.person_id is not None}
    people = dict(
        session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids))).all()
    )
    return [
        {
            "when": one.at,
            "day": civil_date(one.at).isoformat(),
            "who": people.get(one.person_id or 0, ""),
            "changes": [
                (FIELD_LABELS.get(name, name), former_text(name, value, locale))
                for name, value in one.before.items()
            ],
        }
        for one in revisions
    ]


def former_text(name: str, value: Any, locale: str) -> str:
    """A former value in words."""
    if value is None or value == []:
        return "—"
    if name == "quantity_milli":
        return format_quantity(int(value), "", locale)
    if name == "category_code" and value in taxonomy():
        return taxonomy().name(value, locale)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _place(session: Session, code: str | None, locale: str) -> str:
    line = paths(session, [code]).get(code, ()) if code else ()
    return place_line(line, locale, Level.CITY)
