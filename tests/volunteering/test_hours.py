"""Hours, certificates, numbers and the export, through the doors people use."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.notifications.models import Notice
from exchange.volunteering.attendance.certificate_service import Scope, issue_certificate
from exchange.volunteering.attendance.hours_service import (
    Chosen,
    Proposal,
    approve_hours,
    propose_hours,
)
from exchange.volunteering.attendance.kinds import Step
from tests.cast import VILLAGE, Cast, Player
from tests.conftest import SettableClock
from tests.volunteering.attendance_scene import Morning, make_morning, steps

IDENTITY = "520422199003071234"


@pytest.fixture
def morning(
    cast: Cast, clock: SettableClock, act_as: Callable[..., AbstractContextManager[Act]]
) -> Morning:
    made = make_morning(cast, clock, act_as)
    made.over()
    return made


def notices(morning: Morning, who: Player, code: str) -> int:
    morning.session.rollback()
    query = sa.select(sa.func.count(Notice.id)).where(
        Notice.person_id == who.person_id, Notice.code == code
    )
    return morning.session.scalar(query) or 0


def entered(
    morning: Morning, who: Player, minutes: str, seen: int = 0, **more: str
) -> dict[str, str]:
    key = morning.signup_of(who)
    rest = {f"{name}-{key}": value for name, value in more.items()}
    return {f"minutes-{key}": minutes, f"seen-{key}": str(seen), **rest}


def test_hours_are_proposed_approved_and_told(morning: Morning, client: FlaskClient) -> None:
    who = morning.volunteers[0]
    path = f"/volunteering/shifts/{morning.shift_key}/hours"
    morning.as_(client, morning.coordinator)
    for _ in range(2):
        assert client.post(path, data=entered(morning, who, "120", travel="45")).status_code == 302
    assert steps(morning, who) == [(Step.PROPOSED, 120)]
    assert notices(morning, morning.manager, "hours_proposed") == 1
    key = morning.signup_of(who)
    client.post(f"{path}/approve", data={"signup": key, f"seen-{key}": "1"})
    assert steps(morning, who) == [(Step.PROPOSED, 120)]
    morning.as_(client, morning.manager)
    page = client.get(path).text
    assert '<h2 id="approve-title">待认定</h2>' in page
    assert "认定勾选的</button>" in page
    assert "交上去等认定" in page
    assert "待认定" in client.get(f"/organisations/{morning.organisation_key}/hours").text
    for other in ("等您认定", "等批准", "提交认定"):
        assert other not in page
    for _ in range(2):
        client.post(f"{path}/approve", data={"signup": key, f"seen-{key}": "1"})
    assert steps(morning, who) == [(Step.PROPOSED, 120), (Step.APPROVED, 120)]
    assert notices(morning, who, "hours_approved") == 1
    morning.as_(client, who)
    page = client.get("/my/hours").get_data(as_text=True)
    assert "2 小时" in page
    assert "路上 45 分钟，不算" in page


def test_the_notice_of_approved_hours_says_them_as_the_page_does(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.approved(who, 95)
    morning.as_(client, who)
    assert "的时长认定了：1 小时 35 分钟。" in client.get("/notices").text
    client.get("/locale/en")
    assert "are approved: 1 h 35 min." in client.get("/notices").text


def test_minutes_that_cannot_be_stand_beside_their_field_with_what_was_typed(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.as_(client, morning.coordinator)
    path = f"/volunteering/shifts/{morning.shift_key}/hours"
    for typed in ("1441", "两小时", "-5", "9" * 400):
        answer = client.post(path, data=entered(morning, who, typed))
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert "分钟数是 0 到 1440 的整数" in page
        assert f'value="{typed}"' in page
        summary = page.split('class="error-summary"')[1].split("</ul>")[0]
        assert f'<a href="#minutes-{morning.signup_of(who)}">' in summary
        assert "分钟数是 0 到 1440 的整数" in summary
    answer = client.post(path, data=entered(morning, who, "60", note=f"身份证{IDENTITY}"))
    assert "请不要写身份证号" in answer.get_data(as_text=True)
    assert steps(morning, who) == []


def test_what_was_typed_stays_beside_what_somebody_else_entered_meanwhile(
    morning: Morning, client: FlaskClient
) -> None:
    first, second = morning.volunteers
    path = f"/volunteering/shifts/{morning.shift_key}/hours"
    morning.proposed(first, 100)
    morning.as_(client, morning.coordinator)
    typed = entered(morning, first, "135", note="多待了一会") | entered(morning, second, "145")
    answer = client.post(path, data=typed)
    assert answer.status_code == 409
    page = answer.text
    for kept in ('value="135"', 'value="145"', 'value="多待了一会"', "这期间已改成 1 小时 40 分钟"):
        assert kept in page
    assert page.count("这期间已改成") == 1
    assert steps(morning, second) == []
    again = typed | entered(morning, first, "135", seen=1)  # as the page has it now
    assert f'name="seen-{morning.signup_of(first)}" value="1"' in page
    assert client.post(path, data=again).status_code == 302
    assert steps(morning, first)[-1] == (Step.PROPOSED, 135)
    assert steps(morning, second) == [(Step.PROPOSED, 145)]


def test_hours_wait_until_the_shift_is_over(morning: Morning) -> None:
    morning.at(60)
    with pytest.raises(Conflict, match="hours_too_early"):
        morning.proposed(morning.volunteers[0])


def test_nothing_is_counted_before_the_shift_is_over(
    morning: Morning, client: FlaskClient
) -> None:
    morning.at(5)
    came_by_code(morning, client, morning.volunteers[0])
    morning.as_(client, morning.coordinator)
    path = f"/volunteering/shifts/{morning.shift_key}/hours"
    page = client.get(path).text
    assert "还没结束" in page
    assert "还没问" not in page
    assert "算下来" not in page
    morning.over()
    page = client.get(path).text
    assert "算下来 2 小时 25 分钟" in page
    assert "还没结束" not in page


@pytest.mark.parametrize(("typed", "said"), [("150", "按负责人填的"), ("145", "扫码")])
def test_minutes_typed_against_the_code_are_the_coordinators_even_if_as_planned(
    morning: Morning, client: FlaskClient, typed: str, said: str
) -> None:
    who = morning.volunteers[0]
    morning.at(5)
    came_by_code(morning, client, who)
    morning.over()
    morning.as_(client, morning.coordinator)
    path = f"/volunteering/shifts/{morning.shift_key}/hours"
    assert client.post(path, data=entered(morning, who, typed)).status_code == 302
    morning.as_(client, morning.manager)
    page = client.get(path).text.split('id="approve"')[1].split("</form>")[0]
    assert said in page
    assert "按计划" not in page


def came_by_code(morning: Morning, client: FlaskClient, who: Player) -> None:
    morning.as_(client, who)
    morning.session.rollback()
    client.get(f"/attend/{morning.shift_key}/{morning.code()}", follow_redirects=True)
    assert client.post(f"/attend/{morning.shift_key}", data={"kind": "came"}).status_code == 302


def test_strangers_members_and_volunteers_touch_no_hours(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    path = f"/volunteering/shifts/{morning.shift_key}/hours"
    for other in (morning.cast.stranger, who):
        morning.as_(client, other)
        assert client.get(path).status_code == 404
        assert client.post(path, data=entered(morning, who, "60")).status_code == 404
        assert client.post(f"{path}/approve", data={"signup": "x"}).status_code == 404
    morning.proposed(who)
    with pytest.raises(Forbidden), morning.act_as(morning.coordinator.actor) as act:
        approve_hours(act, morning.shift(act.session), [Chosen(morning.signup_of(who), 1)])


def test_nobody_approves_their_own_hours_alone(morning: Morning) -> None:
    own = morning.join(morning.manager)
    morning.proposed(own)

    def approve(by: Player) -> int:
        with morning.act_as(by.actor) as act:
            chosen = [Chosen(morning.signup_of(own), 1)]
            return approve_hours(act, morning.shift(act.session), chosen).count

    second = morning.cast.make_player("二把手", VILLAGE, morning.manager.organisation, Role.MANAGER)
    with pytest.raises(Conflict, match="hours_own"):
        approve(own)
    assert approve(second) == 1
    assert steps(morning, own)[-1] == (Step.APPROVED, 150)


def test_a_single_manager_may_approve_their_own(morning: Morning) -> None:
    own = morning.join(morning.manager)
    morning.approved(own)
    assert steps(morning, own)[-1] == (Step.APPROVED, 150)


def test_who_acts_on_hours_that_changed_meanwhile_is_told(morning: Morning) -> None:
    who = morning.volunteers[0]
    morning.proposed(who, 100)
    morning.proposed(who, 110, seen=1)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        morning.proposed(who, 120, seen=1)
    with (
        pytest.raises(Conflict, match="changed_meanwhile"),
        morning.act_as(morning.manager.actor) as act,
    ):
        approve_hours(act, morning.shift(act.session), [Chosen(morning.signup_of(who), 1)])
    assert steps(morning, who) == [(Step.PROPOSED, 100), (Step.PROPOSED, 110)]


def test_a_volunteer_objects_and_the_correction_keeps_the_history(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.approved(who, 60)
    morning.as_(client, who)
    path = f"/my/hours/{morning.shift_key}/object"
    assert client.post(path, data={"words": ""}).status_code == 422
    for _ in range(2):
        assert client.post(path, data={"words": "我待到最后"}).status_code == 302
    assert notices(morning, morning.manager, "hours_objected") == 1
    assert notices(morning, morning.coordinator, "hours_objected") == 1
    morning.approved(who, 150, seen=3)
    assert steps(morning, who) == [
        (Step.PROPOSED, 60), (Step.APPROVED, 60), (Step.OBJECTED, 60),
        (Step.PROPOSED, 150), (Step.APPROVED, 150),
    ]  # fmt: skip
    page = client.get("/my/hours").get_data(as_text=True)
    assert "我待到最后" in page
    assert "2 小时 30 分钟" in page
    morning.as_(client, morning.coordinator)
    client.get("/locale/en")
    told = client.get(f"/volunteering/shifts/{morning.shift_key}/hours").text
    card = told.split(f'aria-label="{who.person.name}">')[1].replace("\xa0", " ")
    assert "Approved: 2 h 30 min" in card.split("<details")[0]


def test_fields_of_hours_stand_at_the_same_height_beside_an_error(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.over()
    morning.as_(client, morning.coordinator)
    path = f"/volunteering/shifts/{morning.shift_key}/hours"
    page = client.post(path, data={f"minutes-{morning.signup_of(who)}": "viel"})
    assert page.status_code == 422
    assert 'class="minutes-row"' in page.text
    with client.get("/static/css/attendance.css") as sheet:
        style = sheet.get_data(as_text=True)
    rule = style.split(".minutes-row {")[1].split("}")[0]
    assert "align-items: start" in rule


def test_an_objection_comes_within_two_weeks_and_from_nobody_else(
    morning: Morning, client: FlaskClient
) -> None:
    who, other = morning.volunteers
    morning.approved(who)
    path = f"/my/hours/{morning.shift_key}/object"
    morning.as_(client, other)
    assert client.post(path, data={"words": "不对"}).status_code == 404
    morning.clock.forward(days=15)
    morning.as_(client, who)
    answer = client.post(path, data={"words": "不对"})
    assert answer.status_code == 422
    assert "14 天" in answer.get_data(as_text=True)
    assert len(steps(morning, who)) == 2


def test_a_proposal_for_somebody_elsewhere_is_refused(morning: Morning) -> None:
    with (
        pytest.raises(Conflict, match="attend_no_place"),
        morning.act_as(morning.coordinator.actor) as act,
    ):
        propose_hours(act, morning.shift(act.session), [Proposal("nobody234", 60)])
    one = Proposal(morning.signup_of(morning.volunteers[0]), -1)
    with pytest.raises(Invalid), morning.act_as(morning.coordinator.actor) as act:
        propose_hours(act, morning.shift(act.session), [one])


def test_a_manager_sees_what_waits_and_the_page_of_the_organisation_leads_there(
    morning: Morning, client: FlaskClient
) -> None:
    morning.proposed(morning.volunteers[0])
    morning.as_(client, morning.manager)
    page = client.get(f"/organisations/{morning.organisation_key}/hours").get_data(as_text=True)
    assert f"/volunteering/shifts/{morning.shift_key}/hours" in page
    organisation = client.get(f"/organisations/{morning.organisation_key}").get_data(as_text=True)
    assert f"/organisations/{morning.organisation_key}/hours" in organisation
    morning.as_(client, morning.cast.stranger)
    assert client.get(f"/organisations/{morning.organisation_key}/hours").status_code == 404


def test_hours_of_more_than_three_years_are_no_period(morning: Morning) -> None:
    who = morning.volunteers[0]
    morning.approved(who)
    last = morning.clock.now().date()
    scope = Scope(morning.organisation_id, who.person_id, last - timedelta(days=1500), last)
    with pytest.raises(Invalid), morning.act_as(who.actor) as act:
        issue_certificate(act, scope)
