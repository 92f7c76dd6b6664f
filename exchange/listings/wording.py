"""Contact and payment data in what an author writes: found, named to them, taken out on request.

Contact data is revealed by the exchange itself once both sides have agreed, so it has no place in
the words; payment data is never taken.
"""

import re
from dataclasses import dataclass

from exchange.search.reading.contacts import find_contacts
from exchange.search.reading.payments import find_payments
from exchange.search.reading.spans import MASK, mask

# What announces a number that has been masked (“，我的电话是”, ", call me at"), and what closes it.
ANNOUNCED = re.compile(
    r"(?:[，,、;；:：\s]|请|可以|我|他|她|的|联系|方式|拨打|打|喊|叫|找|有事|加|电话|手机|座机|微信|邮箱|QQ|号码|号|是|为"
    r"|\b(?:please|call|phone|tel|wechat|e-?mail|at|me|my|is)\b){0,20}+"
    + re.escape(MASK)
    + r"(?:找我|找他|找她|联系)?",
    re.IGNORECASE,
)
LEFT_OVER = re.compile(r"(^|[。！？!?])[，,、;；\s]++")
CONTACT, PAYMENT = "contact_in_text", "payment_in_text"


@dataclass(frozen=True)
class Remark:
    """What is wrong with a text, as a code, and the words that make it so."""

    code: str
    words: tuple[str, ...]


def remark_on(text: str) -> Remark | None:
    """Payment data first, then contact data; None when the text may stand."""
    payments = find_payments(text)
    if payments:
        return Remark(PAYMENT, tuple(text[span.start : span.end] for span in payments))
    contacts = find_contacts(text)
    if contacts:
        return Remark(CONTACT, tuple(text[span.start : span.end] for span in contacts))
    return None


def words_problem(text: str) -> str | None:
    """The code of what stands against the text; None when it may stand."""
    remark = remark_on(text)
    return remark.code if remark else None


def without_contacts(text: str) -> str:
    """The text without contact data; “, phone …” goes with its number, where something is left."""
    masked = mask(text, find_contacts(text))
    left = LEFT_OVER.sub(r"\1", ANNOUNCED.sub("", masked)) if masked != text else text
    return left if left.strip() else masked
