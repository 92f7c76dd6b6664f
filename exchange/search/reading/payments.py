"""Payment data in a text: the platform links and records, it never collects money.

Every repetition is bounded, so that reading takes time in proportion to the text.
"""

import re
from dataclasses import dataclass

from exchange.search.reading.contacts import is_when
from exchange.search.reading.projection import PICTURE, project
from exchange.search.reading.spans import Span, without_overlaps

CARD, IBAN, ACCOUNT, PAY_TO = "card", "iban", "account", "pay_to"


@dataclass(frozen=True, slots=True)
class PaymentSpan(Span):
    """A finding that forbids publication of the text."""

    severity: str = "refuse"


_GAP = rf"[\s\-—–_.·*~/|:{PICTURE}]{{0,4}}"
_CARD = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15,18}}(?!\d)")
_ISSUER = re.compile(r"[3-6]|9558")
_CITIZEN = re.compile(r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}")
_IBAN = re.compile(
    r"(?<![a-z0-9])[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){3,7}(?:\s?[a-z0-9]{1,3})?(?![a-z0-9])"
)
_MARK = r"\s{0,4}(?:[:是为=]|如下|见下)?\s{0,4}"
_NUMBER = rf"\d(?:{_GAP}\d){{5,30}}"
_ACCOUNTS = (
    re.compile(
        rf"(?:银行账[号户]|银行帐[号户]|银行卡号?|对公账[号户]|收款账?[号户]|卡号|账号|帐号|账户号?|户头){_MARK}{_NUMBER}"
    ),
    re.compile(r"(?:开户行|开户银行|收款人|收款码|收款二维码|付款码|付款二维码|赞赏码)"),
    re.compile(
        rf"(?:bank\s{{1,4}}account|account\s{{1,4}}(?:no|number)|a/c(?:\s{{0,4}}no)?|swift(?:\s{{1,4}}code)?|iban)\.?"
        rf"{_MARK}[a-z0-9][a-z0-9\s\-]{{5,40}}\d"
    ),
    re.compile(
        rf"支付宝(?:账[号户]|帐[号户]|号)?{_MARK}(?:{_NUMBER}|[\w.+\-]{{1,64}}@[\w.\-]{{1,64}})"
    ),
    re.compile(r"(?:paypal\.me|qr\.alipay\.com|wxp://|payapp\.weixin)[\w./\-]{0,200}"),
)
_PAY_TO = (
    re.compile(
        r"(?:打款|转账|转帐|汇款|打钱|转钱)(?:请|可)?(?:直接)?(?:到|至|给|进|入|打到|转到)(?!位|期|达|时)"
    ),
    re.compile(
        r"(?:付款|捐款|善款|货款|定金|款项)(?:请|可)?(?:直接)?(?:打|转|汇|付|存|交)?(?:到|至|给|进|入)"
        r"[^。!?;,\n]{0,10}(?:账[号户]|帐[号户]|卡号?|户头|微信|支付宝)"
    ),
    re.compile(
        r"(?:扫码|扫描?二维码|扫一扫)[^。!?;,\n]{0,8}(?:付款|支付|捐款|转账|转帐|打款|捐赠|缴费|付费)"
    ),
    re.compile(r"(?:付款|支付|捐款|捐赠|转账|缴费)[^。!?;,\n]{0,4}扫(?:码|描|一扫)"),
    re.compile(r"(?:请|可|接受|支持|用|走)?(?:微信|支付宝)(?:收款|转账|转帐|付款|打款|支付|红包)"),
    re.compile(r"(?:微信|支付宝)[^。!?;,\n]{0,6}(?:转给|打给|付给|发红包)"),
    re.compile(
        r"(?<![a-z])(?:pay|transfer|wire|send|remit)\b[^.!?\n]{0,24}\b(?:to|into)\s{1,4}(?:(?:my|our|the|this)\s{1,4})?(?:bank\s{1,4})?(?:account|card|alipay|wechat|paypal)"
    ),
    re.compile(r"(?<![a-z])(?:pay|payable|payments?)\s{1,4}to\s{0,4}:"),
    re.compile(r"scan[^.!?\n]{0,24}(?:to\s{1,4}(?:pay|donate)|qr[^.!?\n]{0,12}pay)"),
)
_DENIED = re.compile(
    r"(?:不|勿|别|未|无|没有|没|非|禁止|严禁|谨防|不要|不能|不得|无需|不用|不会|拒绝|从不|骗[^。,]{0,4})"
    r"[^。!?;,:\n]{0,6}$|(?:\bno|\bnot|n't|never|without|do not|beware of)\s[^.!?;\n]{0,24}$"
)
_DENIED_WINDOW = 40  # characters before a finding in which it may be denied
_DATA = re.compile(rf"{_NUMBER}|@")


def find_payments(text: str) -> list[PaymentSpan]:
    """Everything that gives or asks for a way to pay, in order, without overlaps.

    Talk about money that names no way to pay (a bank loan, "we take no payment", "paid on
    delivery") is not reported.
    """
    plain = project(text)
    found = [
        plain.span(*match.span(), CARD)
        for match in _CARD.finditer(plain.text)
        if is_card_number(match.group()) and not is_when(match.group())
    ]
    found += [plain.span(*m.span(), IBAN) for m in _IBAN.finditer(plain.text) if is_iban(m.group())]
    for kind, patterns in ((ACCOUNT, _ACCOUNTS), (PAY_TO, _PAY_TO)):
        found += [
            plain.span(*match.span(), kind)
            for pattern in patterns
            for match in pattern.finditer(plain.text)
            if _DATA.search(match.group()) or not _is_denied(plain.text, match.start())
        ]
    return [PaymentSpan(one.start, one.end, one.kind) for one in without_overlaps(found)]


def _is_denied(plain: str, at: int) -> bool:
    return _DENIED.search(plain, max(0, at - _DENIED_WINDOW), at) is not None


def is_card_number(text: str) -> bool:
    """16 to 19 digits, an issuer's first digit, and the check digit of Luhn (ISO/IEC 7812)."""
    number = "".join(char for char in text if char.isdigit())
    digits = [int(char) for char in number]
    if _CITIZEN.fullmatch(number):
        return False
    if not 16 <= len(digits) <= 19 or not _ISSUER.match(number) or len(set(digits)) < 2:
        return False
    doubled = [2 * d if at % 2 else d for at, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether the check digits fit (ISO 13616, modulo 97)."""
    code = "".join(text.split())
    if not 15 <= len(code) <= 34:
        return False
    moved = code[4:] + code[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
