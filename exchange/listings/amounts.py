"""Reading a quantity as people write it, into integers in thousandths of the unit."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from exchange.search.reading.numerals import read_numeral

LARGEST_MILLI = 10**15
PLAIN = re.compile(r"\d{1,40}(\.\d{1,6})?\Z")
SCALED = re.compile(r"(\d{1,37}(?:\.\d{1,6})?)(万|亿|千|百)\Z")
MINUS = ("-", "−", "负")
SCALE = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}


def quantity_milli(text: str) -> int | None:
    """Thousandths of what it says ("2.5" is 2500, "三十万" is 300,000,000); None if unreadable.

    Nothing below one thousandth and nothing above 10**12 units is a quantity.
    """
    milli = _milli(_plain(text))
    return milli if milli is not None and not milli_fault(milli) else None


def amount_fault(text: str, most: int = LARGEST_MILLI) -> str | None:
    """What is wrong with an amount as it was typed, as a code; None when it can be kept.

    The largest one in thousandths is ``most``.
    """
    plain = _plain(text)
    below = plain.startswith(MINUS)
    milli = _milli(plain[1:] if below else plain)
    if milli is None:
        return "quantity_unreadable"
    return "quantity_not_positive" if below else milli_fault(milli, most)


def milli_fault(milli: int, most: int = LARGEST_MILLI) -> str | None:
    """What is wrong with an amount in thousandths, as a code."""
    if milli <= 0:
        return "quantity_not_positive"
    return "quantity_too_large" if milli > most else None


def plain_largest(most: int = LARGEST_MILLI) -> str:
    """The largest amount as a sentence names it: 1,000,000,000,000."""
    return f"{most // 1000:,}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace(",", "").replace(" ", "")


def _milli(plain: str) -> int | None:
    value = _decimal(plain)
    if value is None:
        return None
    milli = int((value * 1000).to_integral_value())
    return milli if milli or not value else None  # finer than a thousandth is no amount


def _decimal(plain: str) -> Decimal | None:
    try:
        if PLAIN.match(plain):
            return Decimal(plain)
        scaled = SCALED.match(plain)
        if scaled:
            return Decimal(scaled.group(1)) * SCALE[scaled.group(2)]
        value = read_numeral(plain) if len(plain) <= 20 else None
        return None if value is None else Decimal(str(value))
    except (InvalidOperation, OverflowError):
        return None


def plain_quantity(milli: int | None) -> str:
    """The quantity as a person would type it again: 2500 is "2.5", None is empty."""
    if milli is None:
        return ""
    whole, rest = divmod(milli, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else str(whole)
