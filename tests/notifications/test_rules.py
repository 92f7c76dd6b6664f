"""When messages go out, and how long until the next try; by values."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from exchange.notifications.kinds import Channel, Kind, Rhythm
from exchange.notifications.rules import (
    LONGEST_PAUSE,
    MOST_TRIES,
    Quiet,
    after_quiet,
    clock_text,
    fits_sms,
    minute_of,
    pause_after,
    rhythm_for,
    send_moment,
    usual_rhythm,
)

ZONE = "Asia/Shanghai"
NIGHT = Quiet(minute_of("21:00"), minute_of("07:00"))
NOON = Quiet(minute_of("12:00"), minute_of("14:00"))
NEVER = Quiet(0, 0)


def here(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Shanghai; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("quiet", "moment", "wanted"),
    [
        (NIGHT, here(22, 20, 59), here(22, 20, 59)),
        (NIGHT, here(22, 21), here(23, 7)),
        (NIGHT, here(23, 0), here(23, 7)),
        (NIGHT, here(23, 6, 59), here(23, 7)),
        (NIGHT, here(23, 7), here(23, 7)),
        (NOON, here(22, 13), here(22, 14)),
        (NOON, here(22, 14), here(22, 14)),
        (NEVER, here(22, 23), here(22, 23)),
    ],
)
def test_quiet_hours_end_in_the_sites_zone(
    quiet: Quiet, moment: datetime, wanted: datetime
) -> None:
    assert after_quiet(moment, quiet, ZONE) == wanted


@pytest.mark.parametrize(
    ("rhythm", "urgent", "moment", "wanted"),
    [
        (Rhythm.AT_ONCE, False, here(22, 16), here(22, 16)),
        (Rhythm.AT_ONCE, False, here(22, 22), here(23, 7)),
        (Rhythm.AT_ONCE, True, here(22, 22), here(22, 22)),
        (Rhythm.DAILY, False, here(22, 7, 59), here(22, 8)),
        (Rhythm.DAILY, False, here(22, 8), here(23, 8)),
        (Rhythm.WEEKLY, False, here(22, 16), here(23, 8)),
        (Rhythm.WEEKLY, False, here(23, 8), here(30, 8)),
        (Rhythm.WEEKLY, False, here(23, 7), here(23, 8)),
    ],
)
def test_digests_go_out_in_the_morning(
    rhythm: Rhythm, urgent: bool, moment: datetime, wanted: datetime
) -> None:
    assert send_moment(moment, rhythm, NIGHT, ZONE, urgent=urgent) == wanted


def test_a_digest_waits_for_the_end_of_late_quiet_hours() -> None:
    late = Quiet(minute_of("22:00"), minute_of("09:30"))
    found = send_moment(here(22, 16), Rhythm.DAILY, late, ZONE, urgent=False)
    assert found == here(23, 9, 30)


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(tries, "m1") for tries in range(1, MOST_TRIES + 1)]
    assert pauses[-1] is None
    known = [pause for pause in pauses if pause]
    assert len(known) == MOST_TRIES - 1
    growing = [pause for pause in known if pause < LONGEST_PAUSE * 0.75]
    assert all(late > early for early, late in pairwise(growing))
    assert timedelta(seconds=45) <= known[0] <= timedelta(seconds=75)
    assert known[-1] <= LONGEST_PAUSE * 1.25
    assert timedelta(hours=12) < sum(known, timedelta()) < timedelta(hours=40)


def test_what_failed_together_does_not_come_back_together() -> None:
    first = [pause_after(1, f"m{number}") for number in range(200)]
    assert len(set(first)) > 190
    assert max(filter(None, first)) - min(filter(None, first)) > timedelta(seconds=25)


def test_short_messages_bring_little_unless_asked() -> None:
    phone, both = {Channel.SMS}, {Channel.SMS, Channel.WECHAT}
    at_once = {
        kind for kind in Kind if usual_rhythm(kind, Channel.SMS, phone) is Rhythm.AT_ONCE
    }
    assert at_once == {Kind.ANSWERS, Kind.SECURITY}
    at_once = {kind for kind in Kind if usual_rhythm(kind, Channel.SMS, both) is Rhythm.AT_ONCE}
    assert at_once == {Kind.SECURITY}


@pytest.mark.parametrize("channel", Channel)
def test_security_cannot_be_switched_off(channel: Channel) -> None:
    chosen = {(Kind.SECURITY, channel): Rhythm.OFF}
    assert rhythm_for(Kind.SECURITY, channel, chosen, {channel}) is Rhythm.AT_ONCE


def test_one_short_message_is_seventy_signs_with_the_senders_name() -> None:
    assert fits_sms("字" * 66, "牵线", "zh")
    assert not fits_sms("字" * 67, "牵线", "zh")
    assert fits_sms("a" * 156, "QX", "en")


def test_minutes_and_clock_agree() -> None:
    assert [clock_text(minute_of(text)) for text in ("00:00", "07:30", "23:59")] == [
        "00:00", "07:30", "23:59",
    ]  # fmt: skip
