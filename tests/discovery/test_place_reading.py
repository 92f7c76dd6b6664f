"""The place of a question, and the words that remain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from exchange.discovery.place_reading import named_goods, read_place
from tests.geography.conftest import (
    divisions as divisions,  # noqa: PLC0414 - the divisions of Guizhou
)

READER = "520424"


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("安顺 冷链车", "5204", "冷链车"),
        ("在安顺附近的冷库", "5204", "冷库"),
        ("冷库安顺", "5204", "冷库"),
        ("位于贵州安顺平坝的蔬菜基地", "520403", "蔬菜基地"),
        ("我们在关岭县城的店", "520424", "店"),
        ("普定县里的学校", "520422", "学校"),
        ("安顺市场", "5204", "市场"),
        ("安顺路灯", "5204", "路灯"),
        ("安顺本地鸡", "5204", "本地鸡"),
        ("贵州 冷库 安顺", "5204", "冷库"),
        ("安顺、普定 辅导老师", "520422", "辅导老师"),
        ("花江镇 蔬菜大棚", "520424110", "蔬菜大棚"),
        ("安顺", "5204", ""),
        ("cold storage near Anshun", "5204", "cold storage"),
        ("cold storage in Puding county, Guizhou", "520422", "cold storage"),
        ("關嶺 冷庫", "520424", "冷庫"),
    ],
)
def test_place_is_taken_out_of_the_words(
    divisions: Session, text: str, code: str, rest: str
) -> None:
    read = read_place(divisions, text, READER, "zh")
    assert read
    assert (read.code, read.rest_of_text) == (code, rest)


@pytest.mark.parametrize(
    "text",
    ["", "冷链车", "贵阳到重庆 运输", "运往贵阳 蔬菜", "安顺-贵阳 冷链", "安顺蜡染", "关岭牛",
     "關嶺牛", '"安顺" 冷库', "“安顺冷库”", "冷库 -安顺", "平安顺利", "安顺学院", "贵阳北站 接人",
     "合作 养殖", "大坝 维修", "贵阳 遵义 老师"],
)  # fmt: skip
def test_words_stay_words(divisions: Session, text: str) -> None:
    assert read_place(divisions, text, READER, "zh") is None


def test_the_label_is_in_the_readers_language_and_the_place_stands_where_it_was(
    divisions: Session,
) -> None:
    text = "冷库 普定县"
    read = read_place(divisions, text, None, "en")
    assert read
    assert read.label == "Puding County"
    assert text[read.start : read.end] == "普定县"


def test_goods_with_the_name_of_a_place_are_known() -> None:
    assert {"关岭牛", "安顺蜡染", "平坝灰鹅"} <= named_goods()


@settings(max_examples=50, deadline=None)
@given(st.text('安顺贵州关岭在的附近到-"“” anshun near to，\0\ud800🐂市县', max_size=60))
def test_no_text_breaks_it(divisions: Session, text: str) -> None:
    read = read_place(divisions, text, READER, "zh")
    assert read is None or 0 <= read.start < read.end <= len(text)
