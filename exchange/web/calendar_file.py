"""Calendars as text: iCalendar (RFC 5545), from plain values.

Lines end with CRLF and are folded at 75 octets without parting a character; text is escaped; all
moments stand in UTC, so that no time zone needs to be described.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Village Resource Exchange//Calendar//EN"
LINE_OCTETS = 75
USUAL_REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class CalendarEvent:
    """One entry. ``uid`` never changes; ``sequence`` grows with every change of time or place.

    ``changed_at`` is when the entry was last changed. ``alarm`` rings so long before the start.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    place: str = ""
    text: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False
    is_tentative: bool = False
    alarm: timedelta | None = None


def write_calendar(
    name: str, events: Iterable[CalendarEvent], refresh: timedelta = USUAL_REFRESH
) -> bytes:
    """A whole calendar in UTF-8. ``refresh`` tells programs that follow it how often to look."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escape(name)}",
        f"X-WR-CALNAME:{escape(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{duration(refresh)}",
        f"X-PUBLISHED-TTL:{duration(refresh)}",
    ]
    for event in events:
        lines += _event_lines(event)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def escape(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11), without characters that no line may hold."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in unified if char in "\n\t" or _may_stand(char))
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def fold(line: str) -> bytes:
    """A content line with its end (RFC 5545, 3.1): what goes on begins with a blank."""
    parts, part = [], b""
    for char in line:
        octets = char.encode(errors="replace")
        if len(part) + len(octets) > LINE_OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    parts.append(part)
    return b"\r\n".join(parts) + b"\r\n"


def moment(when: datetime) -> str:
    """A moment in UTC: 20261128T010000Z. Raises ValueError for a naive one."""
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def duration(span: timedelta) -> str:
    """A span in whole minutes: PT90M; a negative one lies before."""
    minutes = round(span.total_seconds() / 60)
    return f"{'-' if minutes < 0 else ''}PT{abs(minutes)}M"


def _event_lines(event: CalendarEvent) -> list[str]:
    status = "TENTATIVE" if event.is_tentative else "CONFIRMED"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(event.uid)}",
        f"DTSTAMP:{moment(event.changed_at)}",
        f"LAST-MODIFIED:{moment(event.changed_at)}",
        f"DTSTART:{moment(event.starts_at)}",
        f"DTEND:{moment(event.ends_at)}",
        f"SUMMARY:{escape(event.title)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else status}",
    ]
    if event.place:
        lines.append(f"LOCATION:{escape(event.place)}")
    if event.text:
        lines.append(f"DESCRIPTION:{escape(event.text)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    if event.alarm is not None and not event.is_cancelled:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escape(event.title)}",
            f"TRIGGER:{duration(-event.alarm)}",
            "END:VALARM",
        ]
    return [*lines, "END:VEVENT"]


def _may_stand(char: str) -> bool:
    code = ord(char)
    return code >= 0x20 and code != 0x7F and not 0xD800 <= code <= 0xDFFF
