"""Rules on values: who may see what, dates, quantities, titles, and what is never a listing."""

from datetime import date

import pytest

from exchange.listings.amounts import plain_quantity, quantity_milli
from exchange.listings.kinds import OPEN_STATES, Side, State, Visibility
from exchange.listings.lifecycle import TRANSITIONS, may_move, open_state
from exchange.listings.rules import (
    dates_allowed,
    default_visibility,
    language_of,
    licence_allowed,
    money_allowed,
    needs_review,
    title_from,
    visibility_allowed,
)
from exchange.listings.values import ListingValues, clean_text
from exchange.listings.wording import remark_on, without_contacts

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "milli"),
    [
        ("2.5", 2500), ("300", 300_000), ("1,200", 1_200_000), ("三十万", 300_000_000),
        ("３０", 30_000), ("2.5万", 25_000_000), ("半", 500), ("0.001", 1),
        ("0", None), ("-3", None), ("", None), ("many", None), ("1e9", None), ("0.0001", None),
        ("9" * 30, None), ("nan", None),
    ],
)  # fmt: skip
def test_quantities_are_read_as_people_write_them(text: str, milli: int | None) -> None:
    assert quantity_milli(text) == milli


@pytest.mark.parametrize("milli", [1, 500, 2500, 30_000, 300_000_000])
def test_a_shown_quantity_is_read_back_as_itself(milli: int) -> None:
    assert quantity_milli(plain_quantity(milli)) == milli


@pytest.mark.parametrize(
    "category", ["services.children", "services.mental", "services.health", "services.disability"]
)
def test_sensitive_needs_are_for_brokers_and_never_public(category: str) -> None:
    assert default_visibility(Side.NEED, category, (), "") is Visibility.BROKERS
    assert not visibility_allowed(Visibility.PUBLIC, Side.NEED, category, (), "", "陪伴服务")
    assert not visibility_allowed(Visibility.VERIFIED, Side.NEED, category, (), "", None)
    assert visibility_allowed(Visibility.VERIFIED, Side.NEED, category, (), "", "陪伴服务")


def test_needs_of_left_behind_children_are_sensitive_in_any_category() -> None:
    groups = ("left_behind_children",)
    assert default_visibility(Side.NEED, "talent.teacher", groups, "") is Visibility.BROKERS


@pytest.mark.parametrize(
    "text",
    [
        "请给30名留守儿童找暑假补课的老师", "村里留守娃没人接送", "两个孤儿缺冬衣",
        "给困境儿童找书桌", "王小明同学上学没有书包", "我家孩子没人照看",
        "村里有个孩子患了白血病,要车去省城",
        "残疾人想学手艺", "老人生病没人送饭", "这家女儿得了抑郁症", "患病老人要接去县里",
        "给12户低保户修屋顶", "五保老人缺棉被", "Tutor wanted for 30 left-behind children",
        "wheelchair ramp for a disabled villager", "a sick child needs a car",
    ],
)  # fmt: skip
@pytest.mark.parametrize("category", ["logistics.coldchain", "talent.teacher", None])
def test_a_need_that_tells_of_people_at_risk_is_never_open_wherever_it_is_filed(
    text: str, category: str | None
) -> None:
    assert default_visibility(Side.NEED, category, (), text) is Visibility.BROKERS
    assert not visibility_allowed(Visibility.PUBLIC, Side.NEED, category, (), text, "一件事")


@pytest.mark.parametrize(
    "text",
    [
        "小学缺棉被60床", "村小的孩子们缺课外书", "村里20户养的羊患病,请兽医来看",
        "村民养的猪得病了", "茶园病害,想请专家来看看", "求老专家给学生讲课",
        "村民大病医保怎么办,想请人来讲",
        "给老人家和孩子们办个坝坝宴,缺桌椅", "全村六十户缺棉被", "留守老人缺人送餐",
        "本人是大学生,想找暑期实践的村", "Prices are depressed, who buys plums?",
        "School needs 30 computers", "卫生室缺一台冰箱", "请残疾人联合会来村里办讲座",
    ],
)  # fmt: skip
def test_an_ordinary_need_stays_open(text: str) -> None:
    assert default_visibility(Side.NEED, "materials.living", (), text) is Visibility.PUBLIC


def test_the_produce_of_poor_households_stays_open_unless_one_is_named() -> None:
    many = default_visibility(Side.NEED, "market.purchase", (), "18户低保户养的土鸡没人收")
    one = default_visibility(Side.NEED, "market.purchase", (), "低保户我家的土鸡没人收")
    assert (many, one) == (Visibility.PUBLIC, Visibility.BROKERS)


def test_an_offer_for_people_at_risk_is_public() -> None:
    text = "捐给留守儿童和残疾孩子的书200册"
    assert default_visibility(Side.OFFER, "materials.school", (), text) is Visibility.PUBLIC


def test_an_offer_of_child_care_is_public() -> None:
    assert default_visibility(Side.OFFER, "services.children", (), "") is Visibility.PUBLIC


