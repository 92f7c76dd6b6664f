"""Whether two needs are one: by words, meaning, goods, amount, place, category, dates, owner."""

from datetime import date
from typing import Any

import pytest

from exchange.search.reading.duplicate_facts import SAME_NEED, Likeness, NeedFacts
from exchange.search.reading.duplicates import (
    AT_BEST,
    judge,
    likely_duplicates,
    may_be_same,
    overlap,
    telling_terms,
)

VILLAGE, NEIGHBOUR, TOWNSHIP, COUNTY = "520422102243", "520422102244", "520422102", "520422"
POTATOES = {
    "title": "洋芋滞销", "text": "今年洋芋收了八万斤，没有老板来收，再放就发芽了。",
    "category": "market.purchase", "division": VILLAGE, "milli": 80_000_000, "unit": "斤",
    "organisation": "village",
}  # fmt: skip
AGAIN = {
    "title": "马铃薯求收购", "text": "我村马铃薯约40吨待销，望收购商联系。",
    "category": "market.purchase", "division": TOWNSHIP, "milli": 40_000, "unit": "吨",
    "organisation": "cooperative",
}  # fmt: skip
FAR_WORDS = Likeness(words=0.02, title=0.3, text=0.31)  # as measured for goods in other units
NEAR_WORDS = Likeness(words=0.25, title=0.6, text=0.7)


def need(base: dict[str, Any] = POTATOES, **more: Any) -> NeedFacts:
    return NeedFacts(**{**base, **more})


def test_the_same_goods_in_other_units_by_another_owner_are_one_need() -> None:
    verdict = judge(need(), need(AGAIN), FAR_WORDS)
    assert verdict.is_same
    codes = [ground.code for ground in verdict.grounds]
    assert {"amount_same", "concept_goods", "category_same", "place_within"} <= set(codes)


@pytest.mark.parametrize(
    "other",
    [
        {"title": "白萝卜求收购", "text": "我村白萝卜约40吨待销。"},
        {"milli": 25_000},
        {"division": NEIGHBOUR},
        {"division": "520403"},
        {"from_date": date(2027, 9, 1), "to_date": date(2027, 9, 30)},
        {"category": "services.legal", "title": "土地纠纷", "text": "求律师", "milli": None},
    ],
    ids=["goods", "amount", "village", "county", "season", "kind"],
)
def test_one_thing_that_differs_makes_two_needs_however_near_the_meaning(
    other: dict[str, Any],
) -> None:
    mine = need(from_date=date(2026, 11, 1), to_date=date(2026, 12, 31))
    assert not judge(mine, need(AGAIN, **other), Likeness(0.1, 0.5, 0.7)).is_same


def test_english_and_chinese_need_no_common_words() -> None:
    other = need(
        AGAIN, title="Potatoes, 40 t, buyers wanted", text="About forty tonnes.", lang="en"
    )
    assert judge(need(), other, Likeness(0.0, 0.3, 0.3)).is_same


def test_a_copied_post_about_something_else_is_another_need() -> None:
    course = {"category": "training.craft", "division": VILLAGE, "milli": 40_000, "unit": "人次"}
    one = NeedFacts("想办一期烹饪班", "想办一期烹饪培训，40人，半个月。", **course)
    other = NeedFacts("想办一期电工班", "想办一期电工培训，40人，半个月。", **course)
    verdict = judge(one, other, Likeness(0.6, 0.6, 0.7))
    assert [ground.params for ground in verdict.grounds if ground.code == "subject_differs"] == [
        {"one_name": "烹饪", "other_name": "电工"}
    ]
    assert not verdict.is_same
    again = NeedFacts("烹饪培训班，40人", "想办一期烹饪培训，40人，半个月。", **course)
    assert judge(one, again, Likeness(0.6, 0.6, 0.7)).is_same


def test_a_small_number_says_less_than_a_large_one() -> None:
    def score(count: int) -> float:
        facts = {"category": "materials.living", "division": VILLAGE, "unit": "床"}
        one = NeedFacts("缺被子", "老人缺被子", **facts, milli=count * 1000)
        other = NeedFacts("棉被", "天冷了", **facts, milli=count * 1000)
        return judge(one, other, FAR_WORDS).score

    assert score(1) < score(4) < score(60)


def test_people_are_counted_in_either_unit() -> None:
    facts = {"category": "training.farming", "division": VILLAGE, "milli": 25_000}
    one, other = (
        NeedFacts("养蜂", "", unit="人", **facts),
        NeedFacts("蜂", "", unit="人次", **facts),
    )
    codes = {ground.code for ground in judge(one, other, FAR_WORDS).grounds}
    assert "amount_same" in codes


def test_other_numbers_in_both_texts_are_a_sign() -> None:
    one = need(text="洋芋八万斤，86户")
    other = need(AGAIN, text="马铃薯40吨，涉及86户，3次")
    named = [g for g in judge(one, other, FAR_WORDS).grounds if g.code == "amounts_named"]
    assert [ground.params["amounts"] for ground in named] == [["=86户"]]


