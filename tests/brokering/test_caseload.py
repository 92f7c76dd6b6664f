"""Matches and needs change hands: by whom, to whom, and what a centre allows one worker."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.absence.service import come_back, set_absence
from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import Assignment, ServicePoint
from exchange.accounts.points.changing import close_point, serve_divisions
from exchange.accounts.points.service import end_duty
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_queries import cases_in_hand
from exchange.brokering.centre.caseload_service import (
    Receiver,
    assign_match,
    assign_need,
    release_need,
)
from exchange.brokering.centre.settings import CentreSettings, set_centre_settings
from exchange.brokering.life import claiming, proposing
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.permissions import can_see, parties_of, visible_to
from exchange.brokering.queries import brokers_in_charge
from exchange.brokering.rules import Party
from exchange.kernel.actor import Duty
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Side
from exchange.notifications.models import Notice
from tests.accounts.test_points import colleague, point_at
from tests.brokering.conftest import Scene
from tests.cast import ELSEWHERE, VILLAGE, Cast, Player
from tests.factories import make_listing


def to(who: Player) -> Receiver:
    return Receiver(worker=who.person.public_id)


def codes_told(cast: Cast, who: Player) -> list[str]:
    cast.session.rollback()
    query = sa.select(Notice.code).where(Notice.person_id == who.person_id).order_by(Notice.id)
    return list(cast.session.scalars(query))


def test_a_supervisor_gives_a_match_to_another_worker(scene: Scene, session: Session) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    receiver = to(other)
    with scene.act(cast.supervisor) as act:
        assign_match(act, public_id, receiver)
    match = scene.match(public_id)
    assert match.broker_id == other.person_id
    assert match.service_point_id == point_at(cast, other).id
    assert codes_told(cast, other) == ["case_given"]
    assert codes_told(cast, cast.broker) == ["case_taken"]
    entry = session.scalars(sa.select(TimelineEntry).order_by(TimelineEntry.id.desc())).first()
    assert entry
    assert (entry.code, entry.note) == ("assigned", "韦青 → 小吴")
    with pytest.raises(Forbidden), scene.act(cast.broker) as act:  # no longer theirs
        proposing.propose(act, public_id, "请看看")
    with scene.act(other) as act:
        proposing.propose(act, public_id, "请看看")


def test_a_supervisor_takes_a_match_over(scene: Scene) -> None:
    public_id, boss = scene.claimed(), scene.cast.supervisor
    receiver = to(boss)
    with scene.act(boss) as act:
        assign_match(act, public_id, receiver)
    assert scene.match(public_id).broker_id == boss.person_id
    assert codes_told(scene.cast, boss) == []  # one's own act is no news


def test_a_match_goes_to_another_station_and_to_who_has_least(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    town = cast.make_worker("镇上", "化处社工站", PointLevel.STATION, (VILLAGE[:9],), Duty.BROKER)
    point = point_at(cast, town)
    name, key = point.public_id, point.id
    with scene.act(cast.supervisor) as act:
        assign_match(act, public_id, Receiver(point=name))
    match = scene.match(public_id)
    assert (match.broker_id, match.service_point_id) == (town.person_id, key)


@pytest.mark.parametrize("who", ["broker", "officer", "enterprise", "stranger"])
def test_nobody_else_gives_a_match_away(scene: Scene, who: str) -> None:
    cast, public_id = scene.cast, scene.proposed()
    receiver = to(colleague(cast, cast.broker, "小吴"))
    with pytest.raises((Forbidden, NotFound)), scene.act(getattr(cast, who)) as act:
        assign_match(act, public_id, receiver)
    assert scene.match(public_id).broker_id == cast.broker.person_id


def test_a_supervisor_of_elsewhere_knows_of_nothing(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    far = cast.make_worker("远", "毕节中心", PointLevel.CENTRE, (ELSEWHERE,), Duty.SUPERVISOR)
    receiver = to(cast.broker)
    with pytest.raises(NotFound), scene.act(far) as act:
        assign_match(act, public_id, receiver)
    there = to(far)
    with pytest.raises(Conflict, match="worker_elsewhere"), scene.act(cast.supervisor) as act:
        assign_match(act, public_id, there)


def test_the_slower_supervisor_sees_that_it_has_moved(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    owner = cast.broker.person.public_id
    first, second = (to(colleague(cast, cast.broker, name)) for name in ("小吴", "小郑"))
    with scene.act(cast.supervisor) as act:
        assign_match(act, public_id, first, seen_owner=owner)
    with pytest.raises(Conflict, match="case_moved"), scene.act(cast.supervisor) as act:
        assign_match(act, public_id, second, seen_owner=owner)


def test_a_need_is_in_one_pair_of_hands(scene: Scene) -> None:
    cast = scene.cast
    other = colleague(cast, cast.broker, "小吴")
    need, receiver, mine = scene.listing(Side.NEED).public_id, to(other), to(cast.broker)
    with scene.act(cast.supervisor) as act:
        assign_need(act, need, receiver, seen_owner="")
    assert codes_told(cast, other) == ["case_given"]
    assert cases_in_hand(cast.session, (other.person_id,)) == {other.person_id: 1}
    with pytest.raises(Conflict, match="need_in_other_hands"), scene.act(cast.broker) as act:
        assign_need(act, need, mine)
    with pytest.raises(Conflict, match="need_in_other_hands"), scene.act(cast.broker) as act:
        claiming.claim(act, scene.need_id, scene.offer_id)
    with pytest.raises(Conflict, match="case_moved"), scene.act(cast.supervisor) as act:
        assign_need(act, need, mine, seen_owner="")
    with scene.act(other) as act:
        claiming.claim(act, scene.need_id, scene.offer_id)
    assert cases_in_hand(cast.session, (other.person_id,)) == {other.person_id: 1}
    with pytest.raises(Conflict, match="need_taken_up"), scene.act(cast.supervisor) as act:
        assign_need(act, need, mine)


def test_a_worker_takes_a_free_need_and_gives_it_back(scene: Scene) -> None:
    cast = scene.cast
    other = colleague(cast, cast.broker, "小吴")
    need, receiver, mine = scene.listing(Side.NEED).public_id, to(other), to(cast.broker)
    with pytest.raises(Forbidden), scene.act(cast.broker) as act:
        assign_need(act, need, receiver)
    with scene.act(cast.broker) as act:
        assign_need(act, need, mine)
    with pytest.raises(Forbidden), scene.act(other) as act:
        release_need(act, need)
    with scene.act(cast.broker) as act:
        release_need(act, need)
    assert cast.session.query(NeedAssignment).count() == 0


def test_who_is_away_gets_nothing_and_the_stand_in_acts_for_them(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other, third = (colleague(cast, cast.broker, name) for name in ("小吴", "小郑"))
    own, stand_in, back = (one.person.public_id for one in (cast.broker, other, third))
    with scene.act(cast.broker) as act:
        set_absence(act, own, stand_in, date(2026, 11, 22), date(2026, 11, 30))
    match = scene.match(public_id)
    assert parties_of(other.actor, match) == {Party.BROKER, Party.PROXY}
    assert parties_of(third.actor, match) == frozenset()
    assert can_see(other.actor, match)
    query = sa.select(Match.id).where(visible_to(other.actor))
    assert cast.session.scalars(query).all() == [match.id]
    assert brokers_in_charge(cast.session, match) == {other.person_id}
    with scene.act(other) as act:
        proposing.propose(act, public_id, "请看看")
    entry = cast.session.query(TimelineEntry).filter_by(code="proposed").one()
    assert entry.params["acting_for_id"] == cast.broker.person_id
    with scene.act(cast.supervisor) as act:
        assign_match(act, public_id, Receiver(worker=back))
        assign_match(act, public_id, Receiver(worker=own))
    assert scene.match(public_id).broker_id == other.person_id


def test_a_centre_warns_or_forbids_at_the_limit(scene: Scene) -> None:
    cast, centre = scene.cast, point_at(scene.cast, scene.cast.supervisor).public_id
    with scene.act(cast.supervisor) as act:
        set_centre_settings(act, centre, CentreSettings(caseload_limit=1), 0)
    need = scene.listing(Side.NEED).public_id
    mine = to(cast.broker)
    with scene.act(cast.broker) as act:
        assign_need(act, need, mine)
    with scene.act(cast.supervisor) as act:
        blocks = CentreSettings(caseload_limit=1, caseload_blocks=True)
        set_centre_settings(act, centre, blocks, 1)
    second = make_listing(cast.house, cast.officer, Side.NEED, title="又一个需求")
    other, other_id = second.public_id, second.id
    for work in (
        lambda act: assign_need(act, other, mine),
        lambda act: claiming.claim(act, other_id, scene.offer_id),
    ):
        with pytest.raises(Conflict, match="caseload_full"), scene.act(cast.broker) as act:
            work(act)
    with scene.act(cast.broker) as act:  # the need in hand becomes a match: not one more
        claiming.claim(act, scene.need_id, scene.offer_id)
    assert cases_in_hand(cast.session, (cast.broker.person_id,)) == {cast.broker.person_id: 1}
    spare = make_listing(cast.house, cast.enterprise, Side.OFFER).id
    with pytest.raises(Conflict, match="caseload_full"), scene.act(cast.broker) as act:
        claiming.claim(act, scene.need_id, spare)
    with scene.act(cast.supervisor) as act:  # who supervises decides
        assign_need(act, other, mine)


def duty_of(cast: Cast, who: Player) -> tuple[str, int]:
    point = point_at(cast, who).public_id
    query = sa.select(Assignment.id).where(
        Assignment.person_id == who.person_id, Assignment.ended_at.is_(None)
    )
    return point, cast.session.scalars(query).one()


def test_a_duty_does_not_end_while_cases_are_open(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    receiver, duty = to(other), duty_of(cast, cast.broker)
    with pytest.raises(Conflict, match="duty_open_cases"), scene.act(cast.supervisor) as act:
        end_duty(act, *duty)
    with scene.act(cast.supervisor) as act:
        assign_match(act, public_id, receiver)
        end_duty(act, *duty)
    assert not cast.broker.actor.serves


def test_who_stands_in_for_somebody_stays_until_another_does(scene: Scene) -> None:
    cast = scene.cast
    scene.claimed()
    other, third = colleague(cast, cast.broker, "小吴"), colleague(cast, cast.broker, "小韦")
    own, stand_in, next_one = (who.person.public_id for who in (cast.broker, other, third))
    with scene.act(cast.supervisor) as act:
        away = set_absence(act, own, stand_in, date(2026, 11, 22), date(2026, 11, 30)).public_id
    duty = duty_of(cast, other)
    with pytest.raises(Conflict, match="duty_stands_in"), scene.act(cast.supervisor) as act:
        end_duty(act, *duty)
    assert cast.broker.person_id in other.actor.hands
    with scene.act(cast.supervisor) as act:
        come_back(act, away)
        set_absence(act, own, next_one, date(2026, 11, 22), date(2026, 11, 30))
        end_duty(act, *duty)
    assert not other.actor.serves
    assert cast.broker.person_id in third.actor.hands


def test_a_station_keeps_the_places_that_a_stand_in_serves(scene: Scene) -> None:
    cast = scene.cast
    county, town = point_at(cast, cast.broker), VILLAGE[:9]
    other = cast.make_worker("小吴", "化处社工站", PointLevel.STATION, (town,), Duty.BROKER)
    room = point_at(cast, other).public_id
    with scene.act(cast.supervisor) as act:
        set_absence(
            act, other.person.public_id, cast.broker.person.public_id,
            date(2026, 11, 22), date(2026, 11, 30),
        )  # fmt: skip
    elsewhere = "520402"
    for point in (county.public_id, room):  # the stand-in's, and that of whoever is away
        with pytest.raises(Conflict, match="duty_stands_in"), scene.act(cast.supervisor) as act:
            serve_divisions(act, point, [elsewhere])
    with scene.act(cast.supervisor) as act:
        serve_divisions(act, county.public_id, [town])
        serve_divisions(act, room, [VILLAGE])


def test_a_station_closes_although_one_of_its_workers_stands_in_for_another(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    own, stand_in = (who.person.public_id for who in (cast.broker, other))
    with scene.act(cast.supervisor) as act:
        set_absence(act, own, stand_in, date(2026, 11, 22), date(2026, 11, 30))
        close_point(act, point_at(cast, cast.broker).public_id)
    assert scene.match(public_id).broker_id == cast.supervisor.person_id


def test_what_a_closed_station_had_open_is_at_the_centre(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    station, centre = point_at(cast, cast.broker), point_at(cast, cast.supervisor).id
    with scene.act(cast.supervisor) as act:
        close_point(act, station.public_id)
    match = scene.match(public_id)
    assert (match.broker_id, match.service_point_id) == (cast.supervisor.person_id, centre)
    assert cast.session.query(ServicePoint).filter_by(closed_at=None).count() == 1


def test_a_closed_station_whose_work_nobody_can_take_stays_open(scene: Scene) -> None:
    cast, public_id = scene.cast, scene.claimed()
    town = cast.make_worker("镇上", "化处社工站", PointLevel.STATION, (VILLAGE[:9],), Duty.BROKER)
    receiver, point = to(town), point_at(cast, town).public_id
    with scene.act(cast.supervisor) as act:
        assign_match(act, public_id, receiver)
    cast.session.execute(
        sa.update(ServicePoint)
        .where(ServicePoint.public_id == point)
        .values(parent_id=_empty_point(cast))
    )
    cast.session.commit()
    with pytest.raises(Conflict, match="point_without_workers"), scene.act(cast.supervisor) as act:
        close_point(act, point)
    assert town.actor.serves


def _empty_point(cast: Cast) -> int:
    made = ServicePoint(
        level=PointLevel.STATION, name_zh="空站", created_at=cast.now, divisions=[]
    )
    cast.session.add(made)
    cast.session.flush()
    return made.id
