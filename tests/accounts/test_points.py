"""Service points change: what they serve, what they hang under, closing; absences."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.absence.jobs import absences_job
from exchange.accounts.absence.models import Absence
from exchange.accounts.absence.service import set_absence
from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import Assignment, Person, ServicePoint
from exchange.accounts.points.changing import close_point, hang_under, serve_divisions
from exchange.accounts.points.routing import belongs_to_point, load_routes
from exchange.accounts.points.tree import as_tree, gaps
from exchange.geography.models import Division
from exchange.jobs.runner import JobRun
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.kernel.errors import Conflict, Invalid, NotFound
from tests.cast import ELSEWHERE, STATION_AREA, VILLAGE, Cast, Player
from tests.conftest import Queries, SettableClock

OpenAct = Callable[..., AbstractContextManager[Act]]
TOWN = VILLAGE[:9]


def point_at(cast: Cast, who: Player) -> ServicePoint:
    cast.session.rollback()
    return cast.session.scalars(
        sa.select(ServicePoint)
        .join(Assignment, Assignment.service_point_id == ServicePoint.id)
        .where(Assignment.person_id == who.person_id)
    ).one()


def colleague(cast: Cast, who: Player, name: str) -> Player:
    """Somebody else at the same point."""
    made = cast.make_player(name, STATION_AREA, who.organisation)
    point_id = point_at(cast, who).id
    cast._write()
    cast.session.add(
        Assignment(
            person_id=made.person_id, service_point_id=point_id, duty=Duty.BROKER,
            created_at=cast.now,
        )
    )  # fmt: skip
    cast.session.commit()
    return made


def test_the_page_shows_tree_workers_and_gaps(cast: Cast, client: FlaskClient) -> None:
    boss, worker = cast.supervisor, cast.broker
    cast.sign_in(client, boss)
    page = client.get("/points").text
    assert page.index("安顺社工指导中心") < page.index("普定社工站")
    assert worker.person.name in page
    assert "还没有社工站的地方" in page
    assert "西秀区" in page  # a county of the centre that no station serves
    cast.sign_in(client, worker)
    assert client.get("/points").status_code == 403


def test_gaps_are_said_as_large_as_they_are(cast: Cast, session: Session, act_as: OpenAct) -> None:
    boss, worker = cast.supervisor, cast.broker
    centre, station = point_at(cast, boss), point_at(cast, worker)
    before = gaps(session, load_routes(session), [centre])
    assert STATION_AREA not in before
    assert "520402" in before
    with act_as(boss.actor) as act:
        serve_divisions(act, station.public_id, [TOWN])
    after = gaps(session, load_routes(session), [centre])
    towns = session.scalars(
        sa.select(Division.code).where(Division.parent_code == STATION_AREA)
    ).all()
    assert {code for code in after if code.startswith(STATION_AREA)} == set(towns) - {TOWN}


def test_the_same_question_in_sql(cast: Cast, session: Session) -> None:
    boss, worker = cast.supervisor, cast.broker
    routes = load_routes(session)
    codes = session.scalars(sa.select(Division.code).where(Division.code.startswith("52"))).all()
    for who in (boss, worker):
        point_id = point_at(cast, who).id
        query = sa.select(Division.code).where(belongs_to_point(Division.code, routes, point_id))
        assert set(session.scalars(query)) == {c for c in codes if routes.of(c) == point_id}


def test_a_supervisor_changes_what_a_station_serves_through_the_page(
    cast: Cast, client: FlaskClient
) -> None:
    boss, worker = cast.supervisor, cast.broker
    station, centre = point_at(cast, worker).public_id, point_at(cast, boss).public_id
    cast.sign_in(client, boss)
    assert "普定县" in client.get(f"/points/{station}/edit").text
    sent = {"division": "520402", "division_text": "", "kept": [STATION_AREA], "parent": centre}
    assert client.post(f"/points/{station}/edit", data=sent).status_code == 302
    changed = point_at(cast, worker)
    assert {one.prefix for one in changed.divisions} == {"520402", STATION_AREA}
    assert changed.parent_id == point_at(cast, boss).id
    refused = client.post(f"/points/{station}/edit", data={"division_text": ""})
    assert refused.status_code == 422
    away = client.post(f"/points/{station}/edit", data={"division": ELSEWHERE})
    assert away.status_code == 422
    assert "不归您管" in away.text
    assert client.get(f"/points/{centre}/edit").status_code == 404


def test_only_who_supervises_all_of_it_changes_a_point(cast: Cast, act_as: OpenAct) -> None:
    worker = cast.broker
    other = cast.make_worker(
        "别处督导", "毕节中心", PointLevel.CENTRE, (ELSEWHERE,), Duty.SUPERVISOR
    )
    station = point_at(cast, worker).public_id
    for who in (worker, other):
        for change in (
            lambda act: serve_divisions(act, station, [STATION_AREA]),
            lambda act: hang_under(act, station, station),
            lambda act: close_point(act, station),
        ):
            with pytest.raises(NotFound), act_as(who.actor) as act:
                change(act)


def test_what_hangs_stays_in_order(cast: Cast, act_as: OpenAct) -> None:
    boss, worker = cast.supervisor, cast.broker
    station, centre = point_at(cast, worker), point_at(cast, boss)
    with pytest.raises(Invalid), act_as(boss.actor) as act:
        hang_under(act, station.public_id, station.public_id)
    with pytest.raises(Conflict), act_as(boss.actor) as act:
        hang_under(act, centre.public_id, station.public_id)
    with act_as(boss.actor) as act:
        hang_under(act, station.public_id, centre.public_id)
    tree = as_tree([point_at(cast, worker), point_at(cast, boss)])
    assert [(one.point.name_zh, one.depth) for one in tree] == [
        ("安顺社工指导中心", 0), ("普定社工站", 1),
    ]  # fmt: skip


def test_a_closed_station_serves_nobody_and_its_duties_end(
    cast: Cast, client: FlaskClient, act_as: OpenAct
) -> None:
    boss, worker = cast.supervisor, cast.broker
    room = cast.make_worker("村里人", "朵贝社工室", PointLevel.ROOM, (VILLAGE,), Duty.BROKER)
    station, centre = point_at(cast, worker), point_at(cast, boss)
    with act_as(boss.actor) as act:
        hang_under(act, point_at(cast, room).public_id, station.public_id)
    cast.sign_in(client, boss)
    assert client.post(f"/points/{station.public_id}/close").status_code == 302
    assert point_at(cast, worker).closed_at is not None
    assert point_at(cast, room).parent_id == centre.id
    assert not worker.actor.serves
    assert load_routes(cast.session).of(VILLAGE) == centre.id
    assert client.post(f"/points/{station.public_id}/close").status_code == 404


def test_twice_the_points_take_the_same_number_of_queries(
    cast: Cast, client: FlaskClient, catch_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    boss, _worker = cast.supervisor, cast.broker
    cast.sign_in(client, boss)

    def sent() -> int:
        with catch_queries() as queries:
            assert client.get("/points").status_code == 200
        return queries.count

    client.get("/points")
    before = sent()
    for number in range(3):
        cast.make_worker(
            f"人{number}", f"站{number}", PointLevel.STATION, (f"52042210{number}",), Duty.BROKER
        )
    assert sent() == before


def test_a_stand_in_acts_from_the_first_day_to_the_last(
    cast: Cast, client: FlaskClient, clock: SettableClock
) -> None:
    run = JobRun(cast.house, lambda: cast.session, nullcontext)
    worker = cast.broker
    other = colleague(cast, worker, "小吴")
    cast.sign_in(client, worker)
    own = worker.person.public_id
    page = client.get("/me/absence", follow_redirects=True).text
    assert "小吴" in page
    sent = {"from_on": "2026-11-24", "to_on": "2026-11-26", "stand_in": other.person.public_id}
    assert client.post(f"/workers/{own}/absence", data=sent).status_code == 302
    assert other.actor.stands_in_for == frozenset()
    clock.forward(days=2)
    absences_job.handler(run, [{}])
    absences_job.handler(run, [{}])  # once more finds nothing to do
    cast.session.rollback()
    assert other.actor.stands_in_for == {worker.person_id}
    assert "现在不在" in client.get(f"/workers/{own}/absence").text
    clock.forward(days=3)
    absences_job.handler(run, [{}])
    absences_job.handler(run, [{}])  # once more finds nothing to do
    cast.session.rollback()
    assert other.actor.stands_in_for == frozenset()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2026-11-26", "2026-11-25", "to_on"),
        ("2026-11-01", "2026-11-02", "to_on"),
        ("2026-11-22", "2028-11-22", "to_on"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    cast: Cast, act_as: OpenAct, first: str, last: str, field: str
) -> None:
    worker = cast.broker
    other = colleague(cast, worker, "小吴")
    own, stand_in = worker.person.public_id, other.person.public_id
    with pytest.raises(Invalid) as refused, act_as(worker.actor) as act:
        set_absence(act, own, stand_in, date.fromisoformat(first), date.fromisoformat(last))
    assert list(refused.value.fields) == [field]


def test_nobody_stands_in_who_is_away_or_serves_elsewhere(cast: Cast, act_as: OpenAct) -> None:
    worker, boss = cast.broker, cast.supervisor
    other = colleague(cast, worker, "小吴")
    far = cast.make_worker("远处", "毕节站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    ids = {who: who.person.public_id for who in (worker, other, far, boss)}
    first, last = date(2026, 11, 22), date(2026, 11, 30)

    def refusal(who: Player, person: Player, stand_in: Player) -> str:
        with pytest.raises(Invalid) as refused, act_as(who.actor) as act:
            set_absence(act, ids[person], ids[stand_in], first, last)
        return next(codes[0] for codes in refused.value.fields.values())

    assert refusal(worker, worker, far) == "stand_in_not_ready"
    assert refusal(worker, worker, worker) == "stand_in_not_ready"
    with act_as(boss.actor) as act:  # a supervisor may say it for them
        set_absence(act, ids[worker], ids[other], first, last)
    assert refusal(worker, worker, other) == "absence_overlaps"
    assert refusal(other, other, boss) == "stands_in_already"
    third = colleague(cast, worker, "小郑")
    ids[third] = third.person.public_id
    assert refusal(third, third, worker) == "stand_in_away"
    for stranger in (far, cast.stranger):
        with pytest.raises(NotFound), act_as(stranger.actor) as act:
            set_absence(act, ids[third], ids[other], first, last)


def test_who_is_back_early_acts_alone_again(
    cast: Cast, client: FlaskClient, act_as: OpenAct
) -> None:
    worker = cast.broker
    other = colleague(cast, worker, "小吴")
    own, stand_in = worker.person.public_id, other.person.public_id
    with act_as(worker.actor) as act:
        made = set_absence(act, own, stand_in, date(2026, 11, 22), date(2026, 11, 30)).public_id
    cast.session.commit()
    assert other.actor.stands_in_for == {worker.person_id}
    cast.sign_in(client, other)
    assert client.post(f"/workers/{own}/absence/{made}/end").status_code == 404
    cast.sign_in(client, worker)
    assert client.post(f"/workers/{own}/absence/{made}/end").status_code == 302
    cast.session.rollback()
    assert other.actor.stands_in_for == frozenset()
    assert cast.session.query(Absence).one().ended_by_id == worker.person_id
    assert cast.session.query(Person).count() > 1
