"""Contact data in a text: telephone numbers in any spelling, chat names, e-mail, invitations.

A citizen's identity number is found too, because it must not be shown either.
Not contact data: quantities, prices, dates, years, codes of organisations, model numbers.
"""

import re
from collections.abc import Iterator

from exchange.search.reading.spans import Span, fold, without_overlaps

MOBILE, LANDLINE, WECHAT, QQ = "mobile", "landline", "wechat", "qq"
EMAIL, INVITATION, IDENTITY = "email", "invitation", "identity"

_DIGIT_CHARS = dict(
    zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True)
)
_DIGIT_CHARS |= {"①": "1", "②": "2", "③": "3", "④": "4", "⑤": "5", "⑥": "6", "⑦": "7"}
_DIGIT_CHARS |= {"⑧": "8", "⑨": "9"}
_GAP = r"[\s\-—–_.·•*~,、()]{0,3}"  # what people put between digits
_TO_DIGITS = str.maketrans(_DIGIT_CHARS)

_MOBILE = re.compile(
    rf"(?<![\da-z])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?![\da-z])"
)
_AREA = r"(?:10|2\d|[3-9]\d\d)"
_LANDLINE = re.compile(
    rf"(?<![\d.])(?:\(0{_AREA}\)\s*|0{_AREA}[\s\-—–]{{0,3}})[2-9]\d{{2,3}}[\s\-]?\d{{4}}"
    r"(?:\s*(?:转|ext\.?|-)\s*\d{1,5})?(?![\d])"
)
_HOTLINE = re.compile(r"(?<![\d\-])[48]00[\s\-]\d{3,4}[\s\-]?\d{3,4}(?!\d)")
_LOCAL = re.compile(
    r"(?:电话|座机|固话|热线|来电|致电|拨打|联系(?:方式|人)?|tel|phone|call)\s*[::.是为]?\s*"
    r"(?P<id>[2-9]\d{2,3}[\s\-]?\d{4})(?!\d|\s*(?:斤|公斤|吨|亩|元|人|个|万))"
)
_CALLED = r"(?:号|id|号码|账号|帐号|number)?\s*(?:[::是为=]|同号|同)?\s*"
_WECHAT = re.compile(
    r"(?:微\s*信|薇\s*信|威信|维信|卫星号|v信|(?<![a-z])(?:we\s?chat|weixin|wx|vx|v\s?x))"
    rf"\s*{_CALLED}(?P<id>[a-z][a-z0-9_\-]{{4,19}}|\d{{6,11}})"
)
_ADD_V = re.compile(
    r"(?:加|\+)\s*(?:我)?\s*(?:v|薇|威)(?![a-z])\s*[::]?\s*(?P<id>[a-z0-9_\-]{5,20})"
)
_QQ = re.compile(
    rf"(?<![a-z])(?:qq|q\s?q群|扣扣|企鹅号)\s*(?:群)?\s*{_CALLED}(?P<id>[1-9]\d{{4,11}})(?!\d)"
)
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\]|#at#)\s?[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{2,63})+",
    re.ASCII,
)
_INVITATION = re.compile(
    r"(?:https?://)?(?:[a-z0-9\-]+\.)*(?:weixin\.qq\.com|u\.wechat\.com|work\.weixin\.qq\.com|"
    r"qm\.qq\.com|jq\.qq\.com|t\.me|wa\.me|chat\.whatsapp\.com|line\.me|qr\.dingtalk\.com|"
    r"discord\.gg|m\.me)/[\w\-./?=&%#+]*"
)
_IDENTITY = re.compile(
    r"(?<![\da-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?![\da-z])"
)
_QUANTITY_BEHIND = re.compile(r"\s*(?:公斤|千克|斤|吨|亩|元|块|人次|株|棵|颗|件|kg|mu|yuan)")
_CODE_BEFORE = re.compile(r"(?:信用代码|统一代码|许可证|备案|编号|证号|文号|批号|订单号)\D{0,6}$")


def find_contacts(text: str) -> list[Span]:
    """All contact data, in order, without overlaps; kinds are the constants of this module."""
    plain = fold(text)
    return without_overlaps(
        [
            *_numbers(plain),
            *(
                Span(*match.span(), IDENTITY)
                for match in _IDENTITY.finditer(plain)
                if is_identity_number(match.group())
            ),
            *_named(plain, _WECHAT, WECHAT),
            *_named(plain, _ADD_V, WECHAT),
            *_named(plain, _QQ, QQ),
            *(Span(*match.span(), EMAIL) for match in _EMAIL.finditer(plain)),
            *(Span(*match.span(), INVITATION) for match in _INVITATION.finditer(plain)),
        ]
    )


def _numbers(plain: str) -> Iterator[Span]:
    digits = plain.translate(_TO_DIGITS)
    for match in _MOBILE.finditer(digits):
        if _is_number(digits, match) and _is_spelled_as_one(plain[match.start() : match.end()]):
            yield Span(*match.span(), MOBILE)
    for pattern in (_LANDLINE, _HOTLINE):
        for match in pattern.finditer(plain):
            if _is_number(plain, match):
                yield Span(*match.span(), LANDLINE)
    yield from _named(plain, _LOCAL, LANDLINE)


def _is_number(plain: str, match: re.Match[str]) -> bool:
    """Neither a quantity nor a piece of some official code."""
    if _QUANTITY_BEHIND.match(plain, match.end()):
        return False
    return _CODE_BEFORE.search(plain, 0, match.start()) is None


def _is_spelled_as_one(piece: str) -> bool:
    """Lists such as "13, 5, 88, 12, 9, 7, 3" and numbers such as 13,500,000,000 are not phones."""
    return piece.count(",") + piece.count("、") + piece.count(".") <= 3


def is_identity_number(text: str) -> bool:
    """Whether the check character of an 18-place citizen's number fits (GB 11643, ISO 7064)."""
    weighted = sum(int(char) * (2 ** (17 - at) % 11) for at, char in enumerate(text[:17]))
    return "10x98765432"[weighted % 11] == text[17:].lower()


def _named(plain: str, pattern: re.Pattern[str], kind: str) -> Iterator[Span]:
    for match in pattern.finditer(plain):
        yield Span(match.start("id"), match.end("id"), kind)
