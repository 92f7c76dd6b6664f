"""Feeds as text: Atom (RFC 4287) and JSON Feed 1.1, from plain values.

A feed names each listing in a few facts and leads to its page; the words of a listing, names of
people and ways to reach them are no part of it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True)
class FeedEntry:
    """What an entry says. ``url`` is also its id: it never changes."""

    url: str
    title: str
    summary: str
    published: datetime
    updated: datetime
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """What a feed says. ``id`` never changes, also when the address does."""

    id: str
    title: str
    subtitle: str
    author: str
    page_url: str
    language: str
    entries: tuple[FeedEntry, ...] = ()

    @property
    def digest(self) -> str:
        """Changes with everything the feed says, whatever its form and address."""
        return hashlib.sha256(repr(self).encode(errors="replace")).hexdigest()


def write_feed(form: str, feed: Feed, own_url: str, updated: datetime) -> bytes:
    """The feed in one of the two forms: atom or json."""
    return atom(feed, own_url, updated) if form == "atom" else json_feed(feed, own_url)


def atom(feed: Feed, own_url: str, updated: datetime) -> bytes:
    """An Atom document."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _put(root, "id", feed.id)
    _put(root, "title", feed.title)
    _put(root, "subtitle", feed.subtitle)
    _put(root, "updated", _moment(updated))
    _put(ET.SubElement(root, "author"), "name", feed.author)
    _link(root, "self", own_url, "application/atom+xml")
    _link(root, "alternate", feed.page_url, "text/html")
    for entry in feed.entries:
        _put_entry(ET.SubElement(root, "entry"), entry)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def json_feed(feed: Feed, own_url: str) -> bytes:
    """A JSON Feed document."""
    items = [
        {
            "id": entry.url,
            "url": entry.url,
            "title": entry.title,
            "content_text": entry.summary,
            "date_published": _moment(entry.published),
            "date_modified": _moment(entry.updated),
            "tags": list(entry.tags),
        }
        for entry in feed.entries
    ]
    document = {
        "version": JSON_VERSION,
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.page_url,
        "feed_url": own_url,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False).encode(errors="replace")


def xml_text(text: str) -> str:
    """The text without the characters that no XML document may hold (XML 1.0, 2.2 Char)."""
    return "".join(char for char in text if _is_xml(ord(char)))


def _is_xml(code: int) -> bool:
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )


def _put_entry(element: ET.Element, entry: FeedEntry) -> None:
    _put(element, "id", entry.url)
    _put(element, "title", entry.title)
    _put(element, "summary", entry.summary)
    _put(element, "published", _moment(entry.published))
    _put(element, "updated", _moment(entry.updated))
    _link(element, "alternate", entry.url, "text/html")
    for tag in entry.tags:
        ET.SubElement(element, "category", {"term": xml_text(tag)})


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = xml_text(text)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    values = {"rel": rel, "href": xml_text(href), "type": kind}
    ET.SubElement(parent, "link", values)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
