"""Who gets a message, how often one is sent, when a place is released. Pure rules on values."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState
from exchange.volunteering.messaging.kinds import Addressed, AskedBy

LONGEST_MESSAGE = 300
LONGEST_QUESTION = 200
WINDOW = timedelta(hours=24)
MOST_OF_A_SHIFT, MOST_OF_A_PERSON = 5, 30  # messages within the window
AFTERWARDS = timedelta(days=7)  # so long after the end people can still be written to
ASK_PAUSE = timedelta(hours=24)
RELEASE_HOURS = (3, 6, 12, 24, 48)
SOON = timedelta(hours=18)  # so short before, a message passes quiet hours
SENT_TWICE = timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """What somebody has answered to a shift so far. ``key`` is the public id of the answer."""

    key: str
    person_id: int
    state: SignupState
    is_confirmed: bool


def addressed(
    to: Addressed, people: Iterable[Standing], chosen: Collection[str] = ()
) -> list[Standing]:
    """Those of the people whom a message to this circle reaches."""
    if to is Addressed.CHOSEN:
        return [one for one in people if one.key in chosen]
    wanted = SignupState.WAITING if to is Addressed.WAITING else SignupState.SIGNED_UP
    found = [one for one in people if one.state is wanted]
    if to is Addressed.UNCONFIRMED:
        return [one for one in found if not one.is_confirmed]
    return found


def may_write(
    activity: ActivityState, shift: ShiftState, ends_at: datetime, now: datetime
) -> Decision:
    """Whether people of a shift can be written to: it is on, or was over a week ago at most."""
    if activity is ActivityState.CANCELLED or shift is ShiftState.CANCELLED:
        return refuse("shift_cancelled")
    if activity is ActivityState.DRAFT:
        return refuse("message_draft")
    return allow() if now < ends_at + AFTERWARDS else refuse("message_too_late")


def may_send(of_shift: int, of_person: int) -> Decision:
    """How many messages within a day: of all coordinators to a shift, and of one person."""
    if of_shift >= MOST_OF_A_SHIFT:
        return refuse("message_shift_limit", most=MOST_OF_A_SHIFT)
    if of_person >= MOST_OF_A_PERSON:
        return refuse("message_person_limit", most=MOST_OF_A_PERSON)
    return allow()


def asked_by(
    asked_at: datetime, moved_at: datetime | None, day_told_at: datetime | None
) -> AskedBy:
    """What made somebody be asked: the act that asked has the same moment."""
    if asked_at == moved_at:
        return AskedBy.CHANGE
    return AskedBy.REMINDER if asked_at == day_told_at else AskedBy.COORDINATOR


def may_ask_again(last_asked_at: datetime, now: datetime) -> Decision:
    """Nobody is asked more than once a day."""
    return allow() if now - last_asked_at >= ASK_PAUSE else refuse("asked_today")


def may_release(hours: int, starts_at: datetime, now: datetime) -> Decision:
    """A place is released after a stated time that ends before the shift begins."""
    if hours not in RELEASE_HOURS:
        return refuse("release_hours")
    return allow() if now + timedelta(hours=hours) < starts_at else refuse("release_too_late")


def release_choices(starts_at: datetime, now: datetime) -> tuple[int, ...]:
    """The hours that still end before the shift begins."""
    return tuple(hours for hours in RELEASE_HOURS if may_release(hours, starts_at, now))
