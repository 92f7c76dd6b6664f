"""Calendar files: the writer against RFC 5545, and who reads which feed."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from exchange.volunteering.kinds import Circle
from exchange.web.calendar_file import (
    LINE_OCTETS,
    CalendarEvent,
    duration,
    escape,
    fold,
    moment,
    write_calendar,
)
from tests.cast import Player
from tests.volunteering.conftest import SATURDAY, Group

SignIn = Callable[[Player], FlaskClient]
START = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)


def unfolded(body: bytes) -> list[str]:
    """The content lines of a file, checked as RFC 5545 3.1 has them."""
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= LINE_OCTETS
        line.decode()  # no character is parted
    return body.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


@given(text=st.text(max_size=300))
def test_any_text_comes_back_as_it_was_but_for_control_signs(text: str) -> None:
    event = CalendarEvent("a@b", text, START, START + timedelta(hours=1), START, text=text)
    lines = unfolded(write_calendar(text, [event]))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    (summary,) = [line for line in lines if line.startswith("SUMMARY:")]
    value = summary.removeprefix("SUMMARY:")
    back = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)
    assert back == re.sub(r"\r\n?", "\n", text).translate(
        dict.fromkeys((*range(9), *range(11, 32), 127, *range(55296, 57344)))
    )


def test_special_signs_are_escaped() -> None:
    assert escape("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"


def test_long_lines_are_folded_between_characters() -> None:
    body = fold("SUMMARY:" + "茶" * 60)
    assert [len(part) for part in body.split(b"\r\n")][:2] == [74, 73]
    assert body.replace(b"\r\n ", b"").decode() == "SUMMARY:" + "茶" * 60 + "\r\n"


def test_moments_stand_in_utc_and_spans_in_minutes() -> None:
    assert moment(START) == "20261128T010000Z"
    assert duration(timedelta(hours=-2)) == "-PT120M"


def test_an_own_calendar_shows_own_shifts_until_its_address_is_renewed(
    group: Group, signed_in: SignIn
) -> None:
    activity, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    client = signed_in(who)

    said: list[bool] = []

    def address() -> str:
        page = client.post("/my/volunteering/calendar", follow_redirects=True).text
        found = re.search(r"/calendar/[\w-]{32}\.ics", page)
        assert found
        said.append("A former one shows nothing any more." in page)
        assert ("The address of your calendar is made." in page) is not said[-1]
        return found[0]

    first = address()
    visitor = group.cast.app.test_client()
    answer = visitor.get(first)
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = unfolded(answer.data)
    assert f"SUMMARY:{activity.title}" in lines
    assert "LOCATION:校门口老槐树下" in lines
    second = address()
    assert second != first
    assert said == [False, True]
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    assert visitor.get(f"/calendar/{'x' * 32}.ics").status_code == 404


def test_another_meeting_point_is_told_at_once_where_people_go_there(
    group: Group, signed_in: SignIn
) -> None:
    activity, (here, there) = group.run(
        group.shift(maximum=1),
        replace(group.shift(SATURDAY + timedelta(days=1), maximum=1), place="敬老院"),
    )
    comes, waits, elsewhere = (group.volunteer() for _ in range(3))
    group.joins(comes, here)
    group.joins(waits, here)
    group.joins(elsewhere, there)
    change = {"meeting_point": "村委会门口", "version": activity.version}
    leader, address = group.token(group.leader), f"/api/v1/activities/{activity.public_id}"
    client = group.cast.app.test_client()
    assert client.patch(address, json=change, headers=leader).status_code == 200
    assert group.told(comes) == ["shift_moved_ask"]
    assert group.told(waits) == ["shift_moved_waiting"]
    assert group.told(elsewhere) == []
    page = signed_in(comes).get("/notices").text
    assert "村委会门口" in page
    calendar = unfolded(client.get(f"/shifts/{here.public_id}.ics").data)
    assert "SEQUENCE:1" in calendar
    assert "SEQUENCE:0" in unfolded(client.get(f"/shifts/{there.public_id}.ics").data)
    words = {"text": "带绘本和水来", "place": "村小学操场"}  # nobody goes there: all meet elsewhere
    assert client.patch(address, json=words, headers=leader).status_code == 200
    assert group.told(comes) == ["shift_moved_ask"]
    assert group.fresh(here).version == 2


def test_public_calendars_and_feeds_hold_what_is_public(group: Group, client: FlaskClient) -> None:
    activity, (shift,) = group.run()
    hidden, (inside,) = group.run(circle=Circle.MEMBERS, title="队内培训")
    for path in ("/activities.ics", "/activities.atom", "/activities.json"):
        text = client.get(f"{path}?division=520422").text
        assert activity.title in text
        assert hidden.title not in text
        assert "老槐树" not in text
        assert activity.title not in client.get(f"{path}?division=5205").text
        assert client.get(f"{path}?division=xx").status_code == 404
    one = client.get(f"/shifts/{shift.public_id}.ics")
    assert "老槐树" not in one.text
    assert f"SUMMARY:{activity.title}" in unfolded(one.data)
    assert client.get(f"/shifts/{inside.public_id}.ics").status_code == 404
