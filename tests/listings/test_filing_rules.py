"""Filing for somebody, from values alone."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from exchange.listings.filing.kinds import FilingConsent
from exchange.listings.filing.naming import holds_name, without_name
from exchange.listings.filing.paper_labels import WORDS
from exchange.listings.filing.rules import (
    ENDED_KEPT,
    NO_CONSENT,
    WITHDRAWN_KEPT,
    ConsentGiven,
    consent_problems,
    form_number,
    form_row,
    may_file,
    may_file_in,
)
from exchange.listings.sharing.rules import row_of, short_code
from tests.listings.filing_scene import said_so

TODAY = date(2026, 11, 22)


@given(st.integers(1, 9_999_999))
def test_a_form_number_leads_back_to_its_row(row: int) -> None:
    assert form_row(form_number(row)) == row
    assert form_row(f" {form_number(row).replace('-', '')} ") == row


@given(st.integers(1, 9_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_told(row: int, place: int, by: int) -> None:
    digits = list(form_number(row).replace("-", ""))
    digits[place] = str((int(digits[place]) + by) % 10)
    assert form_row("".join(digits)) is None


def test_full_width_digits_of_a_chinese_keyboard_are_digits() -> None:
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    assert form_row(form_number(42).translate(wide)) == 42


@pytest.mark.parametrize("typed", ["", "12", "abc", "123456789", "٣٤", "-" * 8, "9" * 400])
def test_what_is_no_form_number(typed: str) -> None:
    assert form_row(typed) is None


@given(st.integers(1, 2**62))
def test_short_codes_lead_back(row: int) -> None:
    assert row_of(short_code(row)) == row
    assert row_of(short_code(row).upper()) == row


@pytest.mark.parametrize("code", ["", "0", "l", "a" * 14, "中", "z" * 400])
def test_what_is_no_short_code(code: str) -> None:
    assert row_of(code) is None


def test_who_may_file() -> None:
    assert may_file(is_broker=True, organisation_kind="social_work_station")
    assert may_file(is_broker=False, organisation_kind="village_committee")
    assert may_file(is_broker=False, organisation_kind="company").code == "filing_not_yours"
    assert may_file(is_broker=False, organisation_kind="").code == "filing_not_yours"
    own = may_file(is_broker=True, organisation_kind="individual_volunteer")
    assert own.code == "filing_for_office"


def test_where_one_may_file() -> None:
    assert may_file_in("520422102243", "520422102243", ())
    assert not may_file_in("520422102244", "520422102243", ())
    assert may_file_in("520422102244", "520422102243", ("520422",))
    assert not may_file_in(None, "520422102243", ("52",))


@pytest.mark.parametrize(
    ("given", "pictures", "missing"),
    [
        (NO_CONSENT, 0, {}),
        (said_so(), 0, {}),
        (said_so(read_back=False), 0, {"read_back": ["filing_read_back"]}),
        (said_so(on=None), 0, {"consent_on": ["required"]}),
        (said_so(on=date(2026, 11, 23)), 0, {"consent_on": ["filing_consent_day"]}),
        (said_so(on=date(2025, 1, 1)), 0, {"consent_on": ["filing_consent_day"]}),
        (said_so(heard_by=" "), 0, {"heard_by": ["required"]}),
        (said_so(to_publish=False), 0, {"to_publish": ["filing_consent_to_publish"]}),
        (said_so(kind=FilingConsent.PHOTO), 0, {"photos": ["filing_photo_needed"]}),
        (said_so(kind=FilingConsent.PHOTO, read_back=False), 1, {}),
        (said_so(kind=FilingConsent.WRITTEN), 0, {"consent_note": ["filing_paper_where"]}),
        (said_so(kind=FilingConsent.WRITTEN, note="信在站里"), 0, {}),
    ],
)
def test_what_a_consent_needs(
    given: ConsentGiven, pictures: int, missing: dict[str, list[str]]
) -> None:
    assert consent_problems(given, pictures, TODAY) == missing


def test_the_paper_says_how_long_a_name_is_kept(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        said = str(WORDS["withdraw"])
    assert f"{WITHDRAWN_KEPT.days} days later" in said
    assert f"{ENDED_KEPT.days} days after it has ended" in said


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("王秀英", "王秀英家漏雨", "村民家漏雨"),
        ("王秀英", "村民王 秀\u3000英家漏雨", "村民家漏雨"),
        ("王秀英（孤寡）", "王秀英家漏雨", "村民家漏雨"),
        ("王秀英、李桂花", "李桂花和王秀英要种子", "村民和村民要种子"),
        ("阿依古丽·买买提", "阿依古丽 买买提家要煤", "村民家要煤"),
        ("Ann Lee", "Roof of ANN  LEE leaks", "Roof of a villager leaks"),
        ("Ann", "Planning a roof", "Planning a roof"),
        ("Li", "Li needs a roof", "Li needs a roof"),
        ("张", "张家屋顶漏雨", "张家屋顶漏雨"),
        ("...", "屋顶漏雨...", "屋顶漏雨..."),
    ],
)
def test_a_name_is_taken_out_of_the_words(name: str, text: str, left: str) -> None:
    assert without_name(text, name) == left
    assert holds_name(text, name) is (text != left)


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_text_and_no_name_breaks_it(text: str, name: str) -> None:
    assert not holds_name(without_name(text, name), name) or holds_name("村民 a villager", name)
