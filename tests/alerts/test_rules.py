"""When digests are due, how names are kept, and that feeds are sound whatever they say."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.alerts.kinds import Rhythm
from exchange.alerts.questions import is_narrow, read_question, write_question
from exchange.alerts.rules import SLOT, clean_name, cut, next_due, until_next_slot
from exchange.discovery.rules import LITERAL, Asked
from exchange.taxonomy.terms import Terms
from exchange.web.feeds import ATOM, Feed, FeedEntry, atom, json_feed, xml_text

CHINA = "Asia/Shanghai"
MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "now", "due"),
    [
        (Rhythm.DAILY, "2026-11-22T23:59:59+08:00", "2026-11-23T08:00:00+08:00"),
        (Rhythm.DAILY, "2026-11-23T07:59:59+08:00", "2026-11-23T08:00:00+08:00"),
        (Rhythm.DAILY, "2026-11-23T08:00:00+08:00", "2026-11-24T08:00:00+08:00"),
        (Rhythm.WEEKLY, "2026-11-23T07:59:59+08:00", "2026-11-23T08:00:00+08:00"),
        (Rhythm.WEEKLY, "2026-11-23T08:00:00+08:00", "2026-11-30T08:00:00+08:00"),
        (Rhythm.AT_ONCE, "2026-11-23T09:00:00+08:00", "2026-11-23T09:00:00+08:00"),
        (Rhythm.FEED, "2026-11-23T09:00:00+08:00", "2026-11-23T09:00:00+08:00"),
    ],
)
def test_digests_are_due_at_eight(rhythm: Rhythm, now: str, due: str) -> None:
    assert next_due(rhythm, datetime.fromisoformat(now), CHINA) == datetime.fromisoformat(due)


def test_the_hour_is_the_zones_also_when_its_clocks_change() -> None:
    before = datetime.fromisoformat("2026-10-24T09:00:00+02:00")
    due = next_due(Rhythm.DAILY, before, "Europe/Berlin")
    assert due.isoformat() == "2026-10-25T07:00:00+00:00"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware below
def test_what_happens_in_one_slot_is_due_together(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    wait = until_next_slot(now)
    assert timedelta(0) < wait <= SLOT
    assert (now + wait).timestamp() % SLOT.total_seconds() == pytest.approx(0, abs=1e-3)


def test_names_stand_on_one_line() -> None:
    assert clean_name(" 冷链\n车\u202e  \t找 ") == "冷链 车 找"
    assert cut("冷" * 60, 60) == "冷" * 60
    assert cut("冷" * 61, 60) == "冷" * 59 + "…"


def test_a_question_is_kept_the_same_however_it_is_asked() -> None:
    asked = Asked(
        q="冷链 车&x=1", side="offer", division="520422", terms=(Terms.FREE, Terms.PAID),
        sort="newest",
    )  # fmt: skip
    kept = write_question(asked)
    assert read_question(kept) == asked.but(sort="relevance", literal=LITERAL)
    assert write_question(asked.but(sort="nearest")) == kept


@pytest.mark.parametrize(
    "text", ["category=nothing", "division=abc", "terms=free&terms=odd", "x" * 5000, "q=a&" * 200]
)
def test_a_question_that_makes_no_sense_is_no_question(text: str) -> None:
    assert read_question(text) is None


@pytest.mark.parametrize(
    ("asked", "narrow"),
    [
        (Asked(), False),
        (Asked(side="need", state="all", sort="newest"), False),
        (Asked(q="茶"), True),
        (Asked(division="52"), True),
        (Asked(terms=(Terms.FREE,)), True),
    ],
)
def test_following_everything_is_not_narrow(asked: Asked, narrow: bool) -> None:
    assert is_narrow(asked) is narrow


def feed(text: str) -> Feed:
    entry = FeedEntry("https://x.example/listings/a", text, text, MOMENT, MOMENT, (text,))
    return Feed("https://x.example/s/1", text, text, text, "https://x.example/", "zh", (entry,))


@given(st.text(st.characters(codec=None), max_size=40))
def test_no_text_breaks_a_feed(text: str) -> None:
    made = feed(text)
    root = ET.fromstring(atom(made, "https://x.example/f", MOMENT))  # noqa: S314 - our own
    found = root.findtext(f"{{{ATOM}}}entry/{{{ATOM}}}title") or ""
    shown = xml_text(text).replace("\r\n", "\n").replace("\r", "\n")
    assert found == shown
    assert json.loads(json_feed(made, "https://x.example/f"))["items"][0]["url"]


def test_the_digest_changes_with_what_is_said() -> None:
    assert feed("茶").digest == feed("茶").digest
    assert feed("茶").digest != feed("茶叶").digest
