"""Contact and payment data in disguise is found; ordinary texts are not; no text takes long."""

import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.search.reading import contacts, dates, direction, payments, quantity
from exchange.search.reading.contacts import find_contacts
from exchange.search.reading.dates import read_dates
from exchange.search.reading.direction import read_direction
from exchange.search.reading.payments import find_payments
from exchange.search.reading.projection import project
from exchange.search.reading.quantity import read_quantity
from exchange.search.reading.spans import mask
from tests.search.test_reading import TODAY

ROOT = Path(__file__).parents[2]
TEXTS = [
    ROOT / folder / name
    for folder in ("tests/data/matching-dev", "exchange/admin/data/demonstration")
    for name in ("needs.jsonl", "offers.jsonl")
]
NUMBER = "13812345678"


def between(sign: str) -> str:
    """The number with a sign between its digits."""
    return sign.join(NUMBER)


@pytest.mark.parametrize(
    "written",
    [
        between("\u200b"), between("\u00ad"), between("\u2060"), between("\u0301"),
        "".join(f"{digit}\ufe0f\u20e3" for digit in NUMBER),
        between("/"), between(" | "), between(":"), between("📱"), between("    "), between("❤️"),
        between("\u3164"), "138 / 1234 / 5678", "138:1234:5678", "138📞📞📞📞📞📞📞1234☎️5678",
        "١٣٨١٢٣٤٥٦٧٨", "❶❸❽❶❷❸❹❺❻❼❽", "⑴⑶⑻⑴⑵⑶⑷⑸⑹⑺⑻", "⒈⒊⒏⒈⒉⒊⒋⒌⒍⒎⒏", "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
        "tel13812345678", "Phone13812345678", "V13812345678", "13812345678w", "13812345678件",
    ],
)  # fmt: skip
def test_a_telephone_number_in_disguise_is_found(written: str) -> None:
    text = f"村里修路,{written}"
    shown = mask(text, find_contacts(text))
    assert "＊＊＊" in shown
    assert not re.search(r"\d{3}", "".join(char for char in project(shown).text if char.isalnum()))


@pytest.mark.parametrize(
    "text",
    [
        "加微\u200b信 liu88888", "薇 \u2060 信: liu88888", "微信 liu_\u0430bc88",  # Cyrillic а
        "微信ｌｉｕ８８８８８", "q\u200bq:12345678", "写信到 a.b@ex\u00adample.com",
        "t\u200b.me/abc",
    ],
)  # fmt: skip
def test_a_name_in_disguise_is_found(text: str) -> None:
    assert find_contacts(text)


@pytest.mark.parametrize(
    "text",
    [
        "卡号 6222\u200b0212", "支\u200b付宝账号 a@example.com", "4111📌1111📌1111📌1111",
        "扫\u00ad码付款", "b\u0430nk account 12345678", "⑷⑴⑴⑴⑴⑴⑴⑴⑴⑴⑴⑴⑴⑴⑴⑴",
    ],
)  # fmt: skip
def test_a_way_to_pay_in_disguise_is_found(text: str) -> None:
    assert find_payments(text)


def test_ordinary_needs_and_offers_hold_neither() -> None:
    rows = [
        json.loads(line) for file in TEXTS for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert len(rows) == 500
    found = [
        text
        for row in rows
        for text in (row["title"], row["text"], f"{row['title']}\n{row['text']}")
        if find_contacts(text) or find_payments(text)
    ]
    assert found == []


def test_a_finding_covers_what_is_hidden_in_it() -> None:
    text = "打1\ufe0f\u20e33\ufe0f\u20e3812345678\ufe0f\u20e3找我"
    assert mask(text, find_contacts(text)) == "打＊＊＊找我"


@given(st.text(max_size=80))
def test_every_place_of_a_projection_is_a_place_of_the_text(text: str) -> None:
    seen = project(text)
    assert len(seen.text) == len(seen.places)
    assert list(seen.places) == sorted(seen.places)
    assert all(0 <= place < len(text) for place in seen.places)


PIECES = [
    "三", "十", "点", "半", "1", "9", "0", ",", "(", ")", " ", "\n", "斤", "a", "janjan", ".", "-",
    "支付宝", "电话", "iban", "pay to ", "微信", "年", "月", "0000年1月", "a.", "@", "/",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from(["", "斤", "1", "x"])
)
def test_long_runs_of_anything_are_read_without_an_error(pieces: list[str], end: str) -> None:
    unit = "".join(pieces)
    text = (unit * (10_000 // len(unit)))[:9_999] + end
    find_contacts(text)
    find_payments(text)
    read_quantity(text)
    read_dates(text, TODAY)
    read_direction(text, text)


def patterns_of(module: ModuleType) -> list[re.Pattern[str]]:
    """Every pattern that a module of this room keeps."""
    kept = list(vars(module).values())
    kept += [one for group in kept if isinstance(group, tuple) for one in group]
    return [one for one in kept if isinstance(one, re.Pattern)]


@pytest.mark.parametrize("module", [contacts, payments, dates, direction, quantity])
def test_no_pattern_repeats_without_a_bound(module: ModuleType) -> None:
    """Unbounded repetitions tried from every place take time that grows with the square."""
    patterns = patterns_of(module)
    if hasattr(module, "_pattern"):
        patterns.append(module._pattern())
    assert patterns
    for pattern in patterns:
        bare = re.sub(r"\[(?:\\.|[^\]\\])*\]", "C", re.sub(r"\\\\", "", pattern.pattern))
        bare = re.sub(r"\\.", "E", bare)
        assert not re.search(r"[*+]|\{\d*,\}", bare), pattern.pattern


def test_thousands_of_digits_before_a_unit_are_no_quantity() -> None:
    assert read_quantity("9" * 5000 + "斤") is None
    assert read_quantity("三" * 5000 + "斤") is None


def test_a_number_in_words_is_read_from_its_first_sign() -> None:
    assert read_quantity("第三十台") is None
    found = read_quantity("晚上九点三十人到")
    assert found is None or found.milli == 30_000
