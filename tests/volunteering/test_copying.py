"""An activity is copied to other days: words, roles and shifts, never people."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.kernel.errors import Forbidden, Invalid
from exchange.volunteering.coordinating_service import RoleValues, add_role, name_coordinator
from exchange.volunteering.copying.rules import chosen_for_copy, moved, usual_first_day
from exchange.volunteering.copying.service import Copied, copy_activity
from exchange.volunteering.kinds import ActivityState, Repeat, ShiftState
from exchange.volunteering.models import Activity, Shift, ShiftSeries, Signup
from exchange.volunteering.permissions import may_manage
from exchange.volunteering.queries import roles_of
from exchange.volunteering.shifts.service import cancel_shift
from exchange.volunteering.values import values_of
from tests.cast import Player
from tests.conftest import SettableClock
from tests.volunteering.conftest import SATURDAY, Group

SignIn = Callable[[Player], FlaskClient]
SPRING = date(2027, 3, 6)


def copied(group: Group, activity: Activity, day: date, who: Player | None = None) -> Copied:
    with group.act_as((who or group.leader).actor) as act:
        return copy_activity(act, act.session.get_one(Activity, activity.id), day)


def shifts(group: Group, activity: Activity) -> list[Shift]:
    query = sa.select(Shift).where(Shift.activity_id == activity.id).order_by(Shift.starts_at)
    return list(group.session.scalars(query))


def test_shifts_keep_their_hours_and_their_distance() -> None:
    span = (SATURDAY, SATURDAY + timedelta(hours=2))
    start, end = moved(span, date(2026, 11, 21), SPRING, "Asia/Shanghai")
    assert (start.date(), start.time()) == (date(2027, 3, 13), SATURDAY.time())
    assert end - start == timedelta(hours=2)
    starts = [SATURDAY, SATURDAY + timedelta(days=7)]
    assert chosen_for_copy(starts, SATURDAY) == [1]
    assert chosen_for_copy(starts, SATURDAY + timedelta(days=9)) == [0, 1]
    assert usual_first_day(date(2026, 11, 28), date(2026, 11, 20)) == date(2026, 12, 5)
    assert usual_first_day(date(2026, 1, 3), date(2026, 11, 28)) == date(2026, 12, 5)


def test_a_copy_is_a_draft_of_the_same_without_people(group: Group) -> None:
    activity, made = group.run(
        repeat=Repeat.WEEKLY, until=SATURDAY + timedelta(days=14), skills=("tutoring",)
    )
    who = group.volunteer()
    group.joins(who, made[0])
    with group.act_as(group.leader.actor) as act:
        add_role(act, act.session.get_one(Activity, activity.id), RoleValues("朗读"))
        cancel_shift(act, act.session.get_one(Shift, made[1].id), "停一次")
    result = copied(group, activity, SPRING)
    again = copied(group, activity, SPRING)
    copy = group.session.get_one(Activity, result.activity.id)
    assert again.activity.id == copy.id
    assert copy.state is ActivityState.DRAFT
    assert copy.copied_from_id == activity.id
    assert values_of(copy) == values_of(group.session.get_one(Activity, activity.id))
    first, second = shifts(group, copy)
    assert first.starts_at.astimezone(SATURDAY.tzinfo).date() == SPRING
    assert second.starts_at - first.starts_at == timedelta(days=14)
    assert first.taken == 0
    assert [role.name for role in roles_of(group.session, copy.id)] == ["朗读"]
    series = group.session.get_one(ShiftSeries, first.series_id)
    assert (series.activity_id, series.first_on) == (copy.id, SPRING)
    people = sa.select(sa.func.count(Signup.id)).where(Signup.shift_id.in_([first.id, second.id]))
    assert group.session.scalar(people) == 0


def test_what_would_be_too_far_ahead_is_left_out(group: Group) -> None:
    activity, _ = group.run(repeat=Repeat.WEEKLY, until=SATURDAY + timedelta(days=28))
    result = copied(group, activity, group.cast.now.date() + timedelta(days=360))
    assert result.left_out == 4
    assert len(shifts(group, result.activity)) == 1


@pytest.mark.parametrize(
    "day", [date(2020, 1, 1), date(1, 1, 1), date(9999, 12, 31), date(2028, 6, 1)]
)
def test_days_that_cannot_be_are_refused(group: Group, day: date) -> None:
    activity, _ = group.run()
    with pytest.raises(Invalid) as refused:
        copied(group, activity, day)
    assert list(refused.value.fields) == ["first_day"]


def test_only_those_who_look_after_it_copy_it_and_go_on_doing_so(group: Group) -> None:
    activity, _ = group.run()
    with pytest.raises(Forbidden):
        copied(group, activity, SPRING, group.helper)
    with group.act_as(group.leader.actor) as act:
        found = act.session.get_one(Activity, activity.id)
        name_coordinator(act, found, group.helper.person_id)
    result = copied(group, activity, SPRING, group.helper)
    group.session.rollback()
    copy = group.session.get_one(Activity, result.activity.id, populate_existing=True)
    assert may_manage(group.helper.actor, copy)


def test_what_was_long_ago_is_copied_with_all_its_shifts(
    group: Group, clock: SettableClock
) -> None:
    activity, _ = group.run(repeat=Repeat.WEEKLY, until=SATURDAY + timedelta(days=7))
    clock.set(SATURDAY + timedelta(days=60))
    assert len(shifts(group, copied(group, activity, SPRING).activity)) == 2


def test_what_was_called_off_entirely_is_the_pattern_of_a_copy(
    group: Group, signed_in: SignIn, clock: SettableClock
) -> None:
    activity, (one,) = group.run()
    client = signed_in(group.leader)
    manage, copy = (f"/activities/{activity.public_id}/{page}" for page in ("manage", "copy"))
    assert "Open for sign-up" in client.get(manage).text
    client.post(f"/shifts/{one.public_id}/cancel", data={"reason": "大雨"})
    page = client.get(manage).text
    assert "No shift is open" in page
    assert "Open for sign-up" not in page
    assert "has no shift that could be copied" not in client.get(copy).text
    made = client.post(copy, data={"first_day": SPRING.isoformat()}, follow_redirects=True).text
    assert "The draft is there." in made
    group.session.rollback()
    new = group.session.scalars(sa.select(Shift).where(Shift.activity_id != activity.id)).one()
    assert (new.state, new.starts_at.astimezone(SATURDAY.tzinfo).date()) == (
        ShiftState.OPEN, SPRING,
    )  # fmt: skip
    client.post(f"/activities/{activity.public_id}/cancel", data={"reason": "大雨"})
    answer = client.post(
        f"/api/v1{copy}", json={"first_day": "2027-04-03"}, headers=group.token(group.leader)
    )
    assert answer.status_code == 201
    _, (other,) = group.run(title="村里大扫除")
    clock.set(SATURDAY + timedelta(hours=1))
    page = client.get(f"/activities/{other.activity.public_id}/manage").text
    assert "Going on now" in page


def test_it_is_copied_on_a_page_and_by_a_program(group: Group, signed_in: SignIn) -> None:
    activity, _ = group.run()
    client = signed_in(group.leader)
    path = f"/activities/{activity.public_id}/copy"
    assert "2026-12-05" in client.get(path).text
    client.get("/locale/zh")
    assert "原来从 11\xa0月\xa028\xa0日开始" in client.get(path).text
    client.get("/locale/en")
    for odd in ("", "morgen", "0001-01-01", "9999-12-31"):
        assert client.post(path, data={"first_day": odd}).status_code == 422
    made = client.post(path, data={"first_day": SPRING.isoformat()}, follow_redirects=True).text
    assert "The draft is there." in made
    headers = group.token(group.leader)
    url = f"/api/v1{path}"
    answer = client.post(url, json={"first_day": "2027-04-03"}, headers=headers)
    assert (answer.status_code, answer.get_json()["state"]) == (201, "draft")
    assert client.post(url, json={"first_day": "0001-01-01"}, headers=headers).status_code == 422
    stranger = group.token(group.cast.stranger)
    assert client.post(url, json={"first_day": "2027-04-03"}, headers=stranger).status_code == 403
    assert signed_in(group.cast.stranger).get(path).status_code == 403
