"""Two who give or end one duty, or invite one address, at the same moment."""

import sqlalchemy as sa

from exchange.accounts.events import AssignmentEnded
from exchange.accounts.models import Assignment, Invitation, Membership, ServicePoint
from exchange.accounts.organisations.member_service import answer_invitation, invite_member
from exchange.accounts.points.changing import close_point
from exchange.accounts.points.service import assign_worker, end_duty
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.act import House
from exchange.kernel.actor import Actor, Duty, Role
from exchange.kernel.events import Event
from tests.cast import STATION_AREA, Cast
from tests.moderation.test_races import Work, at_once


def open_duties(cast: Cast, person_id: int) -> list[int]:
    cast.session.rollback()
    query = sa.select(Assignment.id).where(
        Assignment.person_id == person_id, Assignment.ended_at.is_(None)
    )
    return list(cast.session.scalars(query))


def station(cast: Cast) -> str:
    """The public id of the station where the broker serves."""
    assert cast.broker.person_id
    query = sa.select(ServicePoint.public_id).where(
        ServicePoint.organisation_id == cast.broker.organisation_id
    )
    return cast.session.scalars(query).one()


def test_a_duty_is_given_once_and_ended_once(house: House, cast: Cast, engine: sa.Engine) -> None:
    who, point = cast.make_player("新人", STATION_AREA), station(cast)
    centre = cast.supervisor.actor
    heard: list[Event] = []
    house.bus.listen(AssignmentEnded, lambda _act, event: heard.append(event))
    address = Address(AddressKind.PHONE, who.phone)
    cast.session.rollback()
    giving: list[tuple[Actor, Work]] = [
        (centre, lambda act: assign_worker(act, point, address, Duty.BROKER)) for _ in range(2)
    ]
    assert sorted(at_once(house, engine, giving)) == ["done", "duty_exists"]
    [duty] = open_duties(cast, who.person_id)
    cast.session.rollback()
    ending: list[tuple[Actor, Work]] = [
        (centre, lambda act: end_duty(act, point, duty)) for _ in range(2)
    ]
    assert sorted(at_once(house, engine, ending)) == ["done", "not_found"]
    assert open_duties(cast, who.person_id) == []
    assert len(heard) == 1


def test_nobody_gets_a_duty_at_a_point_that_is_closed_meanwhile(
    house: House, cast: Cast, engine: sa.Engine
) -> None:
    who, point = cast.make_player("新人", STATION_AREA), station(cast)
    centre = cast.supervisor.actor
    address = Address(AddressKind.PHONE, who.phone)
    cast.session.rollback()
    works: list[tuple[Actor, Work]] = [
        (centre, lambda act: assign_worker(act, point, address, Duty.BROKER)),
        (centre, lambda act: close_point(act, point)),
    ]
    given, closed = at_once(house, engine, works)
    assert closed == "done"
    assert given in ("done", "not_found")
    assert open_duties(cast, who.person_id) == []


def test_an_address_is_invited_once_and_answers_once(
    house: House, cast: Cast, engine: sa.Engine
) -> None:
    owner, guest = cast.officer, cast.make_player("来客", STATION_AREA)
    public_id, actor, own = owner.organisation.public_id, owner.actor, guest.actor
    address = Address(AddressKind.PHONE, guest.phone)
    cast.session.rollback()
    inviting: list[tuple[Actor, Work]] = [
        (actor, lambda act: invite_member(act, public_id, address, Role.MEMBER)) for _ in range(2)
    ]
    assert at_once(house, engine, inviting) == ["done", "done"]
    [invited] = cast.session.scalars(sa.select(Invitation.public_id)).all()
    cast.session.rollback()
    answering: list[tuple[Actor, Work]] = [
        (own, lambda act: answer_invitation(act, invited, accept=True)) for _ in range(2)
    ]
    assert sorted(at_once(house, engine, answering)) == ["done", "not_found"]
    query = sa.select(Membership.id).where(
        Membership.person_id == guest.person_id,
        Membership.organisation_id == owner.organisation_id,
    )
    assert len(cast.session.scalars(query).all()) == 1
