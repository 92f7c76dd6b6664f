"""Names of places in both languages, and what codes say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.geography.romanisation import initials_key, pinyin_key, romanise
from exchange.geography.rules import (
    Level,
    chain_of,
    code_range,
    english_name,
    haversine_km,
    is_code,
    level_of,
    parent_of,
    path_label,
    short_name,
)


@pytest.mark.parametrize(
    ("name", "level", "english"),
    [
        ("贵州省", Level.PROVINCE, "Guizhou"),
        ("新疆维吾尔自治区", Level.PROVINCE, "Xinjiang"),
        ("内蒙古自治区", Level.PROVINCE, "Inner Mongolia"),
        ("陕西省", Level.PROVINCE, "Shaanxi"),
        ("重庆市", Level.PROVINCE, "Chongqing"),
        ("安顺市", Level.CITY, "Anshun City"),
        ("黔西南布依族苗族自治州", Level.CITY, "Qianxinan Bouyei and Miao Autonomous Prefecture"),
        ("伊犁哈萨克自治州", Level.CITY, "Ili Kazakh Autonomous Prefecture"),
        ("长沙市", Level.CITY, "Changsha City"),
        ("厦门市", Level.CITY, "Xiamen City"),
        ("六安市", Level.CITY, "Lu'an City"),
        ("亳州市", Level.CITY, "Bozhou City"),
        ("普定县", Level.COUNTY, "Puding County"),
        ("单县", Level.COUNTY, "Shanxian County"),
        ("朝阳区", Level.COUNTY, "Chaoyang District"),
        ("六枝特区", Level.COUNTY, "Liuzhi Special District"),
        ("关岭布依族苗族自治县", Level.COUNTY, "Guanling Bouyei and Miao Autonomous County"),
        ("鄂温克族自治旗", Level.COUNTY, "Ewenki Autonomous Banner"),
        ("白岩镇", Level.TOWNSHIP, "Baiyan Town"),
        ("城关街道办事处", Level.TOWNSHIP, "Chengguan Subdistrict"),
        ("鸡场布依族彝族苗族乡", Level.TOWNSHIP, "Jichang Bouyei, Yi and Miao Ethnic Township"),
        ("焦家村委会", Level.VILLAGE, "Jiaojia Village"),
        ("东街社区居委会", Level.VILLAGE, "Dongjie Community"),
    ],
)
def test_place_has_its_english_name(name: str, level: Level, english: str) -> None:
    assert english_name(name, level) == english


@pytest.mark.parametrize(
    ("official", "everyday"),
    [
        ("焦家村委会", "焦家村"),
        ("焦家村民委员会", "焦家村"),
        ("韭黄村村民委员会", "韭黄村"),
        ("新村村委会", "新村"),
        ("巴音嘎查村委会", "巴音嘎查"),
        ("白岩社区居民委员会", "白岩社区"),
        ("城关居民委员会", "城关居委会"),
        ("焦家村", "焦家村"),
    ],
)
def test_village_is_called_without_its_committee(official: str, everyday: str) -> None:
    assert short_name(official, Level.VILLAGE) == everyday


def test_pinyin_and_initials_for_lookup() -> None:
    assert pinyin_key("普定县") == "pudingxian"
    assert initials_key("普定县") == "pdx"
    assert initials_key("长顺县") == "csx"
    assert romanise("西安") == "Xi'an"


def test_code_names_its_level_and_ancestors() -> None:
    assert level_of("520422104227") is Level.VILLAGE
    assert chain_of("520422104") == ("52", "5204", "520422", "520422104")
    assert parent_of("520422104") == "520422"
    assert parent_of("52") is None


@pytest.mark.parametrize(
    "text", ["", "5", "520", "52x4", "5204221", "5204221042270", " 52", "52\n"]
)
def test_other_text_is_no_code(text: str) -> None:
    assert not is_code(text)
    with pytest.raises(ValueError, match="not a division code"):
        level_of(text)


@given(st.sampled_from(["52", "5204", "5209"]), st.text("0123456789", min_size=2, max_size=12))
def test_code_range_holds_exactly_what_begins_with_the_prefix(prefix: str, code: str) -> None:
    first, end = code_range(prefix)
    assert (first <= code < end) == code.startswith(prefix)


def test_path_label_leaves_out_rows_that_only_group() -> None:
    chaoyang = [("11", "北京市"), ("1101", "市辖区"), ("110105", "朝阳区")]
    assert path_label(chaoyang, "zh") == "北京市 朝阳区"
    assert path_label(chaoyang, "en") == "Chaoyang District, Beijing"


def test_path_label_may_begin_at_the_county() -> None:
    line = [("52", "贵州省"), ("5204", "安顺市"), ("520422", "普定县"), ("520422102", "化处镇")]
    assert path_label(line, "zh", Level.COUNTY) == "普定县 化处镇"
    assert path_label(line[:1], "zh", Level.COUNTY) == "贵州省"


def test_a_quarter_of_the_globe_is_ten_thousand_kilometres() -> None:
    assert haversine_km(0, 0, 90_000_000, 0) == pytest.approx(10_007.6, abs=1)


@given(
    st.integers(-90_000_000, 90_000_000),
    st.integers(-180_000_000, 180_000_000),
    st.integers(-90_000_000, 90_000_000),
    st.integers(-180_000_000, 180_000_000),
)
def test_distance_is_the_same_in_both_directions(a: int, b: int, c: int, d: int) -> None:
    there = haversine_km(a, b, c, d)
    assert there == pytest.approx(haversine_km(c, d, a, b))
    assert 0 <= there <= 20_016
