"""Calendar files: folded, escaped, and the same thing for ever."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.web.calendar_file import CalendarEvent, calendar

START = datetime(2026, 12, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def event(**values: Any) -> CalendarEvent:
    usual: dict[str, Any] = {
        "uid": "abc@visits.example", "title": "冷库现场看看", "starts_at": START,
        "ends_at": START + timedelta(hours=2), "stamped_at": datetime(2026, 11, 22, tzinfo=UTC),
    }  # fmt: skip
    return CalendarEvent(**{**usual, **values})


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").split("\r\n")


def test_it_says_when_in_universal_time() -> None:
    lines = unfolded(calendar([event()], "冷链项目"))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261205T013000Z" in lines
    assert "DTEND:20261205T033000Z" in lines
    assert "SUMMARY:冷库现场看看" in lines
    assert "METHOD:PUBLISH" in lines
    assert "STATUS:CONFIRMED" in lines


def test_what_was_called_off_is_taken_out_of_the_calendar() -> None:
    lines = unfolded(calendar([event(is_cancelled=True, sequence=3)], "x"))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3"} <= set(lines)


def test_what_would_end_a_value_is_escaped() -> None:
    lines = unfolded(calendar([event(title="a;b,c\\d\r\nEND:VEVENT\x07")], "x"))
    assert "SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT" in lines
    assert lines.count("END:VEVENT") == 1


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_breaks_the_file(text: str) -> None:
    body = calendar([event(title=text, text=text, place=text)], text)
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # never folded within a character
    lines = unfolded(body)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar([event(starts_at=datetime(2026, 12, 5))], "x")  # noqa: DTZ001 - that is the point
