"""Verification from values alone: who may ask when, what is looked at, how long a yes counts."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from exchange.accounts.kinds import CREDIT_CODE_KINDS, OrganisationKind, Verification
from exchange.accounts.verification.kinds import Check
from exchange.kernel.decisions import Decision, allow, refuse

MOST_FILES = 6
CLAIM_HOLDS = timedelta(hours=48)
REMINDERS = (60, 14)  # days before the last day of a verification
RENEWAL_FROM = 90  # days before
GRACE = timedelta(days=30)  # for a renewal that was asked for in time and nobody has decided
EVIDENCE_KEPT = timedelta(days=180)  # after the decision
ASKABLE = (Verification.UNVERIFIED, Verification.REFUSED, Verification.SUSPENDED)


@dataclass(frozen=True)
class Standing:
    """Where an organisation stands, as far as asking matters."""

    verification: Verification
    until: date | None
    has_open_request: bool
    more_wanted: bool


def may_ask(standing: Standing, today: date) -> Decision:
    """Whether its managers may ask now; the code of a yes says how: ask, answer or renew.

    Who is suspended may ask, too, and stays suspended until somebody has decided.
    """
    if standing.has_open_request:
        return allow("answer") if standing.more_wanted else refuse("verification_not_open")
    if standing.verification in ASKABLE:
        return allow("ask")
    if standing.verification is not Verification.VERIFIED or standing.until is None:
        return refuse("verification_not_open")
    if standing.until - today > timedelta(days=RENEWAL_FROM):
        return refuse("renewal_too_early", days=RENEWAL_FROM)
    return allow("renew")


def needs_code(kind: OrganisationKind) -> bool:
    """Whether an organisation of this kind has a unified social credit code."""
    return kind in CREDIT_CODE_KINDS


def checklist_of(kind: OrganisationKind, *, has_licence: bool) -> tuple[Check, ...]:
    """What must have been looked at before a yes, in the order in which it is done."""
    if kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        first: tuple[Check, ...] = (Check.PROOF, Check.PLACE)
    else:
        first = (Check.CODE if needs_code(kind) else Check.PROOF, Check.PLACE, Check.SPEAKER)
    return (*first, Check.LICENCE) if has_licence else first


def licence_decision(number: str, until: date | None, today: date) -> Decision:
    """Whether a licence is told in full: a number and a last day to come, or neither."""
    if not number.strip() and until is None:
        return allow()
    if not number.strip():
        return refuse("licence_number_needed")
    if until is None:
        return refuse("licence_day_needed")
    return allow() if until > today else refuse("licence_over")


def valid_until(today: date, months: int, licence_until: date | None = None) -> date:
    """The last day of a verification given today: so many months on, or that of its licence."""
    last = add_months(today, months)
    return last if licence_until is None else min(last, licence_until)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has fewer."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_reminder(until: date, today: date, told: int | None) -> int | None:
    """Which reminder is due, in days before the last day; None when none or when it was sent."""
    left = (until - today).days
    due = [days for days in REMINDERS if left <= days]
    if left < 0 or not due:
        return None
    return min(due) if told is None or min(due) < told else None


def has_lapsed(until: date, today: date, *, renewal_waits: bool) -> bool:
    """Whether a verification is over; a renewal that waits for us holds it through the grace."""
    return today > (until + GRACE if renewal_waits else until)


def claim_counts(
    claimed_by_id: int | None, claimed_at: datetime | None, person_id: int | None, now: datetime
) -> bool:
    """Whether somebody else has taken it and still holds it."""
    if claimed_by_id is None or claimed_at is None or claimed_by_id == person_id:
        return False
    return now - claimed_at < CLAIM_HOLDS


def may_lift(*, suspended_at_centre: bool, supervises: bool) -> Decision:
    """What a centre has taken away a station does not give back."""
    if suspended_at_centre and not supervises:
        return refuse("lifted_by_centre")
    return allow()
