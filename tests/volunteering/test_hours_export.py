"""The volunteer number and the export, and what goes with whoever leaves."""

import csv
import io
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.closing.events import AccountClosed
from exchange.audit.models import AuditEntry
from exchange.volunteering.attendance.certificate_queries import numbers_of
from exchange.volunteering.attendance.certificate_service import Scope, issue_certificate
from exchange.volunteering.attendance.hours_service import (
    Chosen,
    approve_hours,
    object_to_hours,
)
from exchange.volunteering.attendance.kinds import Step
from exchange.volunteering.attendance.models import Certificate, VolunteerNumber
from exchange.volunteering.attendance.number_service import give_number
from tests.volunteering.attendance_scene import Morning, events, steps
from tests.volunteering.conftest import Group
from tests.volunteering.test_hours import IDENTITY
from tests.volunteering.test_hours import morning as morning  # noqa: PLC0414 - a fixture

NUMBER = "5204220012345"


def test_a_number_is_kept_sealed_and_an_identity_card_number_is_not(
    morning: Morning, client: FlaskClient
) -> None:
    who = morning.volunteers[0]
    morning.as_(client, who)
    answer = client.post("/my/hours/number", data={"number": IDENTITY})
    assert answer.status_code == 422
    assert "这是身份证号，我们不存" in answer.get_data(as_text=True)
    assert client.post("/my/hours/number", data={"number": f" {NUMBER} "}).status_code == 302
    morning.session.rollback()
    row = morning.session.scalars(sa.select(VolunteerNumber)).one()
    assert NUMBER not in row.number_sealed
    known = numbers_of(morning.session, morning.house.secrets, [who.person_id])
    assert known == {who.person_id: NUMBER}
    for event in morning.session.scalars(sa.select(AuditEntry)):
        assert NUMBER not in str(event.changes)
    client.post("/my/hours/number/remove")
    morning.session.rollback()
    assert morning.session.scalars(sa.select(VolunteerNumber)).all() == []


def test_the_export_holds_numbers_and_hours_safe_from_formulas_and_is_recorded(
    morning: Morning, client: FlaskClient
) -> None:
    who, other = morning.volunteers
    with morning.act_as(who.actor) as act:
        give_number(act, NUMBER)
    morning.session.commit()
    morning.shift().activity.title = "=HYPERLINK(1)"
    other.person.name = "@李春花"
    morning.session.commit()
    morning.approved(who, 97)
    morning.approved(other, 150)
    path = f"/organisations/{morning.organisation_key}/hours/export"
    data = {"export-from_day": "2026-11-28", "export-to_day": "2026-11-28"}
    for stranger in (morning.coordinator, morning.cast.stranger, who):
        morning.as_(client, stranger)
        assert client.post(path, data=data).status_code == 404
    morning.as_(client, morning.manager)
    answer = client.post(path, data=data)
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True)[1:])))
    assert len(rows) == 3
    assert rows[1] == [
        f"\t{NUMBER}", "王小明", "'=HYPERLINK(1)", "2026-11-28", "09:00", "11:30", "1.62", "97",
    ]  # fmt: skip
    assert rows[2][:2] == ["", "'@李春花"]
    assert events(morning, "HoursExported") == 1
    backwards = {"export-from_day": "2026-11-28", "export-to_day": "2026-11-01"}
    assert client.post(path, data=backwards).status_code == 422


def test_hours_with_an_open_objection_stay_out_of_the_export_until_it_is_settled(
    morning: Morning, client: FlaskClient
) -> None:
    who, other = morning.volunteers
    morning.approved(who, 95)
    morning.approved(other, 150)
    with morning.act_as(who.actor) as act:
        object_to_hours(act, morning.shift(act.session), "我待到最后")
    key, said = morning.organisation_key, "1 条有异议的时长没算进来"
    days = {"export-from_day": "2026-11-28", "export-to_day": "2026-11-28"}
    maker = Group(morning.cast, morning.session, morning.act_as, morning.manager, who)
    program = maker.token(morning.manager)
    morning.as_(client, morning.manager)

    def exported() -> str:
        answer = client.post(f"/organisations/{key}/hours/export", data=days)
        return answer.get_data(as_text=True)

    def taken() -> dict[str, Any]:
        answer = client.post(
            f"/api/v1/organisations/{key}/volunteer-hours/export",
            json={"from_day": "2026-11-28", "to_day": "2026-11-28"},
            headers=program,
        )
        return dict(answer.get_json())

    assert said in client.get(f"/organisations/{key}/hours").text
    rows = list(csv.reader(io.StringIO(exported()[1:])))
    assert [row[1] for row in rows[1:-1]] == ["李春花"]
    assert said in rows[-1][0]
    left = taken()
    assert ([one["name"] for one in left["items"]], left["left_out"]) == (["李春花"], 1)
    morning.proposed(who, 150, seen=3)  # a correction that nobody has approved settles nothing
    assert "王小明" not in exported()
    with morning.act_as(morning.manager.actor) as act:
        approve_hours(act, morning.shift(act.session), [Chosen(morning.signup_of(who), 4)])
    assert said not in client.get(f"/organisations/{key}/hours").text
    assert "王小明" in exported()
    assert said not in exported()
    settled = taken()
    assert (len(settled["items"]), settled["left_out"]) == (2, 0)


def test_who_leaves_takes_number_words_and_name_along_and_hours_stay_counted(
    morning: Morning,
) -> None:
    who = morning.volunteers[0]
    morning.approved(who)
    with morning.act_as(who.actor) as act:
        give_number(act, NUMBER)
        scope = Scope(morning.organisation_id, who.person_id, activity_id=morning.activity_id)
        code = issue_certificate(act, scope).code
    with morning.act_as() as act:
        act.emit(AccountClosed(who.person_id, ()))
    morning.session.rollback()
    assert morning.session.scalars(sa.select(VolunteerNumber)).all() == []
    found = morning.session.scalars(sa.select(Certificate).where(Certificate.code == code)).one()
    assert (found.name, found.minutes) == ("", 150)
    assert steps(morning, who)[-1] == (Step.APPROVED, 150)
