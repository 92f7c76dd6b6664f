"""What may be posted, by whom it may be seen, and what must be there: pure rules on values.

The law behind them: children, health and poverty are never public; grants are asked for among
verified organisations and stations only; loans and insurance need a licence; money for a named
person or household is a case for the station, never a listing.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.listings.kinds import Side, Visibility

SENSITIVE_CATEGORIES = frozenset(
    {"services.children", "services.mental", "services.disability", "services.health"}
)
SENSITIVE_GROUPS = frozenset({"left_behind_children", "disabled"})
LICENSED_CATEGORIES = frozenset({"funds.loan", "funds.insurance"})
CIRCLES = (Visibility.BROKERS, Visibility.VERIFIED, Visibility.PUBLIC)
GRANT = "funds.grant"
INVESTMENT = "funds.investment"
LONGEST = {"title": 120, "public_title": 120, "text": 5000, "licence": 200, "unit": 16}
LONGEST_COVERAGE = 40
FARTHEST = timedelta(days=3660)
TITLE_LENGTH = 30
LATIN_TITLE_LENGTH = 60

_MONEY = re.compile(
    r"捐款|善款|筹款|募捐|众筹|资助|医药费|手术费|治疗费|救命钱|借钱|凑钱|生活费|学费|"
    r"\b(?:donat\w*|fund-?rais\w*|crowdfund\w*|raise money|medical bills?|tuition)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"我(?:家|儿子|女儿|孩子|父亲|母亲|爸|妈|老公|老婆|爱人|爷爷|奶奶)|他家|她家|户主|本人|名叫|姓名|"
    r"老(?![人专厂农东商店作])[\u4e00-\u9fff]家|一户(?:人家|农户|困难)|这户|该户|"
    r"[张王李刘陈杨赵黄周吴](?:某|[姓氏]|[\u4e00-\u9fff]{1,2}(?:家里|一家|同学|大爷|大娘))|"
    r"\bmy (?:son|daughter|wife|husband|father|mother|family|child)\b|\b(?:mr|mrs|ms)\. ?[A-Z]",
    re.IGNORECASE,
)
# Words that tell of children at risk, of illness or disability of people, wherever they are filed.
_YOUNG = "(?:儿童|娃|孩|学生|少年|女童|幼儿)"
_SOMEBODY = (
    "(?:孩子|娃娃?|儿童|学生|老人|村民|儿子|女儿|父亲|母亲|爸爸|妈妈|爷爷|奶奶|丈夫|妻子|老公|老婆|家人|"
    "本人|[他她](?=[生患得住确]))"
)
_NO_BEAST_NO_CROP = r"[^。!?！？；;，,\n猪牛羊鸡鸭鹅兔鱼蜂马树苗茶果菜稻麦薯药菌田]{0,6}"
_AT_RISK = re.compile(
    rf"(?:留守|困境|孤残|流浪|重病|患病|残疾|失学|辍学)的?{_YOUNG}|孤儿|无人抚养|辍学|失学|"
    r"单亲(?:家庭|儿童|孩)|(?:被|受)(?:虐待|家暴|性侵|拐卖)|"
    r"残疾(?!人(?:联合会|事业))|脑瘫|瘫痪(?:在床|的?(?:老人|村民|病人|孩))|失明|聋哑|智障|"
    r"(?:智力|心智|精神)(?:障碍|残疾|分裂)|精神病|自闭症|孤独症|抑郁|自杀|自残|轻生|艾滋|"
    r"白血病|尿毒症|癌症|[肺肝胃肠脑血]癌|乳腺癌|透析|化疗|"
    rf"{_SOMEBODY}{_NO_BEAST_NO_CROP}(?:患病|患有|生(?:了|重)?病|得了?重?病|重病|住院|动手术|确诊|"
    r"大病(?!医?保|保险))|"
    r"(?:患|患重|重|大|生)病的?(?:孩|娃|儿童|老人|村民|学生|家庭|户)|"
    r"\bleft[- ]behind (?:child\w*|kids?|pupils?|students?)|\borphan|"
    r"\bdisab(?:led|ility|ilities)\b|\bcerebral palsy|\bautis|\bdepression\b|\bleuka?emia|"
    r"\b(?:sick|depressed) (?:child\w*|kids?|boys?|girls?|m[ae]n|wom[ae]n|people|students?)|"
    r"\bcancer\b|\bdialysis|\bHIV\b|\bsuicid|\babused\b",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"孩子|娃|儿子|女儿|小孩|小朋友|小学生|同学|\b(?:child|kid|boy|girl|son|daughter)\b",
    re.IGNORECASE,
)
_IN_POVERTY = re.compile(
    r"低保(?:户|家庭|对象|老人|人员)|特困(?:户|家庭|人员|老人|儿童|供养)|五保(?:户|老人)|"
    r"\b(?:destitute|subsistence allowance)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[，,、：:]")
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{3,}")
_UNIT = re.compile(r"[^\W\d_]+(?:[ /][^\W\d_]+)*")


def names_a_person(text: str) -> bool:
    """Whether the text seems to be about one person or one household."""
    return _PERSON.search(text) is not None


def is_sensitive(side: Side, category: str | None, groups: Iterable[str], text: str) -> bool:
    """Whether a need tells about children, health, disability, or one household's poverty.

    The words count beside category and groups, so that a need filed wrongly is not opened. They
    are those that tell of people at risk: a school that lacks quilts, a sick herd, or the produce
    of poor households stay open.
    """
    if side is Side.OFFER:
        return False
    chosen = frozenset(groups)
    if category in SENSITIVE_CATEGORIES or chosen & SENSITIVE_GROUPS:
        return True
    if _AT_RISK.search(text) is not None:
        return True
    poor = _IN_POVERTY.search(text) is not None
    if names_a_person(text):
        return poor or "low_income_households" in chosen or _CHILD.search(text) is not None
    return poor and (category or "").partition(".")[0] != "market"


def is_grant_need(side: Side, category: str | None) -> bool:
    """Whether money is asked for as a gift."""
    return side is Side.NEED and category in (GRANT, "funds")


def default_visibility(
    side: Side, category: str | None, groups: Iterable[str], text: str
) -> Visibility:
    """Who sees it when the author says nothing."""
    if is_sensitive(side, category, groups, text):
        return Visibility.BROKERS
    return Visibility.VERIFIED if is_grant_need(side, category) else Visibility.PUBLIC


def visibility_allowed(
    wanted: Visibility,
    side: Side,
    category: str | None,
    groups: Iterable[str],
    text: str,
    public_title: str | None,
) -> Decision:
    """Whether the author may show it to that circle."""
    if wanted is Visibility.BROKERS:
        return allow()
    if is_sensitive(side, category, groups, text):
        if wanted is Visibility.PUBLIC:
            return refuse("visibility_sensitive")
        return allow() if public_title else refuse("visibility_needs_public_title")
    if wanted is Visibility.PUBLIC and is_grant_need(side, category):
        return refuse("visibility_grant")
    return allow()


def money_allowed(side: Side, category: str | None, text: str) -> Decision:
    """Money for a named person or household is refused here: it is a case for the station."""
    asks = (category or "").partition(".")[0] == "funds" or _MONEY.search(text) is not None
    if side is Side.NEED and asks and names_a_person(text):
        return refuse("money_for_person")
    return allow()


def licence_allowed(side: Side, category: str | None, licence: str | None) -> Decision:
    """Loans and insurance are offered with the licence on record."""
    if side is Side.OFFER and category in LICENSED_CATEGORIES and not licence:
        return refuse("licence_required")
    return allow()


def unit_allowed(unit: str | None) -> Decision:
    """A unit is a word, at most with the period of a rate: no digits, nothing to write to."""
    plain = (unit or "").replace("²", "").replace("³", "")  # m², m³
    if plain and not _UNIT.fullmatch(unicodedata.normalize("NFKC", plain)):
        return refuse("unit_form")
    return allow()


def lot_allowed(lot_milli: int | None, quantity_milli: int | None) -> Decision:
    """The least for one partner is a part of what there is."""
    if lot_milli is None:
        return allow()
    if quantity_milli is None:
        return refuse("lot_needs_quantity")
    return allow() if lot_milli <= quantity_milli else refuse("lot_exceeds_quantity")


def whole_units(milli: int | None, step_milli: int) -> Decision:
    """Nobody gives half a cow. ``step_milli`` is what the unit can be parted into."""
    return allow() if milli is None or milli % step_milli == 0 else refuse("only_whole_units")


def widens(old: Visibility, new: Visibility) -> bool:
    """Whether more people may see it than before."""
    return CIRCLES.index(new) > CIRCLES.index(old)


def tells_more_of_place(old: str | None, new: str | None) -> bool:
    """Whether the place that others read is another than before, or a finer one."""
    return new != old and not (new is not None and (old or "").startswith(new))


def carries_risk(category: str | None) -> bool:
    """Whether the page shows the sentence on the risk of investments."""
    return category == INVESTMENT


def dates_allowed(
    from_date: date | None, to_date: date | None, today: date, *, open_now: bool = True
) -> Decision:
    """From is not after to, neither is absurd, and what opens now has its last day before it."""
    if from_date and to_date and from_date > to_date:
        return refuse("dates_order")
    if any(day and abs(day - today) > FARTHEST for day in (from_date, to_date)):
        return refuse("dates_too_far")
    if open_now and to_date and to_date < today:
        return refuse("date_past")
    return allow()


def title_from(text: str) -> str:
    """The first sentence, cut at a clause or at 30 characters; at 60 of Latin letters."""
    first = next((part.strip() for part in _SENTENCE_END.split(text) if part.strip()), "")
    chinese = _CJK.search(first[:LATIN_TITLE_LENGTH]) is not None
    longest = TITLE_LENGTH if chinese else LATIN_TITLE_LENGTH
    if len(first) <= longest:
        return first
    cuts = [m.start() for m in _CLAUSE_END.finditer(first) if 4 <= m.start() <= longest]
    if cuts:
        return first[: cuts[-1]].strip()
    head = first[:longest]
    return (head.rsplit(" ", 1)[0] if " " in head and not chinese else head).strip()


def language_of(text: str) -> str:
    """zh, en or mixed, by the share of Latin words beside Chinese characters."""
    chinese, words = len(_CJK.findall(text)), len(_WORD.findall(text))
    if not chinese:
        return "en" if words else "zh"
    return "mixed" if words >= 3 and words * 8 >= chinese else "zh"


def days_left(to_date: date | None, today: date) -> int | None:
    """Days until the last day, 0 on the day itself; None without a last day or after it."""
    if to_date is None or to_date < today:
        return None
    return (to_date - today).days


def may_submit(*, contact_confirmed: bool, is_system: bool) -> Decision:
    """Who submits can be reached: a phone confirmed or vouched for, or a confirmed address."""
    if is_system or contact_confirmed:
        return allow()
    return refuse("confirm_contact_first")


def needs_review(*, verified: bool, review_verified: bool, is_system: bool) -> bool:
    """Whether a station looks at it first."""
    return not is_system and (review_verified or not verified)
