"""Facts in a text; each rule with what it must find and what it must leave alone."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.search.encoder import HashEncoder
from exchange.search.reading.category import CategoryReader, CategoryRow
from exchange.search.reading.contacts import find_contacts
from exchange.search.reading.dates import read_dates
from exchange.search.reading.direction import Direction, read_direction
from exchange.search.reading.payments import find_payments, is_card_number
from exchange.search.reading.quantity import in_base, read_quantity
from exchange.search.reading.spans import mask

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800138000", "电话＊＊＊"),
        ("打138 0013 8000找我", "打＊＊＊找我"),
        ("１３８－００１３－８０００", "＊＊＊"),
        ("幺三八 零零一三 八零零零", "＊＊＊"),
        ("+86 138-0013-8000", "＊＊＊"),
        ("0851-3322 1234", "＊＊＊"),
        ("座机:33221234", "座机:＊＊＊"),
        ("加微信 abc_12345", "加微信 ＊＊＊"),
        ("vx:hello_w1", "vx:＊＊＊"),
        ("加v liuxm888 详谈", "加v ＊＊＊ 详谈"),
        ("QQ:12345678", "QQ:＊＊＊"),
        ("写信到 a.b@example.com", "写信到 ＊＊＊"),
        ("扫 https://u.wechat.com/abc 进群", "扫 ＊＊＊ 进群"),
        ("身份证11010519491231002X", "身份证＊＊＊"),
        ("0851-33221234件", "＊＊＊件"),
    ],
)
def test_contact_data_is_masked(text: str, shown: str) -> None:
    assert mask(text, find_contacts(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "15000 公斤",
        "13500000000斤",
        "2026-11-22到2027-01-15",
        "统一社会信用代码915204021234567890",
        "91520402MA6ABCDE1X",
        "总价1350000元,每斤1.35元",
        "年产13,500,000,000元",
        "微信群里通知",
        "一年带3000组家庭,采果观虫都可以",
        "一一三四五六七",
        "上课时间13:00-15:00 9:00",
        "13/11/2026-15/1/27",
        "校服尺码130/140/150/160/170",
        "①培训②示范③验收④回访",
    ],
)
def test_numbers_that_are_no_contact_stay(text: str) -> None:
    assert find_contacts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111",
        "卡号6222020200001234567",
        "账号:520402123456",
        "开户行:镇上信用社",
        "扫码付款",
        "微信收款,支付宝也行",
        "收款码见图",
        "请打款到村委",
        "捐款请打到我的账户",
        "支付宝账号 a@example.com",
        "GB82 WEST 1234 5698 7654 32",
        "bank account 12345678",
        "please transfer to our account",
        "不收现金,账号:520402123456",
        "卡号 6222\u200b0212",
        "卡号 6222/0200/0012/3456",
        "４１１１|1111|1111|1111",
    ],
)
def test_ways_to_pay_are_refused(text: str) -> None:
    found = find_payments(text)
    assert found
    assert {span.severity for span in found} == {"refuse"}


@pytest.mark.parametrize(
    "text",
    [
        "想申请银行贷款十万",
        "本平台不收款",
        "不用扫码付款",
        "谨防扫码付款诈骗",
        "货到付款,付款到位后发货",
        "聊天、转账、考勤都能当证据",
        "捐款给留守儿童买书",
        "公众账号运营培训",
        "统一社会信用代码915204021234567890",
        "We never ask you to transfer to our account",
    ],
)
def test_talk_about_money_is_allowed(text: str) -> None:
    assert find_payments(text) == []


def test_card_needs_its_check_digit() -> None:
    assert is_card_number("4111 1111 1111 1111")
    assert not is_card_number("4111 1111 1111 1112")


@pytest.mark.parametrize(
    ("text", "milli", "unit"),
    [
        ("三十万斤萝卜", 300_000_000, "斤"),
        ("卖30万元", 300_000_000, "元"),
        ("300,000 seedlings", 300_000_000, "株"),
        ("两百多亩地", 200_000, "亩"),
        ("About 30 tonnes of shiitake", 30_000, "吨"),
        ("一斤两块,共四十吨", 40_000, "吨"),
        ("三毛一斤都没人来,有150吨", 150_000, "吨"),
        ("每亩600元,共20亩", 20_000, "亩"),
        ("缺轮椅20辆", 20_000, "辆"),
        ("1,200 m²", 1_200_000, "平方米"),
        ("3.5公里管子", 3_500, "公里"),
    ],
)
def test_first_quantity(text: str, milli: int, unit: str) -> None:
    found = read_quantity(text)
    assert found is not None
    assert (found.milli, found.unit) == (milli, unit)


@pytest.mark.parametrize("text", ["", "第3台", "没有数", "2026-11-22", "98分"])
def test_no_quantity(text: str) -> None:
    assert read_quantity(text) is None


def test_quantity_of_a_wanted_kind() -> None:
    found = read_quantity("20户人家,有三吨茶", wanted="公斤")
    assert found is not None
    assert (found.milli, found.unit) == (3_000, "吨")


def test_comparable_units_share_a_base() -> None:
    assert in_base(420_000_000, "斤") == in_base(210_000, "吨") == (Fraction(210_000), "公斤")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("月底前", None, "2026-11-30"),
        ("9月底前", None, "2027-09-30"),
        ("11月30日前要", None, "2026-11-30"),
        ("下周", "2026-11-23", "2026-11-29"),
        ("春节前", None, "2027-02-05"),
        ("年前来一趟", None, "2027-02-05"),
        ("年底", None, "2026-12-31"),
        ("by 30 Nov", None, "2026-11-30"),
        ("from 1 March 2027", "2027-03-01", None),
        ("2026-12-05", "2026-12-05", "2026-12-05"),
        ("1月15日到2月3日", "2027-01-15", "2027-02-03"),
        ("2027年1月20日至29日", "2027-01-20", "2027-01-29"),
        ("十二月底", "2026-12-31", "2026-12-31"),
        ("下个月", "2026-12-01", "2026-12-31"),
        ("三天内", "2026-11-22", "2026-11-25"),
        ("10月1日起", "2027-10-01", None),
        ("12月10号截止报名", None, "2026-12-10"),
        ("明年二月底前", None, "2027-02-28"),
        ("before Spring Festival", None, "2027-02-05"),
    ],
)
def test_dates(text: str, first: str | None, last: str | None) -> None:
    expected = tuple(date.fromisoformat(day) if day else None for day in (first, last))
    assert read_dates(text, TODAY) == expected


@pytest.mark.parametrize("text", ["", "13月5日", "2026-02-30", "两年前", "you may come", "这几天"])
def test_no_dates(text: str) -> None:
    assert read_dates(text, TODAY) == (None, None)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60)
    | st.text("0123456789一十百千万年月日底前 -:@加微信vx卡号斤吨", max_size=40)
)
def test_no_text_makes_a_reader_fail(text: str) -> None:
    for span in (*find_contacts(text), *find_payments(text)):
        assert 0 <= span.start < span.end <= len(text)
    first, last = read_dates(text, TODAY)
    assert not (first and last) or first <= last
    quantity = read_quantity(text)
    assert quantity is None or quantity.milli > 0
    assert read_direction(text, text) in Direction


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("萝卜滞销,求老板来收", Direction.SELL),
        ("土鸡找销路", Direction.SELL),
        ("Apples: buyers wanted", Direction.SELL),
        ("急需轮椅", Direction.SEEK),
        ("想请老师来教剪枝", Direction.SEEK),
        ("免费提供旧电脑", Direction.OFFER),
        ("常年收购核桃", Direction.OFFER),
        ("We offer free legal advice", Direction.OFFER),
        ("今天天气好", Direction.UNKNOWN),
    ],
)
def test_direction(title: str, direction: Direction) -> None:
    assert read_direction(title, "") is direction


TAXONOMY = [
    CategoryRow("market", ("市场销售",)),
    CategoryRow("market.purchase", ("订单采购", "收购", "包销"), "market"),
    CategoryRow("services", ("公共服务",)),
    CategoryRow("services.legal", ("法律援助", "律师"), "services"),
    CategoryRow("materials", ("物资",)),
    CategoryRow("materials.medical", ("医疗物资", "轮椅"), "materials"),
]


@pytest.mark.parametrize("encoder", [None, HashEncoder()])
@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("求轮椅二十辆", "materials.medical"),
        ("萝卜滞销没人收", "market.purchase"),
        ("workers unpaid, need a lawyer", "services.legal"),
    ],
)
def test_category_is_proposed(title: str, code: str, encoder: HashEncoder | None) -> None:
    proposals = CategoryReader(TAXONOMY, encoder).propose(title)
    assert proposals[0].code == code
    assert 0 < sum(proposal.score for proposal in proposals) <= 1.001


def test_nothing_is_proposed_for_nothing() -> None:
    assert CategoryReader(TAXONOMY).propose("啊") == []
