"""What a training, its questions and its records may be, with values."""

from datetime import UTC, date, datetime, timedelta

import pytest

from exchange.volunteering.training.rules import (
    Held,
    Question,
    address_allowed,
    expiry_of,
    holds_on,
    may_publish,
    missing,
    questions_allowed,
    requirable,
    right_answers,
    try_allowed,
    valid_months_allowed,
)
from exchange.volunteering.training.values import MaterialValues, material_problems

DAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 11, 27), 12, date(2027, 11, 26)),
        (date(2026, 11, 27), 1, date(2026, 12, 26)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 12, 1), 120, date(2036, 11, 30)),
        (date(2026, 11, 27), None, None),
    ],
)
def test_a_completion_counts_for_so_many_months(
    day: date, months: int | None, last: date | None
) -> None:
    assert expiry_of(day, months) == last


def test_it_counts_on_its_last_day_and_not_on_the_next() -> None:
    held = Held(1, DAY, revoked=False)
    assert holds_on(held, DAY)
    assert not holds_on(held, DAY + timedelta(days=1))
    assert holds_on(Held(1, None, revoked=False), date(2099, 1, 1))
    assert not holds_on(Held(1, None, revoked=True), DAY)


def test_what_is_missing_is_named_in_the_order_in_which_it_is_asked_for() -> None:
    held = [Held(2, None, revoked=False), Held(3, DAY, revoked=True)]
    assert missing([3, 2, 1], held, DAY) == [3, 1]
    assert missing([], held, DAY) == []


def test_only_what_has_something_to_learn_is_published_by_a_verified_organisation() -> None:
    good = {"verified": True, "materials": 1, "questions": 1, "dates": 0}
    assert may_publish(**good)  # type: ignore[arg-type]  # values by name
    for changed, code in (
        ({"verified": False}, "training_needs_verified"),
        ({"materials": 0}, "training_needs_content"),
        ({"materials": 0, "dates": 1}, "training_needs_materials"),
    ):
        assert may_publish(**{**good, **changed}).code == code  # type: ignore[arg-type]  # likewise
    assert may_publish(verified=True, materials=0, questions=0, dates=1)


ONE = Question("先做什么？", ("问老师", "自己来"), 0)


@pytest.mark.parametrize(
    ("questions", "mark", "code"),
    [
        ([ONE] * 6, 1, "training_questions_many"),
        ([ONE], 0, "training_pass_mark"),
        ([ONE], 2, "training_pass_mark"),
        ([Question("", ("a", "b"), 0)], 1, "training_question_text"),
        ([Question("x" * 201, ("a", "b"), 0)], 1, "training_question_text"),
        ([Question("x", ("a",), 0)], 1, "training_question_options"),
        ([Question("x", ("a", "b", "c", "d", "e"), 0)], 1, "training_question_options"),
        ([Question("x", ("a", ""), 0)], 1, "training_question_options"),
        ([Question("x", ("a", "a"), 0)], 1, "training_question_same"),
        ([Question("x", ("a", "b"), 2)], 1, "training_question_right"),
        ([Question("x", ("a", "b"), -1)], 1, "training_question_right"),
    ],
)
def test_questions_have_a_form(questions: list[Question], mark: int, code: str) -> None:
    assert questions_allowed(questions, mark).code == code


def test_good_questions_and_none_are_fine() -> None:
    assert questions_allowed([ONE] * 5, 4)
    assert questions_allowed([], 0)


def test_right_answers_are_counted() -> None:
    kept = [ONE.as_kept(), ONE.as_kept(), ONE.as_kept()]
    assert right_answers(kept, [0, 1, None]) == 1
    assert right_answers(kept, [0, 0, 0]) == 3
    assert right_answers(kept, []) == 0


def test_three_tries_within_a_day() -> None:
    hour = timedelta(hours=1)
    assert try_allowed([NOW - hour, NOW - 2 * hour], NOW)
    assert not try_allowed([NOW - hour] * 3, NOW)
    assert try_allowed([NOW - hour] * 2 + [NOW - 25 * hour] * 5, NOW)


def test_months_lie_between_one_and_ten_years() -> None:
    assert valid_months_allowed(None)
    assert valid_months_allowed(120)
    assert not valid_months_allowed(0)
    assert not valid_months_allowed(121)


@pytest.mark.parametrize(
    ("published", "public", "own", "open_activity", "code"),
    [
        (True, True, False, True, "allowed"),
        (True, False, True, False, "allowed"),
        (True, False, True, True, "training_members_only"),
        (True, False, False, False, "training_members_only"),
        (False, True, True, True, "training_not_published"),
    ],
)
def test_who_may_ask_for_what(
    published: bool, public: bool, own: bool, open_activity: bool, code: str
) -> None:
    decision = requirable(
        published=published, is_public=public, is_own=own, activity_is_public=open_activity
    )
    assert decision.code == code


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://www.example.org/lesson?a=1#b", True),
        ("http://例子.中国/课", True),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("https://user@example.org/", False),
        ("https://example.org:99999/", False),
        ("https://[x/", False),
        ("https://localhost/", False),
        ("https://exa mple.org", False),
        ("", False),
    ],
)
def test_only_addresses_of_pages_are_addresses(text: str, good: bool) -> None:
    assert address_allowed(text) is good


def test_a_material_is_one_thing_under_a_title() -> None:
    assert material_problems(MaterialValues("题", "文"), has_file=False) == {}
    assert material_problems(MaterialValues("题"), has_file=True) == {}
    assert "text" in material_problems(MaterialValues("题"), has_file=False)
    assert "text" in material_problems(MaterialValues("题", "文", "https://a.cn"), has_file=False)
    assert "title" in material_problems(MaterialValues("", "文"), has_file=False)
    assert "url" in material_problems(MaterialValues("题", "", "ftp://a.cn"), has_file=False)
