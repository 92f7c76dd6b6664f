"""What is wrong with an amount is said: no number, nothing or less, or more than can be kept."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.listings.amounts import LARGEST_MILLI, amount_fault, quantity_milli
from tests.cast import VILLAGE, Cast


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("2.5", None), ("三十万", None), ("1,000,000,000,000", None), ("一万亿", None),
        ("-3", "quantity_not_positive"), ("－3", "quantity_not_positive"),
        ("−0.5", "quantity_not_positive"), ("负三", "quantity_not_positive"),
        ("0", "quantity_not_positive"), ("0.0", "quantity_not_positive"),
        ("-" + "9" * 30, "quantity_not_positive"),
        ("1000000000001", "quantity_too_large"), ("9" * 40, "quantity_too_large"),
        ("99999999999999万", "quantity_too_large"),
        ("", "quantity_unreadable"), ("-", "quantity_unreadable"), ("很多", "quantity_unreadable"),
        ("--3", "quantity_unreadable"), ("1e5", "quantity_unreadable"),
        ("0.0001", "quantity_unreadable"), ("9" * 41, "quantity_unreadable"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_amount(typed: str, fault: str | None) -> None:
    assert amount_fault(typed) == fault
    assert (quantity_milli(typed) is None) == (fault is not None)


def test_a_smaller_most_is_kept_to() -> None:
    assert amount_fault("1000", 1_000_000) is None
    assert amount_fault("1000.001", 1_000_000) == "quantity_too_large"
    assert quantity_milli("1000000000000") == LARGEST_MILLI


@pytest.mark.parametrize("name", ["quantity", "lot"])
@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ("-3", "It must be more than 0.", "必须大于 0。"),
        ("0", "It must be more than 0.", "必须大于 0。"),
        ("9" * 20, "At most 1,000,000,000,000, please.", "最多填 1,000,000,000,000。"),
        ("很多", "Please write it like 2.5 or 300.", "2.5"),
    ],
)
def test_the_form_of_a_listing_says_which(
    app: Flask, session: Session, client: FlaskClient,
    name: str, typed: str, english: str, chinese: str,
) -> None:  # fmt: skip
    cast = Cast(app, session)
    cast.sign_in(client, cast.enterprise)
    sent = {
        "text": "我们有大米两千斤，可以捐给村里。", "understood": "1", "terms": "free",
        "category": "equipment.machinery", "division": VILLAGE, "quantity": "2000", "unit": "斤",
        "coverage": ["5204"], name: typed,
    }  # fmt: skip
    for locale, words in (("en", english), ("zh", chinese)):
        client.get(f"/locale/{locale}")
        refused = client.post("/post/offer", data=sent)
        assert refused.status_code == 422
        beside = refused.text.split(f'id="{name}-error"')[1].split("</p>")[0]
        assert words in beside
        assert f'value="{typed}"' in refused.text
