"""Listings as they stand in a list: one bulk load, and only what the reader may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.labels import KINDS
from exchange.accounts.models import Organisation
from exchange.accounts.queries import full_label, organisation_label, organisations_by_ids
from exchange.geography.queries import PathPlace, distances_km, paths
from exchange.geography.rules import Level, path_label
from exchange.kernel.actor import Actor
from exchange.listings.kinds import OPEN_STATES, Door, Form, Side, State, Urgency, Visibility
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details, sees_owner
from exchange.listings.rules import days_left
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Beneficiary
from exchange.taxonomy.units import format_quantity
from exchange.web.sentences import sentence

SOON_DAYS = 14
LAST_DAYS = ("last_day", "last_day_tomorrow")
AMOUNTS = {
    Door.HELP: ("still_needed", "amount_needed"),
    Door.SELL: ("still_to_sell", "amount_to_sell"),
    Door.OFFER: ("still_left", "amount_offered"),
}
Badge = str | tuple[str, str]
Path = tuple[PathPlace, ...]


@dataclass(frozen=True)
class ListingCard:
    """What the card of a listing shows; fits the macro ``listing_card``."""

    listing_id: int
    public_id: str
    side: str
    state: str
    title: str
    url: str
    category_label: str
    place_label: str
    owner_label: str
    badges: tuple[Badge, ...]
    remaining_label: str
    progress: int | None = None
    distance_km: float | None = None
    highlights: Any = None
    review_note: str = ""
    door: str = ""


def listing_cards(
    session: Session,
    actor: Actor,
    listings: Sequence[Listing],
    locale: str,
    today: date | None = None,
) -> list[ListingCard]:
    """A card for each listing, in order. The number of queries does not grow with the list.

    The caller has made sure that the actor may see them. ``today`` brings the days that are left.
    """
    if any("organisation" in sa.inspect(item).unloaded for item in listings):
        owners = organisations_by_ids(session, (item.organisation_id for item in listings))
    else:
        owners = {item.organisation_id: item.organisation for item in listings}
    places = {item.id: shown_place(actor, item) for item in listings}
    known = {code for code in places.values() if code}
    lines = paths(session, known)
    distances = distances_km(session, actor.division, known) if actor.division and known else {}
    found = []
    for item in listings:
        line = lines.get(places[item.id] or "", ())
        owner = owner_label(actor, item, owners[item.organisation_id], line, locale)
        card = ListingCard(
            listing_id=item.id,
            public_id=item.public_id,
            side=item.side.value,
            state=item.state.value,
            title=shown_title(actor, item),
            url=listing_url(item),
            category_label=category_label(item, locale),
            place_label=place_beside(owner, line, locale),
            owner_label=owner,
            badges=badges(item, today),
            remaining_label=remaining_label(item, locale),
            progress=progress(item),
            distance_km=distances.get(places[item.id] or "") or None,
            review_note=item.review_note,
            door=item.door.value,
        )
        found.append(card)
    return found


def listing_url(listing: Listing) -> str:
    """The path of the listing's page on this site."""
    return f"/listings/{listing.public_id}"


def shown_title(actor: Actor, listing: Listing) -> str:
    """The title that this reader sees."""
    coarse = None if sees_details(actor, listing) else listing.public_title
    return coarse or listing.title or listing.text[:30] or sentence("no_title_yet")


def shown_text(actor: Actor, listing: Listing) -> str:
    """The words that this reader sees; none beside a public title."""
    hidden = listing.public_title is not None and not sees_details(actor, listing)
    return "" if hidden else listing.text


def shown_place(actor: Actor, listing: Listing) -> str | None:
    """The division code that this reader sees."""
    coarse = None if sees_details(actor, listing) else listing.public_division_code
    return coarse or listing.division_code


def shown_groups(actor: Actor, listing: Listing) -> tuple[str, ...]:
    """The groups that this reader is told of; in general terms beside a coarse account."""
    if sees_details(actor, listing):
        return tuple(listing.beneficiaries)
    return tuple(one for one in listing.beneficiaries if one == Beneficiary.GENERAL)


def owner_label(
    actor: Actor, listing: Listing, owner: Organisation, place: Path, locale: str
) -> str:
    """The owner's name; a private person's is masked for others.

    Where it would tell a place that the reader shall not know, it is the kind of owner instead.
    """
    if not sees_owner(actor, listing):
        params = {"kind": str(KINDS[owner.kind]), "place": place_line(place, locale)}
        return sentence("owner_by_kind", params)
    own = actor.belongs_to(owner.id)
    return full_label(owner, locale) if own else organisation_label(owner, locale)


def place_beside(owner: str, line: Path, locale: str) -> str:
    """The place as it stands beside the owner's name, without what the name says already."""
    left = tuple(place for place in line if not _named_in(owner, place.label(locale), locale))
    return place_line(left, locale)


def _named_in(owner: str, place: str, locale: str) -> bool:
    proper = place if locale.startswith("zh") else place.rpartition(" ")[0] or place
    return bool(proper) and proper.casefold() in owner.casefold()


def category_label(listing: Listing, locale: str) -> str:
    """The category's own name."""
    code = listing.category_code
    return taxonomy().name(code, locale) if code and code in taxonomy() else ""


def place_line(line: Path, locale: str, first: Level = Level.COUNTY) -> str:
    """A path as one line, from the county on."""
    return path_label([(d.code, d.name) for d in line], locale, first) if line else ""


def badges(listing: Listing, today: date | None) -> tuple[Badge, ...]:
    """Its kind, state, urgency, days left, and a circle smaller than everybody."""
    found: list[Badge] = []
    if listing.form is Form.AVAILABILITY:
        found.append((sentence("badge_availability"), "activity"))
    if listing.held_at is not None:
        found.append((sentence("badge_held"), "warn"))
    if listing.state is not State.PUBLISHED:
        found.append(state_badge(listing))
    elif listing.urgency in (Urgency.HIGH, Urgency.CRITICAL):
        tone = "need" if listing.side is Side.NEED else "warn"
        found.append((sentence("badge_urgent"), tone))
    left = days_left(listing.to_date, today) if today is not None else None
    if listing.state in OPEN_STATES and left is not None and left <= SOON_DAYS:
        words = sentence(LAST_DAYS[left] if left < len(LAST_DAYS) else "days_left", {"days": left})
        found.append((words, "warn"))
    if listing.visibility is not Visibility.PUBLIC:
        code = "verified" if listing.visibility is Visibility.VERIFIED else "brokers"
        found.append(sentence(f"badge_{code}_only"))
    return tuple(found)


def state_badge(listing: Listing) -> Badge:
    """The state in a word; what the station gave back calls for its owner."""
    if listing.state is State.DRAFT and listing.review_note:
        return sentence("badge_returned"), "warn"
    return sentence(f"state_{listing.state.value}")


def remaining_label(listing: Listing, locale: str) -> str:
    """How much is asked for, to sell or on offer, and what of it remains once some is promised."""
    left = listing.remaining_milli
    if left is None or listing.state is State.FULFILLED:
        return ""
    amount = format_quantity(left, listing.unit or "", locale)
    begun, not_begun = AMOUNTS[listing.door]
    return sentence(begun if listing.committed_milli else not_begun, {"amount": amount})


def progress(listing: Listing) -> int | None:
    """Per cent that is committed; None while nothing is."""
    if not listing.quantity_milli or not listing.committed_milli:
        return None
    return min(100, listing.committed_milli * 100 // listing.quantity_milli)
