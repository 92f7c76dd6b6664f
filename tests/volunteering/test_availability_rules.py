"""What a volunteer may say of their time, how times are read and said."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.volunteering.availability.composing import TIMES
from exchange.volunteering.availability.kinds import Band, Part
from exchange.volunteering.availability.rules import (
    band_of,
    category_of,
    dates_allowed,
    is_own_area,
    is_paused,
    pause_allowed,
    told_sum,
)
from exchange.volunteering.availability.time_rules import (
    CODES,
    EVERY_TIME,
    code_of,
    codes_of,
    in_words,
    is_free,
    mask_of,
    mask_of_shift,
)
from exchange.volunteering.availability.values import AvailabilityValues, problems_of

CHINA = ZoneInfo("Asia/Shanghai")
SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=CHINA)
TODAY = date(2026, 11, 25)
GOOD = AvailabilityValues(
    skills=("tutoring",), times=mask_of(["5-morning"]), division_code="520422", is_adult=True
)


@given(st.sets(st.sampled_from(CODES)))
def test_times_are_the_codes_that_were_ticked(codes: set[str]) -> None:
    assert set(codes_of(mask_of(codes))) == codes


@given(st.integers(1, EVERY_TIME))
def test_words_say_every_time_once(mask: int) -> None:
    said = in_words(mask, TIMES).split("、")
    assert len(said) == len(set(said))
    assert all(said)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (["5-morning"], "周六上午"),
        (["5-morning", "6-morning"], "周末上午"),
        (["5-morning", "5-afternoon", "5-evening"], "周六全天"),
        ([f"{day}-evening" for day in range(5)], "工作日晚上"),
        (list(CODES), "每天全天"),
        (["0-morning", "0-evening", "6-afternoon"], "周一上午、周一晚上、周日下午"),
    ],
)
def test_times_are_said_in_few_words(codes: list[str], words: str) -> None:
    assert in_words(mask_of(codes), TIMES) == words


@pytest.mark.parametrize(
    ("starts", "hours", "codes"),
    [
        (SATURDAY, 2, ["5-morning"]),
        (SATURDAY, 3.5, ["5-morning"]),  # half an hour of the afternoon is nothing
        (SATURDAY, 6, ["5-morning", "5-afternoon"]),
        (SATURDAY + timedelta(hours=2, minutes=30), 1, ["5-morning", "5-afternoon"]),
        (SATURDAY + timedelta(hours=12), 6, ["5-evening", "6-morning"]),
        (SATURDAY + timedelta(hours=10), 0.5, ["5-evening"]),
    ],
)
def test_a_shift_takes_parts_of_days(starts: datetime, hours: float, codes: list[str]) -> None:
    assert set(codes_of(mask_of_shift(starts, starts + timedelta(hours=hours)))) == set(codes)


def test_only_who_has_all_the_time_is_free() -> None:
    wanted = mask_of(["5-morning", "5-afternoon"])
    assert is_free(EVERY_TIME, wanted)
    assert not is_free(mask_of([code_of(5, Part.MORNING)]), wanted)


def test_the_category_follows_the_skills() -> None:
    assert category_of(["law", "driving"], None, None) == "volunteers.professional"
    assert category_of(["tutoring"], None, None) == "volunteers.longterm"
    short = (TODAY, TODAY + timedelta(days=6))
    assert category_of(["tutoring"], *short) == "volunteers.event"
    assert category_of(["driving", "nonsense"], None, None) == "volunteers.event"


def test_dates_stand_in_order_and_within_reason() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert dates_allowed(None, None, TODAY)
    assert dates_allowed(tomorrow, tomorrow, TODAY)
    assert dates_allowed(tomorrow, TODAY, TODAY).code == "availability_dates_order"
    assert dates_allowed(None, TODAY - timedelta(days=1), TODAY).code == "availability_over"
    assert dates_allowed(None, date(9999, 12, 31), TODAY).code == "availability_too_far"
    assert dates_allowed(date(1, 1, 1), None, TODAY).code == "availability_too_far"
    assert pause_allowed(TODAY, None, TODAY)
    assert pause_allowed(tomorrow, TODAY, TODAY).code == "availability_dates_order"


def test_a_pause_holds_from_its_first_to_its_last_day() -> None:
    last = TODAY + timedelta(days=2)
    assert not is_paused(None, None, TODAY)
    assert not is_paused(TODAY, last, TODAY - timedelta(days=1))
    assert is_paused(TODAY, last, TODAY)
    assert is_paused(TODAY, last, last)
    assert not is_paused(TODAY, last, last + timedelta(days=1))
    assert is_paused(TODAY, None, date(2030, 1, 1))


def test_organisations_ask_in_their_own_county() -> None:
    assert is_own_area("520422102243", "520422103")
    assert is_own_area("5204", "520422102")  # of the city: all of it
    assert not is_own_area("520402", "520422102")
    assert not is_own_area(None, "520422")


def test_distances_are_told_in_bands() -> None:
    home = "520422102243"
    assert band_of(home, "520422102001", 0) is Band.SAME_TOWNSHIP
    assert band_of(home, "520422103", 0) is Band.SAME_COUNTY
    assert band_of(home, "520402", 30) is Band.WITHIN_50
    assert band_of(home, "520502", 90) is Band.WITHIN_100
    assert band_of(home, "110101", 1700) is Band.FARTHER
    assert band_of(home, "110101", None) is Band.FARTHER


def test_small_sums_are_not_told() -> None:
    assert [told_sum(count) for count in (0, 4, 5)] == [None, None, 5]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"skills": (), "words": ""}, "skills", "availability_skill_needed"),
        ({"skills": ("flying",)}, "skills", "availability_choice_form"),
        ({"tongues": ("klingon",)}, "tongues", "availability_choice_form"),
        ({"times": 0}, "times", "availability_time_needed"),
        ({"times": EVERY_TIME + 1}, "times", "availability_time_needed"),
        ({"words": "一" * 201}, "words", "too_long"),
        ({"words": "打我电话 13812345678"}, "words", "activity_contact_in_text"),
        ({"is_adult": False}, "is_adult", "availability_adults_only"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    changes: dict[str, object], field: str, code: str
) -> None:
    values = AvailabilityValues(**{**vars(GOOD), **changes})
    assert problems_of(values.cleaned(), TODAY) == {field: [code]}


def test_good_values_have_no_problem() -> None:
    assert problems_of(GOOD, TODAY) == {}