def test_order_does_not_matter_and_nothing_known_is_no_duplicate() -> None:
    one, other = need(), need(AGAIN)
    forth, back = judge(one, other, NEAR_WORDS), judge(other, one, NEAR_WORDS)
    assert forth.score == back.score
    assert judge(NeedFacts(), NeedFacts(), Likeness()).score == 0
    assert judge(need(), need(text="", title="", milli=None), Likeness()).score < SAME_NEED


def test_likely_duplicates_come_likeliest_first() -> None:
    found = likely_duplicates(
        need(), [("far", need(AGAIN), FAR_WORDS), ("near", need(AGAIN), NEAR_WORDS)]
    )
    assert [key for key, _verdict in found] == ["near", "far"]


def test_amounts_are_no_words() -> None:
    assert telling_terms(["=40000公斤", "40", "刺梨"]) == {"刺梨"}
    assert overlap(frozenset({"a", "b"}), frozenset({"b", "c"})) == pytest.approx(1 / 3)
    assert overlap(frozenset(), frozenset()) == 0


def test_titles_that_name_other_things_speak_against_a_pair() -> None:
    facts: dict[str, Any] = {
        "category": "equipment.machinery", "division": VILLAGE, "milli": 20_000, "unit": "台",
    }  # fmt: skip
    pumps = NeedFacts("要20台抽水机", "天旱", **facts)
    again = NeedFacts("20 water pumps", "drought", lang="en", **facts)
    tillers = NeedFacts("要20台微耕机", "春耕", **facts)
    assert judge(pumps, again, FAR_WORDS).is_same
    assert not judge(pumps, tillers, FAR_WORDS).is_same


def test_goods_that_a_text_merely_mentions_rule_nothing_out() -> None:
    course = {"category": "training.ecommerce", "division": VILLAGE, "milli": 25_000, "unit": "人"}
    one = NeedFacts("想学直播", "货有腊肉、米酒", **course)
    other = NeedFacts("直播带货培训需求", "村里有刺梨要卖", **course)
    assert judge(one, other, NEAR_WORDS).is_same


def test_all_that_can_be_one_need_is_looked_at_and_no_more_is_read() -> None:
    assert may_be_same(need(), need(AGAIN), AT_BEST)
    assert not may_be_same(need(), need(AGAIN, division="520403"), AT_BEST)
    assert not may_be_same(need(), need(AGAIN, division=NEIGHBOUR, milli=1_000), AT_BEST)


def test_the_same_text_of_two_villages_is_two_needs() -> None:
    facts = {"category": "materials.building", "milli": 80_000, "unit": "盏"}
    words = "求捐太阳能路灯80盏", "村里的主干道两公里没有灯，夜里出门不安全。"
    one, other = (NeedFacts(*words, division=code, **facts) for code in (VILLAGE, NEIGHBOUR))
    same_words = Likeness(1.0, 1.0, 1.0)
    assert not judge(one, other, same_words).is_same
    assert judge(one, one, same_words).is_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("葡萄苗三千株", "葡萄地里要有机肥"),  # goods, by the dictionary
        ("请骨科大夫来看看", "请牙科大夫来看看"),
        ("要二十顶蚊帐", "要二十台风扇"),
    ],
)
def test_titles_of_two_things_count_against_a_pair(one: str, other: str) -> None:
    facts = {"category": "materials.living", "division": VILLAGE}
    grounds = judge(NeedFacts(one, **facts), NeedFacts(other, **facts), NEAR_WORDS).grounds
    against = {ground.code for ground in grounds if ground.weight < 0}
    assert against & {"titles_differ", "title_goods_alone", "subject_differs"}


def test_who_names_the_trouble_and_who_names_the_remedy_may_mean_one_need() -> None:
    facts = {"category": "services.legal", "division": VILLAGE}
    one = NeedFacts("船工的工钱拿不到", "老板欠着九个人半年的工钱，求律师。", **facts)
    other = NeedFacts("Legal aid for unpaid fishermen", "Wages owed; a lawyer, please.", **facts)
    codes = {ground.code: ground.weight for ground in judge(one, other, FAR_WORDS).grounds}
    assert "titles_differ" not in codes
    assert codes["concepts_shared"] > 1


def test_selling_and_moving_the_same_goods_are_two_needs() -> None:
    facts = {"division": VILLAGE, "milli": 10_000, "unit": "车"}
    sold = NeedFacts("红枣十车求收购", "十车红枣在库。", category="market.purchase", **facts)
    sent = NeedFacts("红枣运不出去", "十车红枣没有车拉。", category="logistics.freight", **facts)
    assert not judge(sold, sent, Likeness(0.15, 0.4, 0.45)).is_same
