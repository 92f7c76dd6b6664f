"""Certificates of approved hours: made once, verified by everybody, never longer than true."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from exchange.kernel.errors import Conflict, Forbidden
from exchange.volunteering.attendance.certificate_rules import is_number
from exchange.volunteering.attendance.certificate_service import Scope, issue_certificate
from exchange.volunteering.attendance.hours_service import (
    Chosen,
    approve_hours,
)
from exchange.volunteering.attendance.models import Certificate
from tests.volunteering.attendance_scene import Morning, events
from tests.volunteering.test_hours import morning as morning  # noqa: PLC0414 - a fixture
from tests.volunteering.test_hours import notices


def drawn(client: FlaskClient, morning: Morning, **more: str) -> str:
    data = {"organisation": morning.organisation_key, "from_day": "2026-11-01",
            "to_day": "2026-11-28"} | more  # fmt: skip
    answer = client.post("/my/hours/certificates", data=data)
    assert answer.status_code == 302
    return answer.headers["Location"]


def certificate(morning: Morning, path: str) -> Certificate:
    morning.session.rollback()
    query = sa.select(Certificate).where(Certificate.public_id == path.rsplit("/", 1)[1])
    return morning.session.scalars(query).one()


def test_a_certificate_is_made_once_and_verified_by_everybody(
    app: Flask, morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.approved(who)
    morning.as_(client, who)
    path = drawn(client, morning)
    assert drawn(client, morning) == path
    page = client.get(path).get_data(as_text=True)
    for words in (
        "志愿服务记录证明",
        "王小明",
        "普定青年志愿者协会",
        "2 小时 30 分钟",
        'class="qr"',
        "2026 年 11 月 1 日至 2026 年 11 月 28 日参加",
    ):
        assert words in page.replace("\xa0", " ")
    assert "2026-11" not in page
    found = certificate(morning, path)
    assert is_number(found.number)
    visitor = app.test_client()
    seen = visitor.get(f"/verify/certificate/{found.code}").get_data(as_text=True)
    assert "真实有效" in seen
    assert "王*" in seen
    assert "王小明" not in seen
    for typed, told in (("王小明", "姓名和证明上的一致"), ("王大明", "不一样")):
        data = {"code": found.code.upper(), "name": typed}
        assert told in visitor.post("/verify/certificate", data=data).get_data(as_text=True)
    assert "2026 年 11 月 1 日至" in seen.replace("\xa0", " ")
    assert "2026-11" not in seen
    assert visitor.get("/verify/certificate/abcdefgh2345").status_code == 404
    assert visitor.get(path).status_code == 302
    morning.as_(client, morning.volunteers[1])
    assert client.get(path).status_code == 404


def test_days_the_wrong_way_round_stand_in_the_open_form_with_why(
    morning: Morning, client: FlaskClient
) -> None:
    morning.approved(morning.volunteers[0])
    morning.as_(client, morning.volunteers[0])
    client.get("/locale/en")
    key = morning.organisation_key
    data = {"organisation": key, "from_day": "2026-11-28", "to_day": "2026-11-01"}
    answer = client.post("/my/hours/certificates", data=data)
    assert answer.status_code == 422
    form = answer.text.split('<details class="more" open>')[1].split("</details>")[0]
    for name, day in (("from_day", "2026-11-28"), ("to_day", "2026-11-01")):
        field = re.search(rf'<input[^>]*id="{name}-{key}"[^>]*>', form)
        assert field
        assert f'name="{name}"' in field[0]
        assert f'value="{day}"' in field[0]
        assert ('aria-invalid="true"' in field[0]) is (name == "to_day")
    assert f'id="to_day-{key}-error"' in form
    assert f'href="#to_day-{key}"' in form
    assert answer.text.count('<details class="more" open>') == 1
    odd = client.post("/my/hours/certificates", data={**data, "to_day": "gestern"})
    assert odd.status_code == 422
    assert "Please choose a day of the calendar." in odd.text
    assert client.post("/my/hours/certificates", data={**data, "activity": "x"}).status_code == 422


def test_english_readers_read_the_english_name_behind_the_certified_one(
    app: Flask, morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.approved(who)
    morning.as_(client, who)
    path = drawn(client, morning)
    code = certificate(morning, path).code
    morning.manager.organisation.name_en = "Puding Youth Volunteers"
    morning.session.commit()
    visitor, both = app.test_client(), "普定青年志愿者协会 (Puding Youth Volunteers)"
    pages = ((client, path), (client, "/my/hours"), (visitor, f"/verify/certificate/{code}"))
    for reader, page in pages:
        assert both not in reader.get(page).get_data(as_text=True)
        reader.get("/locale/en")
        assert both in reader.get(page).get_data(as_text=True)
        reader.get("/locale/zh")


def test_a_manager_certifies_one_activity_and_the_volunteer_is_told(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.approved(who)
    morning.as_(client, morning.manager)
    activity = morning.shift().activity.public_id
    data = {"certificate-person": who.person.public_id, "certificate-activity": activity}
    path = f"/organisations/{morning.organisation_key}/hours/certificates"
    made = client.post(path, data=data)
    assert made.status_code == 302
    found = certificate(morning, made.headers["Location"])
    assert (found.title, found.from_day.isoformat()) == ("周六陪老人说说话", "2026-11-28")
    sheet = client.get(made.headers["Location"]).get_data(as_text=True).replace("\xa0", " ")
    assert "于 2026 年 11 月 28 日当天参加" in sheet, "one day is named once"
    assert notices(morning, who, "certificate_ready") == 1
    bad = {"certificate-person": morning.volunteers[1].person.public_id}
    assert client.post(path, data=bad).status_code == 422
    morning.as_(client, morning.coordinator)
    assert client.post(path, data=data).status_code == 404


def test_changed_hours_replace_a_certificate_and_a_manager_revokes_with_a_reason(
    app: Flask, morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.approved(who, 100)
    morning.as_(client, who)
    first = drawn(client, morning)
    assert client.post(f"{first}/revoke", data={"reason": "我要撤"}).status_code == 403
    morning.approved(who, 150, seen=2)
    second = drawn(client, morning)
    assert second != first
    old, new = certificate(morning, first), certificate(morning, second)
    assert (old.is_valid, old.replaced_by_id, new.minutes) == (False, new.id, 150)
    morning.as_(client, morning.manager)
    assert client.post(f"{second}/revoke", data={"reason": ""}).status_code == 422
    for _ in range(2):
        client.post(f"{second}/revoke", data={"reason": "时长登记有误"})
    assert events(morning, "CertificateRevoked") == 1
    page = app.test_client().get(f"/verify/certificate/{new.code}").get_data(as_text=True)
    assert "撤销：时长登记有误" in page
    morning.as_(client, who)
    assert drawn(client, morning) not in (first, second)


def test_a_certificate_of_hours_that_were_corrected_says_so(
    app: Flask, morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.approved(who, 480)
    morning.as_(client, who)
    path = drawn(client, morning)
    code = certificate(morning, path).code
    page, program = f"/verify/certificate/{code}", f"/api/v1/certificate-verification?code={code}"
    visitor = app.test_client()
    assert visitor.get(program).json["valid"] is True
    morning.proposed(who, 120, seen=2)
    assert "真实有效" in visitor.get(page).text  # until a manager stands by it
    with morning.act_as(morning.manager.actor) as act:
        approve_hours(act, morning.shift(act.session), [Chosen(morning.signup_of(who), 3)])
    seen = visitor.get(page).text
    assert "真实有效" not in seen
    assert "后来时长有过更正" in seen
    told = visitor.get(program).json
    assert (told["valid"], told["hours_changed"]) == (False, True)
    assert "它不再有效" in client.get(path).text
    assert "时长有变动" in client.get("/my/hours").text
    fresh = certificate(morning, drawn(client, morning)).code
    assert "真实有效" in visitor.get(f"/verify/certificate/{fresh}").text
    assert "时长有变动" not in client.get("/my/hours").text


def test_without_approved_hours_or_verification_nothing_is_certified(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    scope = Scope(morning.organisation_id, who.person_id, activity_id=morning.activity_id)
    with pytest.raises(Conflict, match="certificate_nothing"), morning.act_as(who.actor) as act:
        issue_certificate(act, scope)
    with (
        pytest.raises(Forbidden),
        morning.act_as(morning.volunteers[1].actor) as act,
    ):
        issue_certificate(act, scope)
    morning.approved(who)
    morning.session.commit()
    morning.manager.organisation.verification = "unverified"  # type: ignore[assignment]  # as stored
    morning.session.commit()
    with (
        pytest.raises(Conflict, match="certificate_needs_verified"),
        morning.act_as(who.actor) as act,
    ):
        issue_certificate(act, scope)
