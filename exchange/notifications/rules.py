"""When a message goes out, by which ways, how long to wait before the next try. Pure."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from exchange.notifications.kinds import Channel, Kind, Rhythm

DIGEST_AT = time(8)
MONDAY = 0
MOST_TRIES = 10
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = timedelta(minutes=1), timedelta(hours=6), 3
JITTER = 0.25  # of a pause, to either side
SAME_NEWS = timedelta(hours=1)  # the same news within it is one message
BY_SHORT_MESSAGE = frozenset({Kind.ANSWERS, Kind.SECURITY})  # unless the person says otherwise
SMS_LENGTH = {"zh": 70, "en": 160}
MINUTES = 24 * 60


@dataclass(frozen=True)
class Quiet:
    """Hours without messages, in minutes after midnight; over midnight where until is earlier."""

    start: int
    until: int

    @property
    def is_never(self) -> bool:
        """Whether there are no such hours."""
        return self.start == self.until

    def covers(self, minute: int) -> bool:
        """Whether a minute of the day lies within."""
        if self.start <= self.until:
            return self.start <= minute < self.until
        return minute >= self.start or minute < self.until


def minute_of(text: str) -> int:
    """Minutes after midnight of 21:00. Raises ValueError."""
    found = time.fromisoformat(text)
    return found.hour * 60 + found.minute


def clock_text(minute: int) -> str:
    """21:00 of minutes after midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def usual_rhythm(kind: Kind, channel: Channel, reachable: Collection[Channel]) -> Rhythm:
    """What counts for somebody who has chosen nothing.

    Short messages cost: they bring answers and security only, and only security to somebody who
    is reached by WeChat.
    """
    if kind is Kind.SECURITY or channel is not Channel.SMS:
        return Rhythm.AT_ONCE
    is_cheaper = Channel.WECHAT in reachable
    return Rhythm.AT_ONCE if kind in BY_SHORT_MESSAGE and not is_cheaper else Rhythm.OFF


def rhythm_for(
    kind: Kind,
    channel: Channel,
    chosen: Mapping[tuple[Kind, Channel], Rhythm],
    reachable: Collection[Channel],
) -> Rhythm:
    """The person's choice, else what is usual; security goes out at once whatever was chosen."""
    if kind is Kind.SECURITY:
        return Rhythm.AT_ONCE
    return chosen.get((kind, channel)) or usual_rhythm(kind, channel, reachable)


def send_moment(
    now: datetime, rhythm: Rhythm, quiet: Quiet, zone: str, *, urgent: bool
) -> datetime:
    """When a message of a rhythm goes out: digests in the morning, nothing in quiet hours but what
    is urgent.
    """
    if urgent:
        return now
    here = now.astimezone(ZoneInfo(zone))
    if rhythm is not Rhythm.AT_ONCE:
        day = here.date()
        if here.time() >= DIGEST_AT:
            day += timedelta(days=1)
        if rhythm is Rhythm.WEEKLY:
            day += timedelta(days=(MONDAY - day.weekday()) % 7)
        here = datetime.combine(day, DIGEST_AT, ZoneInfo(zone))
    moment = here.astimezone(now.tzinfo)
    return after_quiet(moment, quiet, zone)


def after_quiet(moment: datetime, quiet: Quiet, zone: str) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    here = moment.astimezone(ZoneInfo(zone))
    if quiet.is_never or not quiet.covers(here.hour * 60 + here.minute):
        return moment
    end = time(quiet.until // 60, quiet.until % 60)
    day = here.date() + timedelta(days=int(here.time() >= end))
    return datetime.combine(day, end, ZoneInfo(zone)).astimezone(moment.tzinfo)


def pause_after(tries: int, message_id: str) -> timedelta | None:
    """How long to wait after so many tries; None when it is given up.

    It grows threefold, up to six hours, and is spread by the message's id so that what failed
    together does not come back together.
    """
    if tries >= MOST_TRIES:
        return None
    pause: timedelta = min(FIRST_PAUSE * GROWTH ** (tries - 1), LONGEST_PAUSE)
    drawn = hashlib.sha256(f"{message_id}:{tries}".encode()).digest()
    share = int.from_bytes(drawn[:4]) / 2**32
    return timedelta(seconds=pause.total_seconds() * (1 - JITTER + 2 * JITTER * share))


def fits_sms(text: str, sign_name: str, locale: str) -> bool:
    """Whether a text is one short message, with the sender's name that the provider puts before."""
    length = SMS_LENGTH["zh" if not text.isascii() else locale[:2]]
    return len(text) + len(sign_name) + 2 <= length
