"""What pages show of volunteers' time and of substitutes, made for one reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.listings.kinds import OPEN_STATES, State
from exchange.volunteering.attendance.certificate_rules import masked_name
from exchange.volunteering.availability.finding import (
    SHOWN,
    Candidate,
    candidates,
    count_fitting,
    own_requests,
    requests_of,
)
from exchange.volunteering.availability.kinds import Reply, Tongue
from exchange.volunteering.availability.labels import (
    BAND_LABELS,
    REACH_LABELS,
    REPLY_LABELS,
    REPLY_TONES,
    TONGUE_LABELS,
    joined,
    times_text,
)
from exchange.volunteering.availability.models import Availability, SubstituteRequest
from exchange.volunteering.availability.permissions import may_ask
from exchange.volunteering.availability.rules import is_paused, told_sum
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.queries import own_answers, waiting_counts
from exchange.volunteering.rules import is_open
from exchange.volunteering.showing import Reader, ShiftLine, shift_line, skill_labels


@dataclass(frozen=True)
class Facts:
    """What somebody says of their time, in words."""

    skills: str
    words: str
    times: str
    reach: Any
    tongues: str
    has_transport: bool
    is_remote: bool


@dataclass(frozen=True)
class Standing:
    """How one's own offer stands: ``code`` is open, paused, later, taken, over or ended."""

    code: str
    listing_url: str


@dataclass(frozen=True)
class CandidateLine:
    """Somebody who would fit, as a coordinator sees them: the first sign of a name, no more."""

    public_id: str
    name: str
    skills: str
    band: Any
    times: str
    tongues: str
    has_transport: bool
    fits_skills: bool


@dataclass(frozen=True)
class AskedLine:
    """Somebody who was asked. ``by`` is who asked."""

    name: str
    by: str
    reply: Any
    tone: str
    request: SubstituteRequest


@dataclass(frozen=True)
class SubstitutesPage:
    """Whom one can ask for a shift; ``count`` alone for those with fewer rights, None for few."""

    may_ask: bool
    lines: tuple[CandidateLine, ...]
    asked: tuple[AskedLine, ...]
    count: int | None
    more: int
    is_open: bool


def facts_of(row: Availability) -> Facts:
    """What is said, for its person and for brokers."""
    return Facts(
        skills=joined(list(skill_labels(row.skills))),
        words=row.words,
        times=times_text(row.times),
        reach=REACH_LABELS[row.reach],
        tongues=tongues_text(row),
        has_transport=row.has_transport,
        is_remote=row.is_remote,
    )


def tongues_text(row: Availability) -> str:
    """What they speak."""
    known = [TONGUE_LABELS[Tongue(one)] for one in row.tongues if one in set(Tongue)]
    return joined([*known, *([row.dialect] if row.dialect else [])])


def standing_of(row: Availability, reader: Reader) -> Standing:
    """How the offer stands today."""
    listing = row.listing
    url = f"/listings/{listing.public_id}" if listing else ""
    if listing is not None and listing.state is State.FULFILLED:
        return Standing("taken", url)
    if is_paused(row.pause_from, row.pause_until, reader.today):
        return Standing("paused", url)
    if row.to_date is not None and row.to_date < reader.today:
        return Standing("over", url)
    if listing is None or listing.state not in OPEN_STATES:
        return Standing("ended", url)
    if row.pause_from is not None and row.pause_from > reader.today:
        return Standing("later", url)
    return Standing("open", url)


def substitutes_page(
    session: Session, house: House, reader: Reader, shift: Shift
) -> SubstitutesPage:
    """The page; the caller has made sure that the reader sees who comes to the shift."""
    activity = shift.activity
    open_now = bool(is_open(activity.state, shift.state, shift.starts_at, reader.now))
    free = open_now and shift.free > 0
    allowed = may_ask(reader.actor, activity)
    asked = tuple(_asked(one) for one in requests_of(session, [shift.id])[shift.id])
    if not allowed:
        count = count_fitting(session, house, shift, reader.now) if free else 0
        return SubstitutesPage(False, (), asked, told_sum(count), 0, free)
    found = (
        candidates(session, house, shift, reader.now, but=reader.actor.person_id) if free else []
    )
    return SubstitutesPage(
        may_ask=True,
        lines=candidate_lines(found[:SHOWN]),
        asked=asked,
        count=len(found),
        more=max(0, len(found) - SHOWN),
        is_open=free,
    )


def request_lines(session: Session, reader: Reader) -> list[tuple[Activity, ShiftLine]]:
    """The shifts that the reader is asked for, with their activities."""
    found = own_requests(session, reader.actor.person_id or 0, reader.now)
    shifts = [one.shift for one in found]
    ids = [one.id for one in shifts]
    if not ids:
        return []
    own, waiting = own_answers(session, reader.actor.person_id, ids), waiting_counts(session, ids)
    return [
        (one.activity, shift_line(reader, one.activity, one, own.get(one.id), {}, waiting))
        for one in shifts
    ]


def candidate_lines(found: Sequence[Candidate]) -> tuple[CandidateLine, ...]:
    """Each as a coordinator sees them."""
    return tuple(
        CandidateLine(
            public_id=one.row.public_id,
            name=masked_name(one.row.person.name),
            skills=joined(list(skill_labels(one.shared or one.row.skills))),
            band=BAND_LABELS[one.band],
            times=times_text(one.row.times),
            tongues=tongues_text(one.row),
            has_transport=one.row.has_transport,
            fits_skills=bool(one.shared),
        )
        for one in found
    )


def _asked(one: SubstituteRequest) -> AskedLine:
    return AskedLine(
        name=masked_name(one.person.name),
        by=one.asked_by.name if one.asked_by else "",
        reply=REPLY_LABELS[Reply(one.reply)],
        tone=REPLY_TONES[Reply(one.reply)],
        request=one,
    )
