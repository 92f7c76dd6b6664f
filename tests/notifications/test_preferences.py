"""Choosing what reaches one: through the page, in both languages, whatever is sent."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.notifications.kinds import Channel, Kind, Rhythm
from exchange.notifications.models import NoticeHours, NoticePreference
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.notifications.conftest import Post

HOURS = {"has_quiet": "y", "quiet_from": "22:30", "quiet_until": "06:00"}


def chosen(session: Session) -> dict[tuple[Kind, Channel], Rhythm]:
    session.rollback()
    found = {
        (row.kind, row.channel): row.rhythm for row in session.scalars(sa.select(NoticePreference))
    }
    session.rollback()
    return found


def hours(session: Session) -> list[tuple[int, int]]:
    session.rollback()
    rows = session.execute(sa.select(NoticeHours.quiet_from, NoticeHours.quiet_until)).all()
    session.rollback()
    return [(start, until) for start, until in rows]


def test_the_page_shows_what_counts_and_keeps_what_is_chosen(
    post: Post, client: FlaskClient, session: Session
) -> None:
    who = post.give(post.cast.officer, mail=True)
    post.cast.sign_in(client, who)
    page = client.get("/me/messages").text
    assert "给我的回音" in page
    assert 'name="answers_sms"' in page
    assert 'name="answers_wechat"' not in page  # not bound
    assert "社工站的事" not in page  # no social worker
    assert who.phone not in page
    sent = {"answers_sms": "off", "listings_email": "daily", "alerts_email": "weekly", **HOURS}
    assert client.post("/me/messages", data=sent).status_code == 302
    found = chosen(session)
    assert found[Kind.ANSWERS, Channel.SMS] is Rhythm.OFF
    assert found[Kind.LISTINGS, Channel.EMAIL] is Rhythm.DAILY
    assert found[Kind.ANSWERS, Channel.EMAIL] is Rhythm.AT_ONCE  # as it was
    assert hours(session) == [(22 * 60 + 30, 6 * 60)]
    page = client.get("/me/messages").text
    assert '<option selected value="weekly">' in page
    assert '<option selected value="22:30">' in page


def test_quiet_hours_can_be_given_up(post: Post, client: FlaskClient, session: Session) -> None:
    post.cast.sign_in(client, post.cast.officer)
    sent = {"quiet_from": "22:00", "quiet_until": "06:00"}
    assert client.post("/me/messages", data=sent).status_code == 302
    assert hours(session) == [(0, 0)]


def test_the_page_is_there_in_english_for_a_social_worker(post: Post, client: FlaskClient) -> None:
    post.cast.sign_in(client, post.cast.broker)
    client.get("/locale/en")
    page = client.get("/me/messages").text
    assert "Station work" in page
    assert "Once a day, at eight" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("answers_sms", "hourly"), ("quiet_from", "25:00"), ("quiet_until", "9" * 400)],
)
def test_bad_input_is_told_beside_the_field_and_changes_nothing(
    post: Post, client: FlaskClient, session: Session, field: str, value: str
) -> None:
    post.cast.sign_in(client, post.cast.officer)
    answer = client.post("/me/messages", data={"listings_sms": "daily", **HOURS, field: value})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text
    assert '<option selected value="daily">' in answer.text
    assert (chosen(session), hours(session)) == ({}, [])


def test_a_choice_is_on_record(post: Post, client: FlaskClient, session: Session) -> None:
    post.cast.sign_in(client, post.cast.officer)
    client.post("/me/messages", data={"answers_sms": "off", **HOURS})
    on_record = sa.select(AuditEntry.person_id).where(AuditEntry.event == "PreferencesChanged")
    assert session.scalars(on_record).all() == [post.cast.officer.person_id]


def test_somebody_without_any_way_is_told_so(post: Post, client: FlaskClient) -> None:
    who = post.give(post.cast.officer, phone=False)
    post.cast.sign_in(client, who)
    assert "现在只能在网站里看消息" in client.get("/me/messages").text


def test_visitors_are_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/me/messages").status_code in (302, 401)
    assert client.post("/me/messages").status_code in (302, 401)


def test_quiet_hours_from_and_until_the_same_hour_are_refused(
    post: Post, client: FlaskClient, session: Session, program: MakeProgram
) -> None:
    post.cast.sign_in(client, post.cast.officer)
    same = {"listings_sms": "daily", "quiet_from": "21:00", "quiet_until": "21:00"}
    answer = client.post("/me/messages", data={**same, "has_quiet": "y"})
    assert answer.status_code == 422
    assert 'id="quiet_until-error"' in answer.text
    assert "请选两个不同的时间" in answer.text
    assert '<option selected value="daily">' in answer.text
    api = program(post.cast.officer)
    refused = api.patch(
        "/me/messages", {"choices": [], "quiet": {"start": "21:00", "until": "21:00"}}
    )
    assert refused.status_code == 422
    assert refused.get_json()["errors"]["quiet"][0]["code"] == "quiet_hours_same"
    assert (chosen(session), hours(session)) == ({}, [])
    assert client.post("/me/messages", data=same).status_code == 302, "switched off it is fine"
    assert hours(session) == [(0, 0)]
