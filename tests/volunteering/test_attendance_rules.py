"""What marks say, how long a code is good, and what is a number: pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.volunteering.attendance.certificate_rules import (
    check_digit,
    code_read,
    grouped,
    is_number,
    masked_name,
    number_of,
    period_allowed,
    same_name,
)
from exchange.volunteering.attendance.code_rules import (
    WINDOW,
    accepted_windows,
    proof_allowed,
    seconds_left,
    window_of,
)
from exchange.volunteering.attendance.hours_rules import (
    decimal_hours,
    may_approve,
    may_object,
    minutes_allowed,
)
from exchange.volunteering.attendance.kinds import MarkKind, Step, Way
from exchange.volunteering.attendance.number_rules import (
    cleaned,
    number_allowed,
    text_has_identity_number,
)
from exchange.volunteering.attendance.rules import (
    EARLY,
    MarkFact,
    code_shown,
    list_open,
    minutes_of,
    moment_of_tick,
    presence_of,
)
from exchange.volunteering.kinds import ShiftState
from tests.volunteering.attendance_scene import BEGINS, ENDS

CAME, LEFT, ABSENT = MarkKind.CAME, MarkKind.LEFT, MarkKind.ABSENT
NOW = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
IDENTITY = "520422199003071234"


def marks(*said: tuple[MarkKind, Way, float]) -> list[MarkFact]:
    return [
        MarkFact(kind, way, BEGINS + timedelta(minutes=at), number)
        for number, (kind, way, at) in enumerate(said)
    ]


def minutes(*said: tuple[MarkKind, Way, float]) -> int:
    return minutes_of(presence_of(marks(*said), BEGINS, ENDS), BEGINS, ENDS)


def test_who_checks_in_and_out_by_code_was_there_between() -> None:
    assert minutes((CAME, Way.CODE, 10), (LEFT, Way.CODE, 130)) == 120


def test_waiting_before_the_beginning_does_not_count() -> None:
    assert minutes((CAME, Way.CODE, -50), (LEFT, Way.CODE, 60)) == 60


def test_who_never_says_that_they_leave_was_there_until_the_planned_end() -> None:
    assert minutes((CAME, Way.CODE, 30)) == 120


def test_who_stayed_longer_by_code_is_counted_longer() -> None:
    assert minutes((CAME, Way.CODE, 0), (LEFT, Way.CODE, 180)) == 180


def test_a_name_ticked_late_counts_from_the_planned_beginning() -> None:
    assert minutes((CAME, Way.LIST, 40)) == 150
    assert minutes((CAME, Way.LIST, 600), (LEFT, Way.LIST, 601)) == 150


def test_a_pause_is_taken_off() -> None:
    assert minutes(
        (CAME, Way.CODE, 0), (LEFT, Way.CODE, 30), (CAME, Way.CODE, 60), (LEFT, Way.CODE, 100)
    ) == 70  # fmt: skip


def test_the_later_mark_of_a_person_wins_whatever_came_in_first() -> None:
    first, second = (CAME, Way.LIST, 10.0), (ABSENT, Way.LIST, 20.0)
    assert presence_of(marks(first, second), BEGINS, ENDS).came is False
    assert presence_of(marks(second, first), BEGINS, ENDS).came is False
    assert presence_of(marks(second, (CAME, Way.LIST, 30)), BEGINS, ENDS).came is True


def test_nobody_has_said_anything() -> None:
    presence = presence_of([], BEGINS, ENDS)
    assert presence.came is None
    assert not presence.is_inside
    assert minutes_of(presence, BEGINS, ENDS) == 0


said_at_random = st.lists(
    st.tuples(st.sampled_from(MarkKind), st.sampled_from(Way), st.integers(-60, 400)), max_size=8
)


@given(said_at_random)
def test_minutes_are_never_negative_nor_more_than_the_whole_span(
    said: list[tuple[MarkKind, Way, int]],
) -> None:
    assert 0 <= minutes(*said) <= 400


@given(said_at_random)
def test_the_order_in_which_marks_come_in_does_not_matter(
    said: list[tuple[MarkKind, Way, int]],
) -> None:
    facts = marks(*said)
    backwards = presence_of(reversed(facts), BEGINS, ENDS)
    assert backwards == presence_of(facts, BEGINS, ENDS)


def test_a_code_is_good_for_a_minute_and_at_most_a_minute_and_a_half() -> None:
    shown = window_of(NOW)
    until = [
        second for second in range(200)
        if shown in accepted_windows(NOW + timedelta(seconds=second))
    ]  # fmt: skip
    assert 60 <= len(until) <= 90
    assert until == list(range(len(until)))


def test_the_page_loads_anew_when_the_next_code_is_due() -> None:
    for second in range(WINDOW):
        now = NOW + timedelta(seconds=second)
        assert window_of(now + timedelta(seconds=seconds_left(now))) == window_of(now) + 1


def test_who_has_opened_a_code_has_ten_minutes_to_tap() -> None:
    assert proof_allowed(NOW, NOW + timedelta(minutes=10))
    assert not proof_allowed(NOW, NOW + timedelta(minutes=10, seconds=1))
    assert not proof_allowed(NOW + timedelta(seconds=1), NOW)


def test_the_list_opens_an_hour_before_and_closes_after_thirty_days() -> None:
    span = (ShiftState.OPEN, BEGINS, ENDS)
    assert not list_open(*span, BEGINS - EARLY - timedelta(seconds=1))
    assert list_open(*span, BEGINS - EARLY)
    assert list_open(*span, ENDS + timedelta(days=30))
    assert not list_open(*span, ENDS + timedelta(days=30, seconds=1))
    assert not code_shown(*span, ENDS + timedelta(hours=4))
    assert not list_open(ShiftState.CANCELLED, BEGINS, ENDS, BEGINS)


def test_a_tick_is_placed_by_its_age_and_never_in_the_future() -> None:
    assert moment_of_tick(600, BEGINS, ENDS) == ENDS - timedelta(minutes=10)
    assert moment_of_tick(-5, BEGINS, ENDS) == ENDS
    assert moment_of_tick(10**9, BEGINS, ENDS) == BEGINS - EARLY


def test_nobody_approves_their_own_hours_while_another_manager_could() -> None:
    assert not may_approve(Step.PROPOSED, is_own=True, others=1)
    assert may_approve(Step.PROPOSED, is_own=True, others=0)
    assert may_approve(Step.OBJECTED, is_own=False, others=3)
    assert not may_approve(Step.APPROVED, is_own=False, others=3)
    assert not may_approve(None, is_own=False, others=3)


def test_one_objects_within_two_weeks_of_the_approval() -> None:
    assert may_object(Step.APPROVED, NOW, NOW + timedelta(days=14))
    assert may_object(Step.APPROVED, NOW, NOW + timedelta(days=15)).code == "hours_objection_late"
    assert may_object(Step.PROPOSED, None, NOW).code == "hours_not_approved"


def test_minutes_fit_into_a_day_and_hours_are_rounded_down() -> None:
    assert minutes_allowed(0)
    assert minutes_allowed(1440)
    assert not minutes_allowed(1441)
    assert not minutes_allowed(-1)
    assert [decimal_hours(one) for one in (0, 90, 95, 439)] == ["0.00", "1.50", "1.58", "7.32"]


@pytest.mark.parametrize(
    "typed", [IDENTITY, "520422 19900307 123x", "５２０４２２１９９００３０７１２３４"]
)
def test_an_identity_card_number_is_refused(typed: str) -> None:
    assert number_allowed(cleaned(typed)).code == "number_is_identity"


@pytest.mark.parametrize("typed", ["5204 2200 1234 5", "GZ-2026-000123", "520422199013991234"])
def test_a_volunteer_number_is_taken(typed: str) -> None:
    assert number_allowed(cleaned(typed))


@pytest.mark.parametrize(
    "typed", ["", "1234567", "1" * 21, "ABCDEFGHI", "王小明12345678", "1234\u0660567"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert number_allowed(cleaned(typed)).code == "number_form"


def test_an_identity_card_number_is_found_in_a_text() -> None:
    assert text_has_identity_number(f"我的号是{IDENTITY}，请查")
    assert not text_has_identity_number("编号 5204220012345")


@given(st.integers(1, 10**8 - 1), st.integers(0, 12), st.integers(1, 9))
def test_a_slip_in_a_certificate_number_is_found(row: int, place: int, shift: int) -> None:
    number = number_of(2026, row)
    assert is_number(number)
    digit = str((int(number[place]) + shift) % 10)
    assert not is_number(f"{number[:place]}{digit}{number[place + 1 :]}")


def test_the_check_digit_is_that_of_iso_7064() -> None:
    assert check_digit("0794") == "5"  # the example of the standard, MOD 11,10


def test_a_code_is_read_however_it_was_typed() -> None:
    assert code_read(" ABCD-efgh 2345 ") == "abcdefgh2345"
    assert code_read("abcdefgh2340") == ""
    assert code_read("abc") == ""
    assert grouped("abcdefgh2345") == "abcd efgh 2345"


def test_a_name_is_masked_and_compared_as_a_whole() -> None:
    assert masked_name("王小明") == "王*"
    assert masked_name("") == "*"
    assert same_name(" 王 小明", "王小明")
    assert same_name("john SMITH", "John Smith")
    assert not same_name("王", "王小明")
    assert not same_name("", "")


def test_a_period_has_an_order_and_a_limit() -> None:
    today = date(2026, 11, 28)
    assert period_allowed(date(2026, 1, 1), today, today)
    assert not period_allowed(today, date(2026, 1, 1), today)
    assert not period_allowed(date(2026, 12, 1), date(2026, 12, 2), today)
    assert not period_allowed(date(2020, 1, 1), today, today)
