"""Units convert exactly, and quantities read as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.units import (
    MEASURES,
    UNITS,
    convert,
    converts,
    format_quantity,
    is_known,
    ratio,
    unit_name,
)

DEMONSTRATION_UNITS = [
    "吨",
    "亩",
    "项",
    "人次",
    "车次/天",
    "头",
    "公里",
    "人",
    "辆",
    "套",
    "平方米",
    "次",
    "件",
    "栋",
    "间",
    "场",
    "米",
    "吨/天",
    "户",
    "棒",
    "元",
    "台",
    "盏",
    "立方米",
    "床",
    "册",
    "株",
    "个",
    "处",
    "家",
    "车次/周",
    "所",
    "组",
    "部",
    "人次/天",
    "车次",
    "班",
    "包",
    "营",
    "亩/天",
    "团",
    "吨/周",
    "份",
    "件/月",
]


@pytest.mark.parametrize("unit", DEMONSTRATION_UNITS)
def test_unit_in_use_is_known_and_has_an_english_name(unit: str) -> None:
    assert is_known(unit)
    assert unit_name(unit, "en").isascii() or unit_name(unit, "en") in {"m²", "m³", "km²"}


def test_default_units_are_known() -> None:
    assert all(is_known(c.default_unit) for c in taxonomy().categories.values())


@pytest.mark.parametrize(
    ("milli", "start", "end", "expected"),
    [
        (1000, "吨", "公斤", 1_000_000),
        (1000, "吨", "斤", 2_000_000),
        (1000, "公斤", "千克", 1000),
        (3000, "斤", "公斤", 1500),
        (15_000, "亩", "公顷", 1000),
        (1000, "亩", "平方米", 666_666),
        (300_000_000, "元", "万元", 30_000),
        (3500, "公里", "米", 3_500_000),
        (2000, "车次/天", "车次/周", 14_000),
        (1000, "吨/天", "公斤/周", 7_000_000),
        (7, "人", "人", 7),
        (5, "捆", "捆", 5),
    ],
)
def test_converts(milli: int, start: str, end: str, expected: int) -> None:
    assert convert(milli, start, end) == expected


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("人", "人次"),
        ("吨", "亩"),
        ("车次/天", "车次"),
        ("件/月", "件/天"),
        ("捆", "斤"),
        ("台", "辆"),
    ],
)
def test_does_not_convert(start: str, end: str) -> None:
    assert not converts(start, end)
    assert convert(1000, start, end) is None


SAME_KIND = [
    (a.zh, b.zh) for a in MEASURES for b in MEASURES if a.kind == b.kind and a.size >= b.size
]


@given(st.sampled_from(SAME_KIND), st.integers(0, 10**12))
def test_there_and_back_never_grows(pair: tuple[str, str], milli: int) -> None:
    there = convert(milli, *pair)
    assert there is not None
    back = convert(there, pair[1], pair[0])
    assert back is not None
    assert milli - 1 <= back <= milli


@given(st.sampled_from(SAME_KIND))
def test_ratios_are_each_other_s_inverse(pair: tuple[str, str]) -> None:
    there, back = ratio(*pair), ratio(pair[1], pair[0])
    assert there is not None
    assert back is not None
    assert there * back == 1


@pytest.mark.parametrize(
    ("milli", "unit", "zh", "en"),
    [
        (2500, "吨", "2.5 吨", "2.5 tonnes"),
        (1000, "吨", "1 吨", "1 tonne"),
        (300_000_000, "元", "30万元", "300,000 yuan"),
        (125_000_000, "斤", "12.5万斤", "125,000 jin"),
        (12_345_000, "元", "12,345 元", "12,345 yuan"),
        (800_000, "册", "800 册", "800 books"),
        (2000, "车次/天", "2 车次/天", "2 truck trips per day"),
        (1, "吨", "0.001 吨", "0.001 tonnes"),
        (4000, "捆", "4 捆", "4 捆"),
        (30_000_000, "万元", "30,000 万元", "30,000 × 10,000 yuan"),
        (None, "吨", "", ""),
    ],
)
def test_quantity_reads_naturally(milli: int | None, unit: str, zh: str, en: str) -> None:
    assert format_quantity(milli, unit, "zh") == zh
    assert format_quantity(milli, unit, "en") == en


def test_every_unit_has_english_words() -> None:
    assert all(unit.one and unit.many for unit in UNITS.values())
