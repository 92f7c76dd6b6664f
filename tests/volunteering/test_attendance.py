"""Checking in by the rotating code, and the coordinator's list, through the doors people use."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.volunteering.attendance.kinds import MarkKind
from exchange.volunteering.attendance.models import AttendanceMark
from exchange.volunteering.attendance.queries import marks_of, presence_from
from exchange.volunteering.attendance.rules import MOST_TICKS, Presence
from exchange.volunteering.attendance.service import Tick, mark_by_list
from exchange.volunteering.kinds import ShiftState
from exchange.volunteering.models import Activity
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

CatchQueries = Callable[[], AbstractContextManager[Queries]]


@pytest.fixture
def morning(
    cast: Cast, clock: SettableClock, act_as: Callable[..., AbstractContextManager[Act]]
) -> Morning:
    made = make_morning(cast, clock, act_as)
    made.at(5)
    return made


def marks(morning: Morning) -> int:
    morning.session.rollback()
    return morning.session.scalar(sa.select(sa.func.count(AttendanceMark.id))) or 0


def presence(morning: Morning, who: Player) -> Presence:
    morning.session.rollback()
    found = marks_of(morning.session, [morning.shift_id], who.person_id)
    return presence_from(found[morning.shift_id, who.person_id], morning.shift())


def arrive(client: FlaskClient, morning: Morning, code: str | None = None) -> str:
    path = f"/attend/{morning.shift_key}/{code or morning.code()}"
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def test_a_volunteer_scans_and_checks_in_with_one_tap_and_out_again(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.as_(client, who)
    assert "我到了" in arrive(client, morning)
    tapped = client.post(f"/attend/{morning.shift_key}", data={"kind": "came"})
    assert tapped.status_code == 302
    assert presence(morning, who).is_inside
    morning.at(125)
    assert "我要走了" in arrive(client, morning)
    client.post(f"/attend/{morning.shift_key}", data={"kind": "left"})
    assert presence(morning, who).spells == (
        (BEGINS + timedelta(minutes=5), BEGINS + timedelta(minutes=125)),
    )


def test_a_photographed_code_is_dead_after_its_window(
    morning: Morning, client: FlaskClient
) -> None:
    morning.as_(client, morning.volunteers[0])
    code = morning.code()
    morning.clock.forward(seconds=91)
    answer = client.get(f"/attend/{morning.shift_key}/{code}")
    assert answer.status_code == 410
    assert "这个码过期了" in answer.get_data(as_text=True)
    assert client.post(f"/attend/{morning.shift_key}", data={"kind": "came"}).status_code == 410
    assert marks(morning) == 0


def test_a_code_that_was_opened_in_time_leaves_time_to_tap_but_not_for_ever(
    morning: Morning, client: FlaskClient
) -> None:
    morning.as_(client, morning.volunteers[0])
    arrive(client, morning)
    morning.clock.forward(minutes=9)
    assert client.post(f"/attend/{morning.shift_key}", data={"kind": "came"}).status_code == 302
    assert marks(morning) == 1
    morning.clock.forward(minutes=2)
    assert client.post(f"/attend/{morning.shift_key}", data={"kind": "left"}).status_code == 410
    assert marks(morning) == 1


def test_the_code_of_another_shift_opens_nothing(morning: Morning, client: FlaskClient) -> None:
    activity = morning.session.get_one(Activity, morning.activity_id)
    other = make_shift(morning.cast, activity, BEGINS + timedelta(days=1), ENDS + timedelta(days=1))
    morning.as_(client, morning.volunteers[0])
    assert client.get(f"/attend/{other.public_id}/{morning.code()}").status_code == 410


def test_tapping_twice_counts_once(morning: Morning, client: FlaskClient) -> None:
    morning.as_(client, morning.volunteers[0])
    arrive(client, morning)
    for _ in range(2):
        client.post(f"/attend/{morning.shift_key}", data={"kind": "came"})
    assert marks(morning) == 1


def test_who_is_not_signed_in_signs_in_and_taps_then(morning: Morning, client: FlaskClient) -> None:
    page = arrive(client, morning)
    assert "请先登录" in page
    assert f"/sign-in?next=/attend/{morning.shift_key}" in page
    assert "周六陪老人说说话" not in page
    who = morning.volunteers[0]
    data = {"address": who.phone, "password": who.password}
    answer = client.post(f"/sign-in?next=/attend/{morning.shift_key}", data=data)
    assert answer.headers["Location"] == f"/attend/{morning.shift_key}"
    morning.clock.forward(minutes=2)
    assert "我到了" in client.get(f"/attend/{morning.shift_key}").get_data(as_text=True)


def test_the_code_page_shows_a_code_and_loads_itself_anew(
    morning: Morning, client: FlaskClient
) -> None:
    morning.as_(client, morning.coordinator)
    page = client.get(f"/attendance/shifts/{morning.shift_key}/code").get_data(as_text=True)
    assert '<svg class="qr"' in page
    assert 'http-equiv="refresh" content="30"' in page
    morning.clock.forward(seconds=31)
    later = client.get(f"/attendance/shifts/{morning.shift_key}/code").get_data(as_text=True)
    assert 'content="29"' in later
    assert page.split('class="qr"')[1] != later.split('class="qr"')[1]


def test_there_is_no_code_long_before_or_after(morning: Morning, client: FlaskClient) -> None:
    morning.as_(client, morning.coordinator)
    for minutes, told in ((-61, "前一小时"), (150 + 181, "过去太久")):
        morning.at(minutes)
        page = client.get(f"/attendance/shifts/{morning.shift_key}/code").get_data(as_text=True)
        assert told in page
        assert '<svg class="qr"' not in page


@pytest.mark.parametrize("page", ["", "/code", "/paper"])
def test_strangers_and_volunteers_do_not_read_the_list(
    morning: Morning, client: FlaskClient, page: str
) -> None:
    path = f"/attendance/shifts/{morning.shift_key}{page}"
    assert client.get(path).status_code == 302
    for who in (morning.cast.stranger, morning.volunteers[0]):
        morning.as_(client, who)
        assert client.get(path).status_code == 404


def test_a_broker_of_the_place_reads_the_list_and_cannot_tick(
    morning: Morning, client: FlaskClient
) -> None:
    morning.as_(client, morning.cast.broker)
    path = f"/attendance/shifts/{morning.shift_key}"
    assert "王小明" in client.get(path).get_data(as_text=True)
    signup = morning.signup_of(morning.volunteers[0])
    data = {"sheet": "abcdefgh", f"kind-{signup}": "came", f"was-{signup}": ""}
    assert client.post(path, data=data).status_code == 404
    assert marks(morning) == 0


def test_ticks_without_a_script_count_once_and_only_what_changed(
    morning: Morning, client: FlaskClient
) -> None:
    first, second = morning.volunteers
    morning.as_(client, morning.coordinator)
    path = f"/attendance/shifts/{morning.shift_key}"
    one, two = morning.signup_of(first), morning.signup_of(second)
    data = {
        "sheet": "abcdefghjk2345",
        f"kind-{one}": "came", f"was-{one}": "",
        f"kind-{two}": "absent", f"was-{two}": "absent",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(path, data=data).status_code == 302
    assert marks(morning) == 1
    assert presence(morning, first).is_inside


def ticked(client: FlaskClient, morning: Morning, *said: dict[str, object]) -> dict[str, object]:
    answer = client.post(
        f"/attendance/shifts/{morning.shift_key}/ticks", json={"ticks": list(said)}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def tick(
    signup: str, kind: str = "came", client_id: str = "aaaa-0001", age: int = 0
) -> dict[str, object]:
    return {"client_id": client_id, "signup": signup, "kind": kind, "age": age}


def test_an_offline_list_that_is_sent_twice_counts_once(
    morning: Morning, client: FlaskClient
) -> None:
    first, second = morning.volunteers
    morning.as_(client, morning.coordinator)
    morning.at(90)
    one = tick(morning.signup_of(first), age=3600)
    two = tick(morning.signup_of(second), "absent", "aaaa-0002", 3000)
    for _ in range(2):
        answer = ticked(client, morning, one, two)
        assert answer["kept"] == ["aaaa-0001", "aaaa-0002"]
        assert answer["refused"] == {}
    assert marks(morning) == 2
    assert presence(morning, second).came is False
    morning.session.rollback()
    at = morning.session.scalar(
        sa.select(AttendanceMark.at).where(AttendanceMark.person_id == first.person_id)
    )
    assert at == BEGINS + timedelta(minutes=30)


def test_of_two_coordinators_the_later_mark_wins_and_both_stay(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    signup = morning.signup_of(who)
    morning.at(60)
    morning.as_(client, morning.manager)
    ticked(client, morning, tick(signup, "came", "phone-two-1", 0))
    morning.as_(client, morning.coordinator)
    ticked(client, morning, tick(signup, "absent", "phone-one-1", 2400))
    assert presence(morning, who).came is True
    assert marks(morning) == 2
    ticked(client, morning, tick(signup, "absent", "phone-one-2", 0))
    assert presence(morning, who).came is False
    assert marks(morning) == 3


def test_a_tick_for_somebody_without_a_place_is_refused_alone(
    morning: Morning, client: FlaskClient
) -> None:
    morning.as_(client, morning.coordinator)
    good = tick(morning.signup_of(morning.volunteers[0]))
    answer = ticked(client, morning, good, tick("nobodyatall2", client_id="aaaa-0003"))
    assert answer["kept"] == ["aaaa-0001"]
    assert answer["refused"] == {"aaaa-0003": "您勾的人已经不在这个班次的名单里。"}


@pytest.mark.parametrize(
    "body",
    [None, [], {"ticks": 3}, {"ticks": [3]}, {"ticks": [{"kind": "flew"}]},
     {"ticks": [{"kind": "came", "age": "x"}]}, {"ticks": [{}] * (MOST_TICKS + 1)}],
)  # fmt: skip
def test_unreadable_ticks_are_refused_with_a_sentence(
    morning: Morning, client: FlaskClient, body: object
) -> None:
    morning.as_(client, morning.coordinator)
    answer = client.post(f"/attendance/shifts/{morning.shift_key}/ticks", json=body)
    assert answer.status_code == 422
    assert answer.get_json()["message"] == "这些登记读不出来。"


def test_ticks_are_refused_when_it_is_too_late_or_the_shift_is_off(
    morning: Morning, client: FlaskClient
) -> None:
    morning.as_(client, morning.coordinator)
    body = {"ticks": [tick(morning.signup_of(morning.volunteers[0]))]}
    morning.clock.set(ENDS + timedelta(days=31))
    late = client.post(f"/attendance/shifts/{morning.shift_key}/ticks", json=body)
    assert late.status_code == 409
    morning.at(0)
    morning.session.commit()
    morning.shift().state = ShiftState.CANCELLED
    morning.session.commit()
    off = client.post(f"/attendance/shifts/{morning.shift_key}/ticks", json=body)
    assert off.status_code == 409
    assert marks(morning) == 0


def test_a_member_who_does_not_look_after_it_cannot_tick(morning: Morning) -> None:
    member = morning.cast.make_player("旁人", VILLAGE, morning.manager.organisation)
    one = Tick("aaaa-0001", morning.signup_of(morning.volunteers[0]), MarkKind.CAME)
    with pytest.raises(Forbidden), morning.act_as(member.actor) as act:
        mark_by_list(act, morning.shift(act.session), [one])


def test_leaving_without_having_come_is_refused(morning: Morning, client: FlaskClient) -> None:
    morning.as_(client, morning.volunteers[0])
    arrive(client, morning)
    page = client.post(
        f"/attend/{morning.shift_key}", data={"kind": "left"}, follow_redirects=True
    ).get_data(as_text=True)
    assert "请先签到" in page
    assert marks(morning) == 0


def test_each_mark_is_in_the_audit(morning: Morning, client: FlaskClient) -> None:
    morning.as_(client, morning.coordinator)
    ticked(client, morning, tick(morning.signup_of(morning.volunteers[0])))
    morning.session.rollback()
    entry = morning.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "AttendanceMarked")
    ).one()
    assert entry.person_id == morning.coordinator.person_id


def test_the_list_of_shifts_needs_no_more_queries_for_more_rows(
    morning: Morning, client: FlaskClient, catch_queries: CatchQueries
) -> None:
    morning.as_(client, morning.manager)
    client.get("/attendance/")

    def needed() -> int:
        with catch_queries() as queries:
            assert client.get("/attendance/").status_code == 200
        return queries.count

    before = needed()
    for day in range(1, 5):
        activity = make_activity(morning.cast, morning.organisation_id, title=f"活动{day}")
        back = timedelta(days=day)
        make_shift(morning.cast, activity, BEGINS - back, ENDS - back)
    assert needed() == before


def test_the_list_of_a_shift_needs_no_more_queries_for_more_people(
    morning: Morning, client: FlaskClient, catch_queries: CatchQueries
) -> None:
    morning.as_(client, morning.manager)
    paths = [f"/attendance/shifts/{morning.shift_key}",
             f"/volunteering/shifts/{morning.shift_key}/hours"]  # fmt: skip

    def needed() -> list[int]:
        counts = []
        for path in paths:
            client.get(path)
            with catch_queries() as queries:
                assert client.get(path).status_code == 200
            counts.append(queries.count)
        return counts

    before = needed()
    for number in range(6):
        morning.join(morning.cast.make_player(f"志愿者{number}", VILLAGE))
    assert needed() == before


def test_the_list_goes_on_page_by_page(morning: Morning, client: FlaskClient) -> None:
    activity = morning.session.get_one(Activity, morning.activity_id)
    for number in range(25):
        back = timedelta(hours=12 * (number + 1))
        make_shift(morning.cast, activity, BEGINS - back, ENDS - back)
    morning.as_(client, morning.coordinator)
    first = client.get("/attendance/").get_data(as_text=True)
    assert first.count("<article") == 20
    onward = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(onward).get_data(as_text=True)
    assert second.count("<article") == 6


def test_the_worker_script_is_served_to_its_folder(client: FlaskClient) -> None:
    answer = client.get("/attendance/worker.js")
    assert answer.mimetype in ("text/javascript", "application/javascript")
    assert "CACHE" in answer.get_data(as_text=True)


def test_a_second_organisation_sees_nothing_of_it(morning: Morning, client: FlaskClient) -> None:
    other = morning.cast.make_organisation(OrganisationKind.NGO, "别家", VILLAGE, verified=True)
    boss = morning.cast.make_player("别家人", VILLAGE, other)
    morning.as_(client, boss)
    assert client.get(f"/attendance/shifts/{morning.shift_key}").status_code == 404
    with pytest.raises((Forbidden, Conflict)), morning.act_as(boss.actor) as act:
        mark_by_list(act, morning.shift(act.session), [])
