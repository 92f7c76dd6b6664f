"""Verification from values: who asks when, what is looked at, how long it counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.verification.kinds import Check
from exchange.accounts.verification.rules import (
    CLAIM_HOLDS,
    GRACE,
    Standing,
    add_months,
    checklist_of,
    claim_counts,
    due_reminder,
    has_lapsed,
    licence_decision,
    may_ask,
    may_lift,
    valid_until,
)

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
VERIFIED = Verification.VERIFIED


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 24, date(2028, 11, 22)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_later_is_a_day_that_exists(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_verification_ends_with_its_licence_when_that_is_sooner() -> None:
    assert valid_until(TODAY, 24) == date(2028, 11, 22)
    assert valid_until(TODAY, 24, date(2027, 6, 1)) == date(2027, 6, 1)
    assert valid_until(TODAY, 24, date(2040, 1, 1)) == date(2028, 11, 22)


@pytest.mark.parametrize(
    ("left", "told", "due"),
    [
        (61, None, None), (60, None, 60), (30, 60, None), (14, 60, 14), (14, None, 14),
        (3, 14, None), (0, 60, 14), (-1, None, None),
    ],
)  # fmt: skip
def test_each_reminder_is_due_once(left: int, told: int | None, due: int | None) -> None:
    assert due_reminder(TODAY + timedelta(days=left), TODAY, told) == due


def test_renewal_that_waits_for_us_has_a_time_of_grace() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert not has_lapsed(TODAY, TODAY, renewal_waits=False)
    assert has_lapsed(yesterday, TODAY, renewal_waits=False)
    assert not has_lapsed(yesterday, TODAY, renewal_waits=True)
    assert has_lapsed(yesterday - GRACE, TODAY, renewal_waits=True)


@pytest.mark.parametrize(
    ("verification", "until", "open_request", "more", "code"),
    [
        (Verification.UNVERIFIED, None, False, False, "ask"),
        (Verification.REFUSED, None, False, False, "ask"),
        (Verification.SUSPENDED, None, False, False, "ask"),
        (Verification.SUSPENDED, None, True, False, "verification_not_open"),
        (Verification.SUBMITTED, None, True, False, "verification_not_open"),
        (Verification.SUBMITTED, None, True, True, "answer"),
        (VERIFIED, None, False, False, "verification_not_open"),
        (VERIFIED, TODAY + timedelta(days=91), False, False, "renewal_too_early"),
        (VERIFIED, TODAY + timedelta(days=90), False, False, "renew"),
        (VERIFIED, TODAY, True, False, "verification_not_open"),
    ],
)
def test_who_may_ask_when(
    verification: Verification, until: date | None, open_request: bool, more: bool, code: str
) -> None:
    assert may_ask(Standing(verification, until, open_request, more), TODAY).code == code


def test_checklist_depends_on_the_kind() -> None:
    assert checklist_of(OrganisationKind.COMPANY, has_licence=True) == (
        Check.CODE, Check.PLACE, Check.SPEAKER, Check.LICENCE,
    )  # fmt: skip
    assert checklist_of(OrganisationKind.VOLUNTEER_GROUP, has_licence=False)[0] is Check.PROOF
    assert Check.SPEAKER not in checklist_of(
        OrganisationKind.INDIVIDUAL_VOLUNTEER, has_licence=False
    )


@pytest.mark.parametrize(
    ("number", "until", "code"),
    [
        ("", None, "allowed"),
        ("A1", TODAY + timedelta(days=1), "allowed"),
        ("A1", None, "licence_day_needed"),
        ("", TODAY, "licence_number_needed"),
        ("A1", TODAY, "licence_over"),
    ],
)
def test_licence_is_told_in_full_and_runs_on(number: str, until: date | None, code: str) -> None:
    assert licence_decision(number, until, TODAY).code == code


def test_claim_lapses_and_is_never_against_oneself() -> None:
    assert claim_counts(1, NOW, 2, NOW)
    assert not claim_counts(1, NOW, 1, NOW)
    assert not claim_counts(1, NOW - CLAIM_HOLDS, 2, NOW)
    assert not claim_counts(None, None, 2, NOW)


def test_station_does_not_lift_what_the_centre_suspended() -> None:
    assert not may_lift(suspended_at_centre=True, supervises=False)
    assert may_lift(suspended_at_centre=True, supervises=True)
    assert may_lift(suspended_at_centre=False, supervises=False)
