"""Needs and offers in a bulletin: what is new, and what is still open, as everybody reads it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.points.routing import in_any_division
from exchange.discovery.bulletins.labels import (
    NEEDS,
    NO_NEEDS,
    NO_OFFERS,
    OFFERS,
    new_and_open,
)
from exchange.discovery.bulletins.sections import (
    Asked,
    Choose,
    Findings,
    Found,
    Kept,
    Line,
    Section,
    Wanted,
)
from exchange.discovery.plain_queries import holds_word
from exchange.discovery.queries import NEWEST, SHOWN_PLACE, is_open
from exchange.kernel.act import House
from exchange.kernel.actor import VISITOR, ancestors
from exchange.kernel.clock import civil_date
from exchange.listings.cards import AMOUNTS, ListingCard, listing_cards, state_badge
from exchange.listings.kinds import OPEN_STATES, Door, Side, State, Urgency
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.permissions import can_see, visible_to
from exchange.listings.queries import loaded
from exchange.listings.sharing.content import LISTING_LINK
from exchange.listings.sharing.rules import short_code
from exchange.taxonomy.units import format_quantity
from exchange.web.dates import span_text
from exchange.web.sentences import sentence

MOST_NEW, MOST_OPEN = 20, 10
URGENCY = sa.case(
    (Listing.urgency == Urgency.CRITICAL, 0), (Listing.urgency == Urgency.HIGH, 1), else_=2
)
MOST_URGENT = (
    URGENCY, Listing.to_date.is_(None), Listing.to_date, Listing.published_at, Listing.id,
)  # fmt: skip


def find_needs(session: Session, _house: House, asked: Asked) -> Findings:
    """Open needs of the place."""
    return _find(session, _open_needs(asked), asked)


def find_offers(session: Session, _house: House, asked: Asked) -> Findings:
    """Open offers that are in the place or reach it."""
    return _find(session, _open_offers(asked), asked)


def _open_needs(asked: Asked) -> ColumnElement[bool]:
    return _open(asked, Side.NEED, in_any_division(SHOWN_PLACE, asked.prefixes))


def _open_offers(asked: Asked) -> ColumnElement[bool]:
    here = in_any_division(SHOWN_PLACE, asked.prefixes)
    return _open(asked, Side.OFFER, sa.or_(here, _reaches(asked.prefixes)))


def _reaches(prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether an offer serves the place. Where its own place is kept coarse, that stays unsaid."""
    above = sorted({code for prefix in prefixes for code in ancestors(prefix)})
    below = [ListingCoverage.prefix.startswith(one, autoescape=True) for one in prefixes]
    serves = sa.exists().where(
        ListingCoverage.listing_id == Listing.id,
        sa.or_(ListingCoverage.prefix.in_(above), *below),
    )
    return sa.and_(Listing.public_division_code.is_(None), serves)


def _open(asked: Asked, side: Side, of_place: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.and_(
        Listing.side == side,
        is_open(asked.today),
        visible_to(VISITOR),
        of_place,
        Listing.published_at < asked.end,
    )


def _find(session: Session, wanted: ColumnElement[bool], asked: Asked) -> Findings:
    """New ones, the newest first; then those that are still open, the most urgent first."""
    is_new = Listing.published_at >= asked.start
    count = sa.select(sa.func.count()).select_from(Listing)
    new = session.scalar(count.where(wanted, is_new)) or 0
    still = session.scalar(count.where(wanted, sa.not_(is_new))) or 0
    listings = sa.select(Listing)
    newest = listings.where(wanted, is_new).order_by(*NEWEST).limit(MOST_NEW)
    older = listings.where(wanted, sa.not_(is_new)).order_by(*MOST_URGENT).limit(MOST_OPEN)
    items = [
        *(_found(one, is_new=True) for one in session.scalars(newest)),
        *(_found(one, is_new=False) for one in session.scalars(older)),
    ]
    return Findings(items, {"new": new, "open": still})


def _choose(belongs: Callable[[Asked], ColumnElement[bool]]) -> Choose:
    """What else is open, in the order of the list, by words of what everybody reads."""

    def choose(
        session: Session, _house: House, asked: Asked, wanted: Wanted
    ) -> Sequence[Found]:
        is_new = Listing.published_at >= asked.start
        query = sa.select(Listing).where(belongs(asked), *(holds_word(one) for one in wanted.words))
        if wanted.only is not None:
            query = query.where(Listing.id.in_(wanted.only))
        if wanted.without:
            query = query.where(Listing.id.not_in(wanted.without))
        ordered = query.order_by(
            sa.case((is_new, 0), else_=1),
            sa.case((is_new, Listing.published_at)).desc(),
            *MOST_URGENT,
        )
        rows = session.scalars(ordered.offset(wanted.start).limit(wanted.most))
        return [_found(one, is_new=_is_new(one, asked)) for one in rows]

    return choose


def _is_new(listing: Listing, asked: Asked) -> bool:
    return listing.published_at is not None and listing.published_at >= asked.start


def _found(listing: Listing, *, is_new: bool) -> Found:
    counted = {
        "left": listing.remaining_milli,
        "unit": listing.unit or "",
        "begun": bool(listing.committed_milli),
    }
    return Found(listing.id, is_new, counted)


def show_listings(
    session: Session, house: House, kept: Sequence[Kept], locale: str
) -> list[Line | None]:
    """Those that everybody may see, with what was left of each when it was counted."""
    query = sa.select(Listing).where(Listing.id.in_({one.subject_id for one in kept}))
    public = [
        one
        for one in session.scalars(query.options(*loaded()))
        if can_see(VISITOR, one) and one.state is not State.MERGED
    ]
    cards = listing_cards(session, VISITOR, public, locale)
    known = {card.listing_id: (one, card) for one, card in zip(public, cards, strict=True)}
    today = civil_date(house.clock.now(), house.settings.time_zone)
    return [
        _line(*known[one.subject_id], one.counted, locale, today)
        if one.subject_id in known
        else None
        for one in kept
    ]


def _line(
    listing: Listing, card: ListingCard, counted: Mapping[str, Any], locale: str, today: date
) -> Line:
    where = " · ".join(part for part in (card.place_label, card.owner_label) if part)
    facts = (
        _amount(counted, listing.door, locale),
        span_text(None, listing.to_date, today, locale),
        "" if listing.state in OPEN_STATES else str(state_badge(listing)),
    )
    return Line(
        title=card.title,
        line=where,
        url=card.url,
        facts=tuple(fact for fact in facts if fact),
        short=LISTING_LINK + short_code(listing.id),
    )


def _amount(counted: Mapping[str, Any], door: Door, locale: str) -> str:
    left = counted.get("left")
    if left is None:
        return ""
    begun, not_begun = AMOUNTS[door]
    amount = format_quantity(left, counted.get("unit", ""), locale)
    return sentence(begun if counted.get("begun") else not_begun, {"amount": amount})


COUNTED = ("new", "open")
NEED_SECTION = Section(
    "needs", 10, NEEDS, NO_NEEDS, "need", find_needs, show_listings, new_and_open, COUNTED,
    "/needs", _choose(_open_needs),
)  # fmt: skip
OFFER_SECTION = Section(
    "offers", 20, OFFERS, NO_OFFERS, "offer", find_offers, show_listings, new_and_open, COUNTED,
    "/offers", _choose(_open_offers),
)  # fmt: skip
