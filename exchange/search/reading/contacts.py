"""Contact data in a text: telephone numbers in any spelling, chat names, e-mail, invitations.

A citizen's identity number is found too, because it must not be shown either.
Not contact data: quantities, prices, dates, years, codes of organisations, model numbers.
Every repetition is bounded, so that reading takes time in proportion to the text.
"""

import re
from collections.abc import Iterator

from exchange.search.reading.projection import PICTURE, Projection, project
from exchange.search.reading.spans import Span, without_overlaps

MOBILE, LANDLINE, WECHAT, QQ = "mobile", "landline", "wechat", "qq"
EMAIL, INVITATION, IDENTITY = "email", "invitation", "identity"

_DIGIT_CHARS = dict(
    zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True)
)
_GAP = rf"[\s\-—–_.·*~,、()/|:+=#{PICTURE}]{{0,6}}"  # what people put between digits
_TO_DIGITS = str.maketrans(_DIGIT_CHARS)

_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")
_AREA = r"(?:10|2\d|[3-9]\d\d)"
_LANDLINE = re.compile(
    rf"(?<![\d.])(?:\(0{_AREA}\)\s{{0,4}}|0{_AREA}[\s\-—–/|{PICTURE}]{{0,4}})[2-9]\d{{2,3}}[\s\-]?\d{{4}}"
    r"(?:\s{0,4}(?:转|ext\.?|-)\s{0,4}\d{1,5})?(?!\d)"
)
_HOTLINE = re.compile(r"(?<![\d\-])[48]00[\s\-]\d{3,4}[\s\-]?\d{3,4}(?!\d)")
_LOCAL = re.compile(
    r"(?:电话|座机|固话|热线|来电|致电|拨打|联系(?:方式|人)?|tel|phone|call)\s{0,4}[:.是为]?\s{0,4}"
    r"(?P<id>[2-9]\d{2,3}[\s\-]?\d{4})(?!\d|\s{0,4}(?:斤|公斤|吨|亩|元|人|个|万))"
)
_CALLED = r"(?:号|id|号码|账号|帐号|number)?\s{0,4}(?:[:是为=]|同号|同)?\s{0,4}"
_WECHAT = re.compile(
    r"(?:微\s{0,4}信|薇\s{0,4}信|威信|维信|卫星号|v信|(?<![a-z])(?:we\s?chat|weixin|wx|vx|v\s?x))"
    rf"\s{{0,4}}{_CALLED}(?P<id>[a-z][a-z0-9_\-]{{4,19}}|\d{{6,11}})"
)
_ADD_V = re.compile(
    r"(?:加|\+)\s{0,4}(?:我)?\s{0,4}(?:v|薇|威)(?![a-z])\s{0,4}:?\s{0,4}(?P<id>[a-z0-9_\-]{5,20})"
)
_QQ = re.compile(
    rf"(?<![a-z])(?:qq|q\s?q群|扣扣|企鹅号)\s{{0,4}}(?:群)?\s{{0,4}}{_CALLED}(?P<id>[1-9]\d{{4,11}})(?!\d)"
)
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\]|#at#)\s?[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{2,63}){1,4}",
    re.ASCII,
)
_INVITATION = re.compile(
    r"(?<![a-z0-9\-])(?:https?://)?(?:[a-z0-9\-]{1,63}\.){0,4}(?:weixin\.qq\.com|u\.wechat\.com|work\.weixin\.qq\.com|"
    r"qm\.qq\.com|jq\.qq\.com|t\.me|wa\.me|chat\.whatsapp\.com|line\.me|qr\.dingtalk\.com|"
    r"discord\.gg|m\.me)/[\w\-./?=&%#+]{0,200}"
)
_IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?!\d)"
)
_UNIT_BEHIND = re.compile(
    r"\s{0,4}(?:公斤|千克|斤|吨|亩|元|块|人次|株|棵|颗|件|只|羽|粒|kg|mu|yuan)"
)
_CODE_BEFORE = re.compile(r"(?:信用代码|统一代码|许可证|备案|编号|证号|文号|批号|订单号)\D{0,6}$")
_CODE_WINDOW = 12  # characters before a number in which its name may stand
_ROUND = re.compile(r"\d{5}0{6}")
_WHEN = re.compile(
    r"(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?!\d)|(?<!\d)20\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)|"
    r"(?<!\d)\d{1,2}/\d{1,2}/20\d\d(?!\d)"
)


def find_contacts(text: str) -> list[Span]:
    """All contact data, in order, without overlaps; kinds are the constants of this module."""
    plain = project(text)
    return without_overlaps(
        [
            *_numbers(plain),
            *(
                plain.span(*match.span(), IDENTITY)
                for match in _IDENTITY.finditer(plain.text)
                if is_identity_number(match.group())
            ),
            *_named(plain, _WECHAT, WECHAT),
            *_named(plain, _ADD_V, WECHAT),
            *_named(plain, _QQ, QQ),
            *(plain.span(*match.span(), EMAIL) for match in _EMAIL.finditer(plain.text)),
            *(plain.span(*match.span(), INVITATION) for match in _INVITATION.finditer(plain.text)),
        ]
    )


def _numbers(plain: Projection) -> Iterator[Span]:
    digits = plain.text.translate(_TO_DIGITS)
    for match in _MOBILE.finditer(digits):
        written = plain.text[match.start() : match.end()]
        if not _is_code(digits, match) and not _is_amount(digits, match) and _is_one(written):
            yield plain.span(*match.span(), MOBILE)
    for pattern in (_LANDLINE, _HOTLINE):
        for match in pattern.finditer(plain.text):
            if not _is_code(plain.text, match):
                yield plain.span(*match.span(), LANDLINE)
    yield from _named(plain, _LOCAL, LANDLINE)


def _is_code(plain: str, match: re.Match[str]) -> bool:
    """Whether it is a piece of some official code."""
    begin = match.start()
    return _CODE_BEFORE.search(plain, max(0, begin - _CODE_WINDOW), begin) is not None


def _is_amount(digits: str, match: re.Match[str]) -> bool:
    """A round number with a unit behind it; any other eleven digits are somebody's telephone."""
    number = match.group().replace(",", "")
    return bool(_ROUND.fullmatch(number) and _UNIT_BEHIND.match(digits, match.end()))


def _is_one(piece: str) -> bool:
    """Lists such as "13, 5, 88, 12, 9, 7, 3", 13,500,000,000, and times are not phones."""
    return piece.count(",") + piece.count("、") + piece.count(".") <= 3 and not is_when(piece)


def is_when(piece: str) -> bool:
    """Whether a run of digits with signs between tells times or dates: 13:00-15:00 9:30."""
    signs = {char for char in piece if not char.isalnum()}
    return len(signs) > 1 and _WHEN.search(piece) is not None


def is_identity_number(text: str) -> bool:
    """Whether the check character of an 18-place citizen's number fits (GB 11643, ISO 7064)."""
    weighted = sum(int(char) * (2 ** (17 - at) % 11) for at, char in enumerate(text[:17]))
    return "10x98765432"[weighted % 11] == text[17:].lower()


def _named(plain: Projection, pattern: re.Pattern[str], kind: str) -> Iterator[Span]:
    for match in pattern.finditer(plain.text):
        yield plain.span(match.start("id"), match.end("id"), kind)