def test_poverty_of_one_household_is_sensitive_but_a_village_of_households_is_not() -> None:
    groups = ("low_income_households",)
    one = default_visibility(Side.NEED, "materials.living", groups, "我家房子漏雨")
    many = default_visibility(Side.NEED, "materials.living", groups, "全村六十户缺棉被")
    assert (one, many) == (Visibility.BROKERS, Visibility.PUBLIC)


def test_a_grant_is_asked_for_among_verified_organisations() -> None:
    assert default_visibility(Side.NEED, "funds.grant", (), "") is Visibility.VERIFIED
    assert not visibility_allowed(Visibility.PUBLIC, Side.NEED, "funds.grant", (), "", None)
    assert visibility_allowed(Visibility.PUBLIC, Side.OFFER, "funds.grant", (), "", None)


@pytest.mark.parametrize("category", ["funds.loan", "funds.insurance"])
def test_loans_and_insurance_need_a_licence(category: str) -> None:
    assert not licence_allowed(Side.OFFER, category, None)
    assert licence_allowed(Side.OFFER, category, "00012345")
    assert licence_allowed(Side.NEED, category, None)


@pytest.mark.parametrize(
    ("category", "text", "may"),
    [
        ("funds.grant", "我家孩子上学缺钱", False),
        ("services.health", "我父亲住院，求大家捐款", False),
        ("funds.grant", "村小操场修缮缺三万元", True),
        ("equipment.processing", "我家烤房坏了", True),
    ],
)
def test_money_for_one_household_is_no_listing(category: str, text: str, may: bool) -> None:
    assert bool(money_allowed(Side.NEED, category, text)) is may


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (None, None, "allowed"),
        (TODAY, TODAY, "allowed"),
        (None, date(2026, 11, 21), "date_past"),
        (date(2026, 12, 2), date(2026, 12, 1), "dates_order"),
        (None, date(9999, 12, 31), "dates_too_far"),
        (date(1, 1, 1), None, "dates_too_far"),
    ],
)
def test_dates(first: date | None, last: date | None, code: str) -> None:
    assert dates_allowed(first, last, TODAY).code == code


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("茶园闹小绿叶蝉。想请农技员来看看", "茶园闹小绿叶蝉"),
        ("", ""),
        ("长" * 50, "长" * 30),
        ("We need two trucks. They must be cold.", "We need two trucks"),
        ("We need 2 tractors until 27 February", "We need 2 tractors until 27 February"),
        ("word " * 20, ("word " * 12).strip()),
    ],
)
def test_the_title_is_the_first_sentence(text: str, title: str) -> None:
    assert title_from(text) == title


def test_a_long_first_sentence_is_cut_at_a_clause() -> None:
    title = title_from("烤房坏了两座，想找师傅来修，顺带教我们村两个年轻人，月底前最好")
    assert title == "烤房坏了两座，想找师傅来修，顺带教我们村两个年轻人"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("茶叶包装太土", "zh"),
        ("PE pipe surplus", "en"),
        ("PE pipe surplus, all new 余料捐赠", "mixed"),
        ("", "zh"),
    ],
)
def test_the_language_is_told_from_the_words(text: str, code: str) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("wanted", list(State))
def test_only_the_table_of_transitions_holds(state: State, wanted: State) -> None:
    assert bool(may_move(state, wanted)) is (wanted in TRANSITIONS[state])


def test_what_was_withdrawn_stays_so_and_nothing_returns_from_the_open_to_a_draft() -> None:
    assert TRANSITIONS[State.WITHDRAWN] == frozenset()
    assert all(State.DRAFT not in TRANSITIONS[state] for state in OPEN_STATES)


@pytest.mark.parametrize(
    ("quantity", "committed", "state"),
    [
        (None, 5000, State.PUBLISHED),
        (100, 0, State.PUBLISHED),
        (100, 60, State.PARTLY_MATCHED),
        (100, 100, State.FULFILLED),
    ],
)
def test_the_open_state_follows_the_amounts(
    quantity: int | None, committed: int, state: State
) -> None:
    assert open_state(quantity, committed) is state


def test_only_the_verified_and_the_system_skip_review() -> None:
    assert needs_review(verified=False, review_verified=False, is_system=False)
    assert not needs_review(verified=True, review_verified=False, is_system=False)
    assert needs_review(verified=True, review_verified=True, is_system=False)
    assert not needs_review(verified=False, review_verified=True, is_system=True)


def test_text_is_cleaned_of_what_no_text_has() -> None:
    assert clean_text(" a\x00b\ud800\r\nc\u0007 ") == "ab\nc"
    assert ListingValues(title=" a\n b ").cleaned().title == "a b"


def test_contact_data_is_named_and_masked() -> None:
    remark = remark_on("请打13912345678")
    assert remark is not None
    assert remark.code == "contact_in_text"
    assert "13912345678" in remark.words[0]
    assert "139" not in without_contacts("请打13912345678")
    assert remark_on("要三十万斤刺梨，11月30日前") is None
