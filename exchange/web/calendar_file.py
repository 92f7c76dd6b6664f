"""A calendar file (RFC 5545) that telephones and computers read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LINE_OCTETS = 75


@dataclass(frozen=True)
class CalendarEvent:
    """One thing in a calendar. Moments are aware. ``uid`` stays the same for ever, ``sequence``
    grows with every change; a cancelled one is taken out of the reader's calendar.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    place: str = ""
    text: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def calendar(events: Sequence[CalendarEvent], name: str) -> bytes:
    """The file, UTF-8, with lines of at most 75 octets (RFC 5545, 3.1). ``name``: what it is of."""
    method = "CANCEL" if events and all(one.is_cancelled for one in events) else "PUBLISH"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Village Resource Exchange//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for one in events:
        lines.extend(_event_lines(one))
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event_lines(event: CalendarEvent) -> list[str]:
    found = [
        "BEGIN:VEVENT",
        f"UID:{_escaped(event.uid)}",
        f"DTSTAMP:{_moment(event.stamped_at)}",
        f"DTSTART:{_moment(event.starts_at)}",
        f"DTEND:{_moment(event.ends_at)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_escaped(event.title)}",
    ]
    for label, value in (("LOCATION", event.place), ("DESCRIPTION", event.text)):
        if value:
            found.append(f"{label}:{_escaped(value)}")
    if event.url:
        found.append(f"URL:{_one_line(event.url)}")
    return [*found, "END:VEVENT"]


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _one_line(text: str) -> str:
    return "".join(" " if c in "\r\n" else c for c in text if c >= " " or c in "\r\n")


def _escaped(text: str) -> str:
    """The text as a value (RFC 5545, 3.3.11): no control characters, and what would end it."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in unified if c in "\n\t" or (c >= " " and c != "\x7f"))
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line and its end, folded between characters, never within one."""
    parts, part, room = [], b"", LINE_OCTETS
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", LINE_OCTETS - 1  # a blank stands before what follows
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
