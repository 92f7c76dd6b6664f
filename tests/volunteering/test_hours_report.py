"""Approved hours summed up, for those who look after them, without anybody being worked out."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from exchange.kernel.act import Act
from exchange.volunteering.attendance.hours_service import object_to_hours
from exchange.volunteering.hours_report.queries import Asked, report_entries
from exchange.volunteering.hours_report.rules import Entry, Sum, sums_by, total_of
from exchange.volunteering.kinds import Work
from tests.cast import VILLAGE, Cast, Player
from tests.conftest import Queries, SettableClock
from tests.volunteering.attendance_scene import (
    BEGINS,
    ENDS,
    Morning,
    make_activity,
    make_morning,
    make_shift,
)
from tests.volunteering.conftest import Group

ActAs = Callable[..., AbstractContextManager[Act]]
Catch = Callable[[], AbstractContextManager[Queries]]
PATH = "/volunteer-hours?from=2026-01-01&to=2026-12-31"
OTHER_VILLAGE = "520422102244"


@pytest.fixture
def morning(cast: Cast, clock: SettableClock, act_as: ActAs) -> Morning:
    return make_morning(cast, clock, act_as)


def entries(*people: tuple[str, int], named: bool = False) -> list[Entry]:
    """Pairs of a place and a person, an hour each."""
    return [Entry(1, place, "other", person, 1, 60, named) for place, person in people]


def by_place(one: Entry) -> str:
    return one.division_code


def test_those_who_may_read_names_read_small_sums() -> None:
    known = entries(("a", 1), ("a", 1), ("b", 2), named=True)
    assert sums_by(known, by_place) == [Sum("a", 1, 2, 120), Sum("b", 1, 1, 60)]
    assert total_of(known) == Sum("total", 2, 3, 180)


def test_small_groups_stand_together_for_others() -> None:
    many = [("big", number) for number in range(6)]
    known = entries(*many, *(("small", number) for number in range(10, 13)), ("tiny", 20))
    big, rest = sums_by([*known, *entries(("tiny", 21))], by_place)
    assert big == Sum("big", 6, 6, 360)
    assert rest == Sum(None, 5, 5, 300)


def test_one_small_group_takes_the_next_one_along_so_that_the_total_betrays_nothing() -> None:
    known = entries(*(("big", number) for number in range(6)), ("tiny", 20))
    assert sums_by(known, by_place) == [Sum(None, 7, 7, 420)]
    assert sums_by(entries(("tiny", 1)), by_place) == [Sum(None, 0, 0, 0)]
    assert not total_of(entries(("tiny", 1))).is_told
    assert total_of([]) == Sum("total", 0, 0, 0)


def page(client: FlaskClient, morning: Morning, who: Player, path: str = PATH) -> str:
    morning.as_(client, who)
    client.get("/locale/en")
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def test_a_manager_reads_the_approved_hours_of_their_own(
    client: FlaskClient, morning: Morning
) -> None:
    first, second = morning.volunteers
    morning.over()
    morning.approved(first, 120)
    morning.proposed(second, 90)
    shown = page(client, morning, morning.manager)
    assert "普定青年志愿者协会" in shown
    assert "2 h" in shown
    assert "1 h 30 min" not in shown  # proposed only
    assert 'class="table aligned stacks"' in shown  # rows stand under each other on a phone,
    assert 'data-label="Hours">2 h' in shown  # each number beside what it is
    assert "王小明" not in shown
    table = client.get(PATH.replace("hours?", "hours.csv?"))
    assert table.mimetype == "text/csv"
    assert table.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(table.text.lstrip("\ufeff"))))
    assert rows[-1][2:] == ["1", "1", "2.00", "120"]
    assert len(rows) == 5
    assert "A4" in client.get(PATH.replace("hours?", "hours/paper?")).text


def test_a_correction_counts_once_it_is_approved(client: FlaskClient, morning: Morning) -> None:
    (first, _) = morning.volunteers
    morning.over()
    morning.approved(first, 120)
    morning.approved(first, 60, seen=2)
    asked = Asked(BEGINS.date(), BEGINS.date())
    with morning.act_as() as act:
        (entry,) = report_entries(act.session, morning.manager.actor, asked, "Asia/Shanghai")
    assert (entry.minutes, entry.times) == (60, 1)


def test_hours_with_an_open_objection_are_in_no_sum(
    client: FlaskClient, morning: Morning, act_as: ActAs
) -> None:
    first, second = morning.volunteers
    morning.over()
    morning.approved(first, 120)
    morning.approved(second, 60)
    with act_as(first.actor) as act:
        object_to_hours(act, morning.shift(act.session), "我待到最后")
    shown = page(client, morning, morning.manager)
    assert "1 entry with an open objection is left out" in shown
    assert "2 h" not in shown
    assert "3 h" not in shown
    rows = list(csv.reader(io.StringIO(client.get(PATH.replace("hours?", "hours.csv?")).text)))
    assert rows[-2][2:] == ["1", "1", "1.00", "60"]
    assert "1 entry with an open objection" in rows[-1][0]
    assert "open objection" in client.get(PATH.replace("hours?", "hours/paper?")).text
    maker = Group(morning.cast, morning.session, act_as, morning.manager, morning.coordinator)
    url = "/api/v1/volunteer-hours"
    found = client.get(url, headers=maker.token(morning.manager)).get_json()
    assert (found["total"]["minutes"], found["left_out"]) == (60, 1)
    member = client.get(url, headers=maker.token(morning.coordinator)).get_json()
    assert member["left_out"] == 0  # whose it is they may not know
    morning.approved(first, 150, seen=3)
    settled = client.get(url, headers=maker.token(morning.manager)).get_json()
    assert (settled["total"]["minutes"], settled["left_out"]) == (210, 0)


def test_workers_read_where_they_serve_members_without_small_sums_strangers_nothing(
    client: FlaskClient, morning: Morning
) -> None:
    (first, _), cast = morning.volunteers, morning.cast
    morning.over()
    morning.approved(first, 120)
    for reader in (cast.broker, cast.supervisor):
        assert "2 h" in page(client, morning, reader)
    member = page(client, morning, morning.coordinator)
    assert "fewer than 5 people" in member
    assert "2 h" not in member
    assert "No approved hours" in page(client, morning, cast.stranger)
    member_table = client.get(PATH.replace("hours?", "hours.csv?"))
    assert "120" not in member_table.text
    cast.sign_out(client)
    assert client.get(PATH).status_code in (302, 401)


def test_the_address_narrows_and_odd_addresses_are_harmless(
    client: FlaskClient, morning: Morning
) -> None:
    (first, _), manager = morning.volunteers, morning.manager
    morning.over()
    morning.approved(first, 120)
    assert "2 h" in page(client, morning, manager, f"{PATH}&work=other&division={VILLAGE}")
    key = morning.organisation_key
    assert "2 h" in page(client, morning, manager, f"{PATH}&organisation={key}")
    for narrow in (
        "?from=2026-12-01", f"{PATH[16:]}&division={OTHER_VILLAGE[:4]}99", "?to=2026-01-01",
        f"{PATH[16:]}&work=teaching",
    ):  # fmt: skip
        assert client.get(f"/volunteer-hours{narrow}").status_code == 200
    assert "No approved" in page(client, morning, manager, f"{PATH}&work=teaching")
    assert "No approved" in page(client, morning, manager, "/volunteer-hours?from=2026-12-01")
    for odd in ("from=0001-01-01&to=9999-12-31", "from=x&to=%00&work=%27&organisation=.."):
        for path in ("", ".csv", "/paper"):
            assert client.get(f"/volunteer-hours{path}?{odd}").status_code == 200


def test_names_that_look_like_formulas_are_harmless(client: FlaskClient, morning: Morning) -> None:
    (first, _) = morning.volunteers
    morning.over()
    morning.approved(first, 120)
    morning.session.commit()
    morning.manager.organisation.name_zh = "=1+1"
    morning.session.commit()
    page(client, morning, morning.manager)
    assert "'=1+1" in client.get(PATH.replace("hours?", "hours.csv?")).text


def test_many_rows_ask_no_more_than_few(
    client: FlaskClient, morning: Morning, catch_queries: Catch
) -> None:
    (first, second), cast = morning.volunteers, morning.cast
    morning.over()
    morning.approved(first, 120)
    page(client, morning, morning.manager)
    with catch_queries() as few:
        client.get(PATH)
    cast.make_place(OTHER_VILLAGE)
    morning.session.commit()
    other = make_activity(
        cast, morning.organisation_id, division_code=OTHER_VILLAGE, work=Work.REPAIR
    )
    shift = make_shift(cast, other, BEGINS - timedelta(days=1), ENDS - timedelta(days=1))
    elsewhere = Morning(
        cast, morning.clock, morning.act_as, morning.manager, morning.manager, other.id,
        shift.id, shift.public_id,
    )  # fmt: skip
    for who in (first, second):
        elsewhere.join(who)
        elsewhere.approved(who, 30)
    client.get(PATH)
    with catch_queries() as many:
        assert "3 h" in client.get(PATH).text
    assert many.count == few.count


def test_programs_read_the_same(client: FlaskClient, morning: Morning, act_as: ActAs) -> None:
    (first, _) = morning.volunteers
    morning.over()
    morning.approved(first, 120)
    maker = Group(morning.cast, morning.session, act_as, morning.manager, morning.coordinator)
    url = "/api/v1/volunteer-hours"
    headers = maker.token(morning.manager)
    found = client.get(f"{url}?from=2026-11-01&to=2026-11-30", headers=headers).get_json()
    assert found["total"] == {
        "key": "total", "name": "", "people": 1, "times": 1, "minutes": 120
    }  # fmt: skip
    assert found["villages"][0]["key"] == VILLAGE
    member = client.get(url, headers=maker.token(morning.coordinator)).get_json()
    assert member["total"]["minutes"] is None
    for bad in ("from=0001-01-01", "to=9999-12-31", "division=x", "organisation=nobody", "work=x"):
        assert client.get(f"{url}?{bad}", headers=headers).status_code == 422
