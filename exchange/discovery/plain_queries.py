"""Finding listings in the database alone, while the index cannot answer.

Words are looked for as they stand, without their kin; what a reader may not know of a listing is
not looked at. Newest first, one page.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.discovery.queries import NEWEST, SHOWN_PLACE, is_open
from exchange.discovery.rules import SOON_DAYS, Asked
from exchange.kernel.actor import Actor, ancestors
from exchange.listings.indexing import INDEXED_STATES, VOLUNTEER
from exchange.listings.kinds import Form, Side, State, Urgency
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.permissions import visible_to
from exchange.listings.queries import loaded_for_cards
from exchange.taxonomy.terms import Terms

MOST_WORDS = 6
READ_TITLE = sa.func.coalesce(Listing.public_title, Listing.title)
READ_TEXT = sa.case((Listing.public_title.is_(None), Listing.text), else_="")


def plainly_found(
    session: Session, actor: Actor, asked: Asked, words: Sequence[str], today: date, limit: int
) -> list[Listing]:
    """Listings with all the words; with any of them when none has all."""
    query = sa.select(Listing).where(visible_to(actor), *_conditions(asked, today))
    query = query.options(*loaded_for_cards(actor)).order_by(*NEWEST).limit(limit)
    holds = [holds_word(word) for word in words[:MOST_WORDS]]
    found = _for_whom(session.scalars(query.where(*holds)), asked)
    if found or not holds:
        return found
    return _for_whom(session.scalars(query.where(sa.or_(*holds))), asked)


def _for_whom(rows: Iterable[Listing], asked: Asked) -> list[Listing]:
    """Those for one of the groups that are asked for; a coarse account tells none."""
    wanted = set(asked.beneficiaries)
    return [
        row
        for row in rows
        if not wanted or (row.public_title is None and wanted & set(row.beneficiaries))
    ]


def holds_word(word: str) -> ColumnElement[bool]:
    """Whether a word stands in what everybody reads of a listing."""
    return sa.or_(
        READ_TITLE.icontains(word, autoescape=True), READ_TEXT.icontains(word, autoescape=True)
    )


def _conditions(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    soon = today + timedelta(days=SOON_DAYS)
    chosen: tuple[tuple[object, Callable[[], ColumnElement[bool]]], ...] = (
        (asked.side, lambda: _of_side(asked.side)),
        (asked.category, lambda: _in_category(asked.category)),
        (asked.terms, lambda: Listing.terms.in_([Terms(value) for value in asked.terms])),
        (asked.urgency, lambda: Listing.urgency.in_((Urgency.HIGH, Urgency.CRITICAL))),
        (asked.ending, lambda: Listing.to_date.between(today, soon)),
        (asked.division, lambda: _in_place(asked.division)),
    )
    return [_in_state(asked.state, today), *(make() for value, make in chosen if value)]


def _of_side(side: str) -> ColumnElement[bool]:
    if side == VOLUNTEER:
        return Listing.form == Form.AVAILABILITY
    return sa.and_(Listing.side == Side(side), Listing.form == Form.POSTED)


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    if state == "open":
        return is_open(today)
    return Listing.state.in_(INDEXED_STATES if state == "all" else (State(state),))


def _in_category(code: str) -> ColumnElement[bool]:
    below = Listing.category_code.startswith(f"{code}.", autoescape=True)
    return sa.or_(Listing.category_code == code, below)


def _in_place(division: str) -> ColumnElement[bool]:
    """In the place; an offer also where it serves it or a part of it."""
    serves = sa.exists().where(
        ListingCoverage.listing_id == Listing.id,
        sa.or_(
            ListingCoverage.prefix.in_(ancestors(division)),
            ListingCoverage.prefix.startswith(division, autoescape=True),
        ),
    )
    return sa.or_(SHOWN_PLACE.startswith(division, autoescape=True), serves)
