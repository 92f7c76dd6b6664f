"""Ages, consents and checks, as values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.volunteering.safeguarding.kinds import ConsentState, ConsentWay
from exchange.volunteering.safeguarding.models import ChildrenCheck
from exchange.volunteering.safeguarding.rules import (
    Age,
    Birth,
    CheckFact,
    ConsentFact,
    age_fits,
    age_on,
    birth_allowed,
    check_allows,
    check_day_allowed,
    consent_allows,
    consent_problems,
    may_publish_with_children,
    may_record,
    state_of,
    year_later,
)

TODAY = date(2026, 11, 27)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


def test_nobody_is_taken_for_older_than_they_are() -> None:
    assert age_on(Birth(2010, 11), date(2026, 11, 30)) == 15
    assert age_on(Birth(2010, 11), date(2026, 12, 1)) == 16
    assert Age(Birth(2008, 11)).is_minor(date(2026, 11, 30))
    assert Age(Birth(2008, 11)).is_adult(date(2026, 12, 1))
    assert not Age().is_minor(TODAY)
    assert not Age().is_adult(TODAY)


@given(born=DAYS, day=DAYS)
def test_the_month_never_says_more_than_the_day(born: date, day: date) -> None:
    full = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    assert full - 1 <= age_on(Birth(born.year, born.month), day) <= full


@pytest.mark.parametrize(
    ("birth", "code"),
    [
        (Birth(2010, 5), "allowed"),
        (Birth(2012, 11), "age_too_young"),
        (Birth(2012, 10), "allowed"),
        (Birth(2010, 13), "birth_form"),
        (Birth(2026, 12), "birth_form"),
        (Birth(2030, 1), "birth_form"),
        (Birth(0, 1), "birth_form"),
        (Birth(1980, 1), "allowed"),
    ],
)
def test_who_is_old_enough_to_volunteer(birth: Birth, code: str) -> None:
    assert birth_allowed(birth, TODAY).code == code


@pytest.mark.parametrize(
    ("age", "least", "most", "code"),
    [
        (Age(), 18, None, "age_needed"),
        (Age(adult=True), 18, None, "allowed"),
        (Age(adult=True), 14, 17, "age_above"),
        (Age(Birth(2010, 5)), 16, None, "allowed"),
        (Age(Birth(2010, 12)), 16, None, "age_below"),
        (Age(Birth(2010, 5)), 14, 15, "age_above"),
        (Age(Birth(2008, 5)), 18, None, "allowed"),
    ],
)
def test_ages_of_an_activity(age: Age, least: int, most: int | None, code: str) -> None:
    assert age_fits(age, TODAY, least, most).code == code


def consent(
    state: ConsentState = ConsentState.GIVEN,
    owner: int = 1,
    activity: int | None = None,
    until: date | None = date(2027, 1, 1),
) -> ConsentFact:
    return ConsentFact(owner, activity, state, until)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([], "consent_missing"),
        ([consent()], "allowed"),
        ([consent(activity=7)], "allowed"),
        ([consent(activity=8)], "consent_missing"),
        ([consent(owner=2)], "consent_missing"),
        ([consent(ConsentState.ASKED, until=None)], "consent_missing"),
        ([consent(ConsentState.WITHDRAWN)], "consent_missing"),
        ([consent(until=date(2026, 11, 26))], "consent_ends_before"),
        ([consent(until=date(2026, 11, 26)), consent()], "allowed"),
    ],
)
def test_a_consent_covers_what_it_says_until_its_last_day(
    facts: list[ConsentFact], code: str
) -> None:
    assert consent_allows(facts, 1, 7, TODAY).code == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([], "check_missing"),
        ([CheckFact(1, TODAY)], "allowed"),
        ([CheckFact(1, date(2026, 11, 26))], "check_ends_before"),
        ([CheckFact(2, TODAY)], "check_missing"),
        ([CheckFact(1, TODAY, stands=False)], "check_missing"),
    ],
)
def test_a_check_is_good_for_its_organisation_until_its_last_day(
    facts: list[CheckFact], code: str
) -> None:
    assert check_allows(facts, 1, TODAY).code == code


def test_a_year_is_exactly_a_year() -> None:
    assert year_later(date(2026, 11, 27)) == date(2027, 11, 27)
    assert year_later(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_check_has_no_place_for_what_it_said() -> None:
    columns = {one.name for one in ChildrenCheck.__table__.columns}
    assert columns == {
        "id", "public_id", "person_id", "organisation_id", "checked_by_id", "checked_on",
        "expires_on", "recorded_by_id", "recorded_at", "objected_at", "reminded_at", "ended_at",
        "ended_by_id",
    }  # fmt: skip


def test_what_a_consent_needs() -> None:
    def problems(way: ConsentWay = ConsentWay.SPOKEN, **more: object) -> dict[str, list[str]]:
        usual = {"on": TODAY, "until": None, "pictures": 0, "today": TODAY}
        return consent_problems(way, **(usual | more))  # type: ignore[arg-type]  # values of a test

    assert problems() == {}
    assert problems(on=None) == {"consent_on": ["required"]}
    assert problems(on=date(2026, 11, 28)) == {"consent_on": ["consent_day"]}
    assert problems(on=date(2025, 11, 26)) == {"consent_on": ["consent_day"]}
    assert problems(until=date(2027, 11, 28)) == {"valid_until": ["consent_until"]}
    assert problems(until=date(2026, 11, 26)) == {"valid_until": ["consent_until"]}
    assert problems(until=date(2027, 11, 27)) == {}
    assert problems(ConsentWay.PHOTO) == {"photos": ["consent_photo_needed"]}
    assert problems(ConsentWay.PHOTO, pictures=5) == {"photos": ["consent_photos_many"]}
    assert problems(ConsentWay.LINK, on=None) == {}


def test_nobody_records_for_themselves_and_no_minor_records() -> None:
    assert may_record(1, 2, recorder_is_minor=False)
    assert may_record(2, 2, recorder_is_minor=False).code == "safeguard_own"
    assert may_record(1, 2, recorder_is_minor=True).code == "safeguard_minor_records"


def test_days_of_checks() -> None:
    assert check_day_allowed(TODAY, TODAY)
    assert check_day_allowed(date(2025, 11, 27), TODAY)
    assert not check_day_allowed(date(2025, 11, 26), TODAY)
    assert not check_day_allowed(date(2026, 11, 28), TODAY)
    assert not check_day_allowed(None, TODAY)


def test_two_checked_adults_before_an_activity_with_children_is_published() -> None:
    assert not may_publish_with_children([TODAY], TODAY)
    assert not may_publish_with_children([TODAY, date(2026, 11, 26)], TODAY)
    assert may_publish_with_children([TODAY, date(2027, 11, 26)], TODAY)


def test_states_of_a_consent() -> None:
    def state(**more: object) -> ConsentState:
        usual = {
            "given_on": TODAY, "valid_until": TODAY, "refused": False, "withdrawn": False,
            "today": TODAY,
        }  # fmt: skip
        return state_of(**(usual | more))  # type: ignore[arg-type]  # values of a test

    assert state() is ConsentState.GIVEN
    assert state(today=date(2026, 11, 28)) is ConsentState.ENDED
    assert state(given_on=None, valid_until=None) is ConsentState.ASKED
    assert state(refused=True) is ConsentState.REFUSED
    assert state(withdrawn=True) is ConsentState.WITHDRAWN
