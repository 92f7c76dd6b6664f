"""A missed day is told to somebody, also where nobody supervises the whole place any more."""

import sqlalchemy as sa

from exchange.accounts.models import Assignment, ServicePointDivision
from exchange.discovery.bulletins.kinds import Rhythm
from exchange.discovery.bulletins.place_service import PlaceSettings, open_place
from exchange.discovery.bulletins.rules import When
from exchange.notifications.models import Notice
from tests.accounts.test_points import point_at
from tests.cast import ELSEWHERE
from tests.discovery.bulletin_scene import MONDAY, Desk


def told(desk: Desk) -> list[tuple[int, str]]:
    """Who was told that a day went by, and where the notice leads."""
    desk.session.rollback()
    query = sa.select(Notice.person_id, Notice.path).where(Notice.code == "bulletin_not_approved")
    return [(who, path) for who, path in desk.session.execute(query.order_by(Notice.id))]


def test_a_day_that_nobody_could_hear_of_is_told_once_there_is_somebody(desk: Desk) -> None:
    desk.opened()
    public_id = desk.composed()
    boss = desk.cast.supervisor.person_id
    duty = desk.session.scalars(sa.select(Assignment).where(Assignment.person_id == boss)).one()
    duty.ended_at = desk.cast.now
    desk.session.commit()
    desk.at(MONDAY, 18)
    desk.work()
    assert told(desk) == []
    assert desk.place_row().told_due_on is None
    desk.session.get_one(Assignment, duty.id).ended_at = None
    desk.session.commit()
    desk.work()
    desk.work()
    assert told(desk) == [(boss, f"/bulletins/{public_id}/edit")]


def test_who_supervises_a_part_hears_of_it_where_nobody_supervises_all(desk: Desk) -> None:
    cast = desk.cast
    station = point_at(cast, cast.broker)
    point_id, point = station.id, station.public_id
    settings = PlaceSettings(When(Rhythm.WEEKLY, 0, 1, 8), "", needs_approval=True)
    boss = cast.supervisor
    cast.session.commit()
    with desk.open(boss.actor) as act:
        open_place(act, settings, point=point)
    desk.composed()
    cast.make_place(ELSEWHERE)
    cast.session.add(ServicePointDivision(service_point_id=point_id, prefix=ELSEWHERE))
    cast.session.commit()
    desk.at(MONDAY, 18)
    desk.work()
    desk.work()
    assert told(desk) == [(boss.person_id, "/bulletins/desk")]
