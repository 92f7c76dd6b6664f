"""Days are written in one way: the year only where it is not this year."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from exchange.web.dates import FIXED_BLANK, day_in_address, day_text, span_text

TODAY = date(2026, 11, 22)
FIRST, LAST, NEXT_YEAR = date(2026, 11, 24), date(2026, 12, 9), date(2027, 2, 4)


@pytest.mark.parametrize(
    ("first", "last", "chinese", "english"),
    [
        (FIRST, LAST, "11 月 24 日至 12 月 9 日", "24 Nov to 9 Dec"),
        (FIRST, NEXT_YEAR, "11 月 24 日至 2027 年 2 月 4 日", "24 Nov 2026 to 4 Feb 2027"),
        (FIRST, None, "11 月 24 日起", "from 24 Nov"),
        (None, NEXT_YEAR, "到 2027 年 2 月 4 日", "until 4 Feb 2027"),
        (FIRST, FIRST, "11 月 24 日", "24 Nov"),
        (None, None, "", ""),
    ],
)
def test_a_span_of_days_in_both_languages(
    app: Flask, first: date | None, last: date | None, chinese: str, english: str
) -> None:
    with app.test_request_context("/"):
        for locale, words in (("zh", chinese), ("en", english)):
            with force_locale(locale):
                said = span_text(first, last, TODAY, locale)
            assert said.replace(FIXED_BLANK, " ") == words


def test_no_line_ends_within_a_day() -> None:
    assert " " not in day_text(NEXT_YEAR, TODAY, "zh")
    assert " " not in day_text(NEXT_YEAR, TODAY, "en")


@pytest.mark.parametrize("text", ["", "heute", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_an_address_names_no_day_that_has_no_moments(text: str) -> None:
    assert day_in_address(text) is None
    assert day_in_address("2026-11-28") == date(2026, 11, 28)
