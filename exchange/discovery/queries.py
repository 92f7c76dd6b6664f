"""Reading for the home page and the lists, always through ``visible_to``."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.geography.rules import CITY_DIGITS, COUNTY_DIGITS
from exchange.kernel.actor import Actor, ancestors
from exchange.listings.kinds import OPEN_STATES, Side, State, Urgency
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.permissions import can_see, visible_to
from exchange.listings.queries import loaded_for_cards
from exchange.projects.indexing import INDEXED
from exchange.projects.kinds import LIVE_STAGES
from exchange.projects.models import Project
from exchange.projects.permissions import can_see as can_see_project
from exchange.projects.queries import loaded as loaded_project

SHOWN_PLACE = sa.func.coalesce(Listing.public_division_code, Listing.division_code)
NEWEST = (Listing.published_at.desc(), Listing.id)


def seen_by(
    session: Session, actor: Actor, public_ids: Sequence[str], state: str, today: date
) -> dict[str, Listing]:
    """Which of these the actor may see and the question still asks for, in one look.

    The rules are asked here, not in SQL: beside them a database may take another way than by the
    ids, and look at every open listing.
    """
    query = sa.select(Listing).where(Listing.public_id.in_(public_ids))
    rows = session.scalars(query.options(*loaded_for_cards(actor)))
    return {
        row.public_id: row for row in rows if can_see(actor, row) and _answers(row, state, today)
    }


def projects_seen_by(
    session: Session, actor: Actor, public_ids: Sequence[str], state: str
) -> dict[str, Project]:
    """The same for projects: one is open until it has ended, whatever its last day."""
    query = sa.select(Project).where(Project.public_id.in_(public_ids))
    rows = session.scalars(query.options(*loaded_project())).unique()
    return {
        row.public_id: row
        for row in rows
        if can_see_project(actor, row)
        and row.publication in INDEXED
        and (state == "all" or row.stage in LIVE_STAGES)
    }


def _answers(listing: Listing, state: str, today: date) -> bool:
    """Whether it is what a question for this state asks for; see ``is_open``."""
    if state == "open":
        is_lasting = listing.to_date is None or listing.to_date >= today
        return listing.state in OPEN_STATES and is_lasting
    return state == "all" or listing.state is State(state)


def is_open(today: date) -> ColumnElement[bool]:
    """Published, something left, and its last day not behind us."""
    lasting = sa.or_(Listing.to_date.is_(None), Listing.to_date >= today)
    return sa.and_(Listing.state.in_(OPEN_STATES), lasting)


def urgent_needs(
    session: Session, actor: Actor, place: str, today: date, limit: int
) -> list[Listing]:
    """Open needs of the reader's city, their county's first; of everywhere without a place.

    Urgent ones and those that end soon come first.
    """
    query = sa.select(Listing).where(Listing.side == Side.NEED, is_open(today), visible_to(actor))
    if place:
        query = query.where(SHOWN_PLACE.startswith(place[:CITY_DIGITS], autoescape=True))
    urgent = sa.case(
        (Listing.urgency == Urgency.CRITICAL, 0), (Listing.urgency == Urgency.HIGH, 1), else_=2
    )
    last_day = sa.func.coalesce(Listing.to_date, date.max)
    query = query.order_by(*_by_distance(place), urgent, last_day, *NEWEST)
    return list(session.scalars(query.options(*loaded_for_cards(actor)).limit(limit)))


def new_offers(
    session: Session, actor: Actor, place: str, today: date, limit: int
) -> list[Listing]:
    """Open offers: those that reach the reader's place first; newest first."""
    query = sa.select(Listing).where(Listing.side == Side.OFFER, is_open(today), visible_to(actor))
    query = query.order_by(*_by_reach(place), *NEWEST)
    return list(session.scalars(query.options(*loaded_for_cards(actor)).limit(limit)))


def open_listings_of(
    session: Session, actor: Actor, organisation_id: int, today: date, limit: int
) -> list[Listing]:
    """An organisation's open listings that the actor may see, newest first."""
    query = sa.select(Listing).where(
        Listing.organisation_id == organisation_id, is_open(today), visible_to(actor)
    )
    query = query.options(*loaded_for_cards(actor)).order_by(*NEWEST).limit(limit)
    return list(session.scalars(query))


def _by_distance(place: str) -> list[ColumnElement[int]]:
    """The place's county, then its city, then the rest; no order without a place.

    By the place that others read: the order must not tell where a coarser one really is.
    """
    wanted = (COUNTY_DIGITS, CITY_DIGITS, len(place))
    lengths = [length for length in wanted if 0 < length <= len(place)]
    near = [
        (SHOWN_PLACE.startswith(place[:length], autoescape=True), rank)
        for rank, length in enumerate(lengths)
    ]
    return [sa.case(*near, else_=len(near))] if near else []


def _by_reach(place: str) -> list[ColumnElement[int]]:
    """What serves the place's county or a part of it, then the rest; no order without a place."""
    if not place:
        return []
    county = place[:COUNTY_DIGITS]
    reaches = sa.exists().where(
        ListingCoverage.listing_id == Listing.id,
        sa.or_(
            ListingCoverage.prefix.in_(ancestors(county)),
            ListingCoverage.prefix.startswith(county, autoescape=True),
        ),
    )
    return [sa.case((reaches, 0), else_=1)]
