"""Who would fit a shift that lacks people, and who has been asked already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Membership, Person
from exchange.geography.queries import distances_km
from exchange.kernel.act import House
from exchange.kernel.clock import civil_date
from exchange.volunteering.availability.kinds import Band, Reply
from exchange.volunteering.availability.models import Availability, SubstituteRequest
from exchange.volunteering.availability.queries import can, is_on_condition, reaches
from exchange.volunteering.availability.rules import (
    ASKS_WITHIN,
    MOST_ASKS,
    band_of,
)
from exchange.volunteering.availability.time_rules import mask_of_shift
from exchange.volunteering.kinds import Circle, ShiftState, SignupState
from exchange.volunteering.models import Activity, Shift, Signup

SHOWN = 30
LOOKED_AT = 300  # rows that are put in order for one page
BANDS = tuple(Band)


@dataclass(frozen=True)
class Candidate:
    """Somebody who would fit: what they say, which wanted skills they have, and about how far."""

    row: Availability
    shared: tuple[str, ...]
    band: Band
    asks_lately: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """More of the skills first, then the nearer, then whoever was asked less."""
        return (-len(self.shared), BANDS.index(self.band), self.asks_lately, self.row.id)


def wanted_skills(shift: Shift) -> tuple[str, ...]:
    """What the shift asks for: the skills of its role, else those of its activity."""
    own = shift.role.skills if shift.role else []
    return tuple(own or shift.activity.skills or ())


def candidates(
    session: Session,
    house: House,
    shift: Shift,
    now: datetime,
    but: int | None = None,
    only: Collection[int] | None = None,
) -> list[Candidate]:
    """Who fits and may be asked now, the best first; ``only`` narrows to these people.

    Fits: time in all parts of the day that it takes, the place within their reach, one of the
    skills where any are wanted, no other shift then, no answer to this one yet, not asked for it,
    and not asked too often this week. Five queries for any number.
    """
    conditions = _conditions(house, shift, now)
    if but is not None:
        conditions.append(Availability.person_id != but)
    if only is not None:
        conditions.append(Availability.person_id.in_(sorted(only)))
    lately = _asks_lately(now)
    asks = sa.func.coalesce(lately.c.asks, 0)
    query = (
        sa.select(Availability, asks)
        .join(Availability.person)
        .outerjoin(lately, lately.c.person_id == Availability.person_id)
        .where(*conditions, Person.closed_at.is_(None), asks < MOST_ASKS)
        .options(joinedload(Availability.person, innerjoin=True))
        .order_by(asks, Availability.id)
        .limit(LOOKED_AT)
    )
    rows = session.execute(query.execution_options(populate_existing=only is not None)).all()
    place = shift.activity.division_code
    homes = {row.division_code for row, _number in rows}
    km = distances_km(session, place, homes) if homes else {}
    wanted = set(wanted_skills(shift))
    found = [
        Candidate(
            row=row,
            shared=tuple(code for code in row.skills if code in wanted),
            band=band_of(row.division_code, place, km.get(row.division_code)),
            asks_lately=number,
        )
        for row, number in rows
    ]
    return sorted(found, key=lambda one: one.order)


def count_fitting(session: Session, house: House, shift: Shift, now: datetime) -> int:
    """How many fit and may be asked; one query."""
    lately = _asks_lately(now)
    query = (
        sa.select(sa.func.count())
        .select_from(Availability)
        .outerjoin(lately, lately.c.person_id == Availability.person_id)
        .where(*_conditions(house, shift, now), sa.func.coalesce(lately.c.asks, 0) < MOST_ASKS)
    )
    return session.scalar(query) or 0


def requests_of(session: Session, shift_ids: Iterable[int]) -> dict[int, list[SubstituteRequest]]:
    """Who was asked, by shift, the first first, with names."""
    query = (
        sa.select(SubstituteRequest)
        .where(SubstituteRequest.shift_id.in_(sorted(set(shift_ids))))
        .options(
            joinedload(SubstituteRequest.person, innerjoin=True),
            joinedload(SubstituteRequest.asked_by),
        )
        .order_by(SubstituteRequest.asked_at, SubstituteRequest.id)
    )
    found: dict[int, list[SubstituteRequest]] = defaultdict(list)
    for one in session.scalars(query):
        found[one.shift_id].append(one)
    return found


def own_requests(session: Session, person_id: int, now: datetime) -> Sequence[SubstituteRequest]:
    """What a person is asked and has not answered, for shifts that are ahead, the next first."""
    query = (
        sa.select(SubstituteRequest)
        .join(SubstituteRequest.shift)
        .where(
            SubstituteRequest.person_id == person_id,
            SubstituteRequest.reply == Reply.OPEN,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > now,
        )
        .options(
            joinedload(SubstituteRequest.shift, innerjoin=True).options(
                joinedload(Shift.activity, innerjoin=True).selectinload(Activity.coordinators),
                joinedload(Shift.role),
            )
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return session.scalars(query).all()


def request_for(session: Session, shift_id: int, person_id: int) -> SubstituteRequest | None:
    """Asking this person for this shift."""
    query = sa.select(SubstituteRequest).where(
        SubstituteRequest.shift_id == shift_id, SubstituteRequest.person_id == person_id
    )
    return session.scalars(query.execution_options(populate_existing=True)).first()


def people_behind(session: Session, public_ids: Collection[str]) -> dict[str, int]:
    """Whom these names of what volunteers say are about, by name."""
    query = sa.select(Availability.public_id, Availability.person_id)
    rows = session.execute(query.where(Availability.public_id.in_(sorted(set(public_ids)))))
    return {row[0]: row[1] for row in rows}


def day_of(shift: Shift, zone: str) -> date:
    """The civil day on which a shift begins."""
    return civil_date(shift.starts_at, zone)


def _conditions(house: House, shift: Shift, now: datetime) -> list[ColumnElement[bool]]:
    zone = ZoneInfo(house.settings.time_zone)
    parts = mask_of_shift(shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone))
    found: list[ColumnElement[bool]] = [
        Availability.may_be_asked.is_(True),
        Availability.times.bitwise_and(parts) == parts,
        is_on_condition(day_of(shift, house.settings.time_zone)),
        is_on_condition(civil_date(now, house.settings.time_zone)) | _begins_later(now, house),
        reaches(shift.activity.division_code),
        sa.not_(_answered(shift)),
        sa.not_(_asked(shift)),
        sa.not_(_busy(shift)),
    ]
    wanted = wanted_skills(shift)
    if wanted:
        found.append(can(wanted))
    if shift.activity.circle is Circle.MEMBERS:
        found.append(_is_member(shift.activity.organisation_id))
    return found


def _begins_later(now: datetime, house: House) -> ColumnElement[bool]:
    """Whose time begins only later may be asked for it before; whoever pauses now is left alone."""
    today = civil_date(now, house.settings.time_zone)
    not_paused = sa.or_(
        Availability.pause_from.is_(None),
        Availability.pause_from > today,
        Availability.pause_until < today,
    )
    return sa.and_(Availability.from_date > today, not_paused)


def _answered(shift: Shift) -> ColumnElement[bool]:
    return sa.exists().where(
        Signup.shift_id == shift.id, Signup.person_id == Availability.person_id
    )


def _asked(shift: Shift) -> ColumnElement[bool]:
    return sa.exists().where(
        SubstituteRequest.shift_id == shift.id,
        SubstituteRequest.person_id == Availability.person_id,
    )


def _busy(shift: Shift) -> ColumnElement[bool]:
    """As ``clashing_shifts``, as a condition."""
    return sa.exists().where(
        Signup.person_id == Availability.person_id,
        Signup.state == SignupState.SIGNED_UP,
        Shift.id == Signup.shift_id,
        Shift.id != shift.id,
        Shift.state == ShiftState.OPEN,
        Shift.starts_at < shift.ends_at,
        Shift.ends_at > shift.starts_at,
    )


def _is_member(organisation_id: int) -> ColumnElement[bool]:
    return sa.exists().where(
        Membership.person_id == Availability.person_id,
        Membership.organisation_id == organisation_id,
        Membership.state == MembershipState.ACTIVE,
    )


def _asks_lately(now: datetime) -> sa.Subquery:
    """How often somebody was asked within a week, whoever asked."""
    return (
        sa.select(SubstituteRequest.person_id, sa.func.count().label("asks"))
        .where(SubstituteRequest.asked_at > now - ASKS_WITHIN)
        .group_by(SubstituteRequest.person_id)
        .subquery()
    )
