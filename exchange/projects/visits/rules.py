"""Who still fits in, and what an announcement may say. Pure rules on values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.projects.visits.kinds import VisitState

LONGEST_TITLE = 60
LONGEST_TEXT = 1000
LONGEST_PLACE = 120
LONGEST_LINK = 300
LONGEST_REASON = 300
MOST_SEATS = 2000
MOST_PEOPLE = 20  # of one organisation
MOST_AHEAD = 30  # announced at once, of one project
FARTHEST = timedelta(days=366)
REMIND_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Waiting:
    """One who waits, in the order of waiting."""

    key: int
    people: int


def fits(seats: int, taken: int, people: int) -> bool:
    """Whether so many more people have a seat."""
    return people <= seats - taken


def moved_up(seats: int, taken: int, waiting: Iterable[Waiting]) -> list[int]:
    """Keys of those who get a seat now: in their order; a group that does not fit is passed over
    and keeps its place in the queue.
    """
    found = []
    for one in waiting:
        if fits(seats, taken, one.people):
            found.append(one.key)
            taken += one.people
    return found


def may_sign_up(state: VisitState, closes_at: datetime, now: datetime) -> Decision:
    """Whether somebody may still sign up, or say another number."""
    if state is VisitState.CANCELLED:
        return refuse("visit_is_cancelled")
    if now > closes_at:
        return refuse("visit_sign_up_over")
    return allow()


def may_change(state: VisitState, starts_at: datetime, now: datetime) -> Decision:
    """Whether its people may still change or cancel it."""
    if state is VisitState.CANCELLED:
        return refuse("visit_is_cancelled")
    if now >= starts_at:
        return refuse("visit_is_over")
    return allow()


def people_allowed(people: int) -> Decision:
    """How many one organisation brings."""
    return allow() if 1 <= people <= MOST_PEOPLE else refuse("visit_people", most=MOST_PEOPLE)


def room_allowed(seats: int, taken: int, people: int) -> Decision:
    """More than are left are refused while any seat is left: who waits, waits for a full house.

    More than all seats are refused at any time: they would wait for ever.
    """
    if people > seats:
        return refuse("visit_only_seats", seats=seats)
    left = seats - taken
    return refuse("visit_only_left", left=left) if 0 < left < people else allow()


def seats_allowed(seats: int, taken: int) -> Decision:
    """Nobody who has a seat loses it."""
    if not 1 <= seats <= MOST_SEATS:
        return refuse("visit_seats", most=MOST_SEATS)
    return allow() if seats >= taken else refuse("visit_seats_taken", taken=taken)


def times_allowed(
    starts_at: datetime, ends_at: datetime | None, closes_at: datetime, now: datetime
) -> dict[str, str]:
    """What stands against the times, by field."""
    found = {}
    if starts_at <= now:
        found["starts_at"] = "visit_in_past"
    elif starts_at - now > FARTHEST:
        found["starts_at"] = "dates_too_far"
    if ends_at is not None and ends_at <= starts_at:
        found["ends_at"] = "visit_ends_first"
    elif ends_at is not None and ends_at - starts_at > timedelta(days=31):
        found["ends_at"] = "dates_too_far"
    if closes_at > starts_at:
        found["closes_at"] = "visit_closes_late"
    elif now - closes_at > FARTHEST:
        found["closes_at"] = "dates_too_far"
    return found


def link_allowed(link: str) -> Decision:
    """An address that begins with https:// and holds nothing of a person."""
    if not link:
        return allow()
    try:
        parts = urlsplit(link)
        host, port_ok = parts.hostname or "", parts.port is None or parts.port > 0
    except ValueError:
        return refuse("visit_link")
    good = parts.scheme == "https" and "." in host and port_ok and not parts.username
    plain = link.isascii() and link.isprintable() and not set(link) & set(' "<>\\^`{|}')
    if not good or not plain or len(link) > LONGEST_LINK:
        return refuse("visit_link")
    return allow()
