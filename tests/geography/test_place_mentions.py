"""Places that a question names: which, where, and whether they are meant."""

from time import perf_counter

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from exchange.geography.place_mentions import Mention, mentions
from exchange.geography.place_names import fold, stem_of, whole_names
from exchange.geography.rules import Level
from tests.conftest import FIGURES

READER = "520424"  # a reader in Guanling


def said(found: list[Mention], text: str) -> list[tuple[str, str]]:
    """What is named, and the code; a doubtful one has a question mark."""
    return [(text[one.start : one.end], one.code + ("" if one.sure else "?")) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("安顺 冷链车", [("安顺", "5204")]),
        ("安顺市冷链车", [("安顺市", "5204")]),
        ("关岭布依族苗族自治县", [("关岭布依族苗族自治县", "520424")]),
        ("关岭县 养殖", [("关岭县", "520424")]),
        ("黔南州 茶叶", [("黔南州", "5227")]),
        ("關嶺養殖", [("關嶺", "520424")]),
        ("贵州安顺平坝 肥料", [("贵州安顺平坝", "520403")]),
        ("贵州 安顺 平坝 肥料", [("贵州 安顺 平坝", "520403")]),
        ("平坝县蔬菜", [("平坝县", "520403")]),
        ("花江镇要冷库", [("花江镇", "520424110")]),
        ("关岭花江镇", [("关岭花江镇", "520424110")]),
        ("关岭花江 肥料", [("关岭花江", "520424110")]),
        ("花江 肥料", [("花江", "520424110")]),
        ("紫云 板当镇", [("紫云 板当镇", "520425104")]),
        ("黄腊乡 茶", [("黄腊乡", "520402205")]),
        ("普定县化处镇焦家村要水泵", [("普定县化处镇焦家村", "520422102240")]),
        ("贵阳到重庆 运输", [("贵阳", "5201"), ("重庆", "50")]),
        ("吉林 肥料", [("吉林", "22")]),
        ("北京朝阳", [("北京朝阳", "110105")]),
    ],
)
def test_place_is_recognised(
    divisions: Session, text: str, expected: list[tuple[str, str]]
) -> None:
    assert said(mentions(divisions, text, READER), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anshun lengku", "5204"),
        ("guizhou tea", "52"),
        ("Guìzhōu tea", "52"),
        ("Puding county tea", "520422"),
        ("puding xian", "520422"),
        ("Puding County, Guizhou", "520422"),
        ("sheep from Inner Mongolia", "15"),
        ("Ｇｕｉｚｈｏｕ", "52"),
    ],
)
def test_latin_letters_name_places(divisions: Session, text: str, expected: str) -> None:
    assert [(one.code, one.sure) for one in mentions(divisions, text, None)] == [(expected, True)]


@pytest.mark.parametrize(
    "text",
    ["合作社", "合作 养殖", "中心", "新村 幸福", "大坝 维修", "牛场", "互助养老", "美丽乡村建设",
     "凤凰 旅游", "xian", "朝阳区 志愿者", "shanxi"],
)  # fmt: skip
def test_words_of_everyday_use_are_never_sure(divisions: Session, text: str) -> None:
    assert [one for one in mentions(divisions, text, READER) if one.sure] == []


def test_neighbours_make_an_ordinary_word_a_place(divisions: Session) -> None:
    text = "甘南 合作"
    assert said(mentions(divisions, text, READER), text) == [(text, "623001")]


def test_of_one_name_the_readers_neighbour_counts(divisions: Session) -> None:
    text = "乐平 茶叶"
    assert said(mentions(divisions, text, READER), text) == [("乐平", "520403106")]
    assert said(mentions(divisions, text, None), text) == [("乐平", "360281")]


def test_a_village_without_its_ending_counts_for_its_county_only(divisions: Session) -> None:
    at_home = mentions(divisions, "焦家 水泵", "520422")
    assert [(one.code, one.sure) for one in at_home] == [("520422102240", True)]
    assert not [one for one in mentions(divisions, "焦家 水泵", "5201") if one.sure]


def test_others_of_the_same_name_are_told(divisions: Session) -> None:
    first = mentions(divisions, "朝阳区", None)[0]
    assert (first.code, first.others, first.sure) == ("110105", ("220104",), False)


def test_a_place_within_the_name_of_a_thing_is_not_sure(divisions: Session) -> None:
    goods = frozenset({"关岭牛", "平坝灰鹅"})
    for text in ("关岭牛", "买平坝灰鹅", "關嶺牛肉"):
        assert [one.sure for one in mentions(divisions, text, READER, goods)] == [False]
    assert mentions(divisions, "关岭 牛", READER, goods)[0].sure


def test_the_kind_may_belong_to_the_next_word(divisions: Session) -> None:
    for text, named in (("安顺市场", "安顺"), ("普定县级", "普定"), ("贵州省级", "贵州")):
        assert said(mentions(divisions, text, READER), text)[0][0] == named


def test_a_mention_has_a_name_for_readers(divisions: Session) -> None:
    found = mentions(divisions, "关岭", READER)[0]
    assert found.level is Level.COUNTY
    assert found.label("en") == "Guanling Bouyei and Miao Autonomous County"


def test_names_of_a_place() -> None:
    assert stem_of("积石山保安族东乡族撒拉族自治县", Level.COUNTY) == "积石山"
    assert stem_of("内蒙古自治区", Level.PROVINCE) == "内蒙古"
    assert stem_of("歙县", Level.COUNTY) == "歙县"
    assert {"关岭县", "关岭自治县"} <= whole_names("关岭布依族苗族自治县", Level.COUNTY)


QUESTIONS = (
    "安顺 冷链车", "贵州安顺平坝 蔬菜大棚 技术员", "在关岭花江镇附近的冷库",
    "普定县化处镇焦家村要水泵", "花江 肥料",
    "黄果树镇旅游志愿者 周末", "辅导老师",
    "Puding county tea",
    "和平村 新村 幸福村 冷库",
    "安顺市西秀区旧州镇农村电商培训班招募老师和志愿者", "刺梨", "大棚膜 500 斤",
    "lengku chuzu anshun",
)  # fmt: skip


def test_a_question_costs_little(divisions: Session, record_property: object) -> None:
    sent: list[str] = []
    engine = divisions.get_bind().engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    took = []
    for text in QUESTIONS * 15:
        sent.clear()
        start = perf_counter()
        mentions(divisions, text, READER)
        took.append(perf_counter() - start)
        assert len(sent) <= 2
    sa.event.remove(engine, "before_cursor_execute", note)
    took.sort()
    assert callable(record_property)
    record_property(FIGURES, f"p95 {took[int(len(took) * 0.95)] * 1000:.1f} ms")
    assert took[len(took) // 2] < 0.02  # far above what it takes, for a busy machine


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=400)
    | st.text("安顺贵州关岭花江镇村乡县市 合作-\"“”anshunguizhou'，\0\ud800🐂", max_size=60),
    st.sampled_from([None, "", "520424", "52", "x", "9" * 12, "520422102240"]),
)
def test_no_text_breaks_it(divisions: Session, text: str, near: str | None) -> None:
    found = mentions(divisions, text, near, {"关岭牛"})
    ends = [0, *(at for one in found for at in (one.start, one.end)), len(text)]
    assert ends == sorted(ends)
    assert len(fold(text)) == len(text)
