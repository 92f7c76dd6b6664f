"""Readings of Chinese: the tables are what the dictionary says."""

import make_readings
import pytest
from pypinyin import Style, lazy_pinyin

from exchange.kernel.readings import (
    CHARACTERS,
    PHRASES,
    phrase_reading,
    read_running,
    readings_of,
)


def test_the_tables_are_what_the_script_writes() -> None:
    assert CHARACTERS.read_text(encoding="utf-8") == make_readings.characters_table()
    assert PHRASES.read_text(encoding="utf-8") == make_readings.phrases_table()


def test_common_readings_stand_the_usual_first() -> None:
    assert readings_of("冷") == ("leng",)
    assert readings_of("行") == ("xing", "hang")
    assert readings_of("了") == ("liao", "le")
    assert readings_of("女") == ("nv",)
    assert [readings_of(one) for one in ("a", "1", "，", "\ud800", "\U0010ffff")] == [()] * 5


def test_phrases_are_read_in_their_own_way() -> None:
    assert phrase_reading("会计") == ("kuai", "ji")
    assert phrase_reading("冷链") == ()  # as its characters are
    assert phrase_reading("") == ()


@pytest.mark.parametrize(
    "text",
    [
        "银行会计走了，再见",
        "六枝特区落别布依族彝族乡",
        "雨露白族乡",
        "上养畜牧嘎查",
        "佛堂镇 2 组 ok",
        "重庆市长寿区",
        "",
    ],
)
def test_a_running_text_is_read_as_the_dictionary_reads_it(text: str) -> None:
    def apart(signs: str) -> list[str]:
        return list(signs)

    assert read_running(text) == lazy_pinyin(text, style=Style.NORMAL, errors=apart)
