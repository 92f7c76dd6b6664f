"""A coordinator puts somebody on the list of a shift who came without signing up."""



import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import Verification
from exchange.volunteering.kinds import ActivityState, Circle, SignupState
from exchange.volunteering.models import Activity, Signup
from tests.cast import VILLAGE
from tests.volunteering.attendance_scene import (
    Morning,
)
from tests.volunteering.test_attendance import arrive, marks
from tests.volunteering.test_attendance import morning as morning  # noqa: PLC0414 - a fixture


def admit(client: FlaskClient, morning: Morning, phone: str) -> tuple[int, str]:
    answer = client.post(
        f"/attendance/shifts/{morning.shift_key}/people",
        data={"phone": phone},
        follow_redirects=True,
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_a_coordinator_puts_somebody_on_the_list_who_came_without_signing_up(
    morning: Morning, client: FlaskClient
) -> None:
    guest = morning.cast.make_player("孟来", VILLAGE)
    morning.as_(client, morning.coordinator)
    for _ in range(2):
        status, page = admit(client, morning, guest.phone)
        assert status == 200
        assert "孟来" in page
    morning.session.rollback()
    assert morning.shift().taken == 3
    signup = morning.session.scalars(
        sa.select(Signup).where(Signup.person_id == guest.person_id)
    ).one()
    assert signup.state is SignupState.SIGNED_UP


def test_admitting_is_refused_with_what_was_typed_kept(
    morning: Morning, client: FlaskClient
) -> None:
    guest = morning.cast.make_player("孟来", VILLAGE)
    morning.as_(client, morning.coordinator)
    assert admit(client, morning, "123")[0] == 422
    status, page = admit(client, morning, "13811112222")
    assert status == 422
    assert "没有人用这个号码登录" in page
    assert 'value="13811112222"' in page
    morning.session.commit()
    morning.shift().maximum = 2
    morning.session.commit()
    status, page = admit(client, morning, guest.phone)
    assert status == 422
    assert "这个班次满了" in page
    morning.session.commit()
    morning.shift().maximum = 10
    morning.session.get_one(Activity, morning.activity_id).circle = Circle.MEMBERS
    morning.session.commit()
    assert "成员" in admit(client, morning, guest.phone)[1]
    morning.as_(client, morning.cast.stranger)
    assert admit(client, morning, guest.phone)[0] == 404


def test_a_draft_or_an_unverified_organisation_learns_no_names(
    morning: Morning, client: FlaskClient
) -> None:
    guest = morning.cast.make_player("孟来", VILLAGE)
    morning.as_(client, morning.manager)
    activity = morning.session.get_one(Activity, morning.activity_id)
    activity.state = ActivityState.DRAFT
    morning.session.commit()
    status, page = admit(client, morning, guest.phone)
    assert status == 422
    assert "孟来" not in page
    morning.session.rollback()
    activity = morning.session.get_one(Activity, morning.activity_id)
    activity.state = ActivityState.PUBLISHED
    activity.organisation.verification = Verification.UNVERIFIED
    morning.session.commit()
    status, page = admit(client, morning, guest.phone)
    assert status == 422
    assert "孟来" not in page
    morning.session.rollback()
    assert morning.shift().taken == 2


def test_whoever_is_put_on_a_list_is_told(morning: Morning, client: FlaskClient) -> None:
    guest = morning.cast.make_player("孟来", VILLAGE)
    morning.as_(client, morning.coordinator)
    admit(client, morning, guest.phone)
    page = morning.as_(client, guest).get("/notices").get_data(as_text=True)
    assert "把您记进了“周六陪老人说说话”" in page


@pytest.mark.parametrize(
    ("state", "told"),
    [(None, "不在这个班次的名单里"), (SignupState.CANCELLED, "不在这个班次的名单里"),
     (SignupState.WAITING, "候补名单")],
)  # fmt: skip
def test_who_has_no_place_is_sent_to_the_coordinator(
    morning: Morning, client: FlaskClient, state: SignupState | None, told: str
) -> None:
    stranger = morning.cast.stranger
    if state:
        morning.join(stranger, state)
    morning.as_(client, stranger)
    page = arrive(client, morning)
    assert told in page
    assert "请找负责人" in page
    assert "周六陪老人说说话" not in page
    answer = client.post(f"/attend/{morning.shift_key}", data={"kind": "came"})
    assert answer.status_code == 403
    assert marks(morning) == 0
