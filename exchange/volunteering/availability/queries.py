"""Reading what volunteers say of their time: one's own, by offer, and in sums."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.actor_queries import active_memberships
from exchange.accounts.kinds import OrganisationKind
from exchange.geography.models import Division
from exchange.geography.queries import distances_km
from exchange.geography.rules import Level
from exchange.kernel.actor import ancestors
from exchange.listings.kinds import OPEN_STATES, State
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.rules import LONGEST_COVERAGE
from exchange.volunteering.availability.kinds import Reach
from exchange.volunteering.availability.models import Availability
from exchange.volunteering.availability.rules import COUNTY, REACH_DIGITS, REACH_KM
from exchange.volunteering.kinds import Skill

PROVINCE = 2


def own_availability(session: Session, person_id: int | None) -> Availability | None:
    """What a person says of their time, with the offer that is made of it."""
    if person_id is None:
        return None
    query = sa.select(Availability).where(Availability.person_id == person_id)
    return session.scalars(query.options(joinedload(Availability.listing))).first()


def out_of_step(session: Session, today: date) -> list[int]:
    """Ids of the people whose pause has begun or ended while their offer has not followed, or whose
    offer a match has given back after they had said something else.
    """
    paused = sa.and_(
        Availability.pause_from <= today,
        sa.or_(Availability.pause_until.is_(None), Availability.pause_until >= today),
    )
    is_open = Listing.state.in_(OPEN_STATES)
    still_aside = sa.and_(
        Listing.state == State.PARKED,
        sa.not_(sa.and_(Availability.pause_from.is_not(None), paused)),
        sa.or_(Availability.to_date.is_(None), Availability.to_date >= today),
    )
    behind = Availability.listed_version != Availability.version
    query = (
        sa.select(Availability.person_id)
        .join(Listing, Listing.id == Availability.listing_id)
        .where(sa.or_(sa.and_(is_open, sa.or_(paused, behind)), still_aside))
        .order_by(Availability.person_id)
    )
    return list(session.scalars(query))


def own_organisation(session: Session, person_id: int) -> int | None:
    """The organisation that stands for the person alone."""
    for one in active_memberships(session, person_id):
        if one.organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
            return one.organisation_id
    return None


def by_listing(session: Session, listing_ids: Collection[int]) -> dict[int, Availability]:
    """What stands behind these offers, by offer; one query."""
    if not listing_ids:
        return {}
    query = sa.select(Availability).where(Availability.listing_id.in_(sorted(set(listing_ids))))
    return {one.listing_id: one for one in session.scalars(query) if one.listing_id is not None}


def prefixes_within(session: Session, code: str, reach: Reach) -> list[str]:
    """The divisions in which somebody from there helps.

    By kilometres these are the counties of the province whose centre lies so near, the own one
    first among them; never more than an offer may name.
    """
    if reach in REACH_DIGITS:
        return [code[: REACH_DIGITS[reach]]]
    home = code[:COUNTY]
    if len(home) < COUNTY:
        return [home]
    query = sa.select(Division.code).where(
        Division.level == Level.COUNTY, Division.code.startswith(code[:PROVINCE], autoescape=True)
    )
    distances = distances_km(session, home, session.scalars(query))
    near = sorted((km, one) for one, km in distances.items() if km <= REACH_KM[reach])
    found = dict.fromkeys([home, *(one for _km, one in near)])
    return list(found)[:LONGEST_COVERAGE]


def is_on_condition(day: date) -> ColumnElement[bool]:
    """``Availability.is_on`` as a condition."""
    paused = sa.and_(
        Availability.pause_from.is_not(None),
        Availability.pause_from <= day,
        sa.or_(Availability.pause_until.is_(None), Availability.pause_until >= day),
    )
    return sa.and_(
        sa.or_(Availability.from_date.is_(None), Availability.from_date <= day),
        sa.or_(Availability.to_date.is_(None), Availability.to_date >= day),
        sa.not_(paused),
    )


def reaches(division: str) -> ColumnElement[bool]:
    """Whether somebody helps in a place, or in a part of it."""
    return sa.exists().where(
        ListingCoverage.listing_id == Availability.listing_id,
        sa.or_(
            ListingCoverage.prefix.in_(ancestors(division)),
            ListingCoverage.prefix.startswith(division, autoescape=True),
        ),
    )


def can(skills: Sequence[str]) -> ColumnElement[bool]:
    """Whether somebody can do one of these; a list of codes stands in the column as JSON."""
    text = sa.cast(Availability.skills, sa.Text)
    return sa.or_(*(text.contains(f'"{code}"') for code in skills))


def sums_in(session: Session, division: str, today: date) -> tuple[int, dict[Skill, int]]:
    """How many volunteers have time for a place, in all and by skill; one query."""
    counts = [
        sa.func.count().filter(can([skill.value])).label(skill.value) for skill in Skill
    ]
    query = sa.select(sa.func.count().label("in_all"), *counts).select_from(Availability)
    row = session.execute(query.where(is_on_condition(today), reaches(division))).mappings().one()
    return row["in_all"], {skill: row[skill.value] for skill in Skill}
