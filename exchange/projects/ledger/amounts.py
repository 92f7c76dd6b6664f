"""Amounts as people write and read them: yuan outside, fen inside; goods in their unit."""

from exchange.kernel.errors import Invalid
from exchange.listings.amounts import amount_fault, plain_quantity, quantity_milli
from exchange.projects.ledger.kinds import AccountKind
from exchange.projects.ledger.rules import LARGEST_AMOUNT
from exchange.projects.rules import yuan
from exchange.taxonomy.units import format_quantity

MONEY_UNIT = "元"


def read_amount(text: str, kind: AccountKind) -> int | None:
    """Fen, or thousandths; None for what is no amount, or finer than a fen."""
    milli = quantity_milli(_bare(text))
    if milli is None or kind is AccountKind.GOODS:
        return milli
    return milli // 10 if milli % 10 == 0 else None


def fault_of(text: str, kind: AccountKind) -> str:
    """Why a text is no amount, as a code: below zero, too large, or no number."""
    is_money = kind is AccountKind.MONEY
    fault = amount_fault(_bare(text), LARGEST_AMOUNT * 10 if is_money else LARGEST_AMOUNT)
    if fault == "quantity_not_positive":
        return fault
    if fault == "quantity_too_large":
        return fault if is_money else "ledger_goods_too_large"
    return "ledger_amount"


def _bare(text: str) -> str:
    return text.strip().removeprefix("¥").removeprefix("￥").removesuffix("元")


def read_limit(text: str | None, field: str) -> int | None:
    """The sum above which two people are needed, in fen: 0 always, None for nothing said.

    Raises Invalid beside the field.
    """
    plain = (text or "").strip()
    if not plain:
        return None
    if not plain.strip("0."):
        return 0
    fen = read_amount(plain, AccountKind.MONEY)
    if fen is None:
        raise Invalid("invalid", fields={field: [fault_of(plain, AccountKind.MONEY)]})
    return fen


def plain_yuan(fen: int) -> str:
    """Yuan with two decimals, for tables that are computed with: 123450 is 1234.50."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def plain_amount(amount: int, kind: AccountKind) -> str:
    """The number alone, as it stands in a table that is computed with."""
    return plain_yuan(amount) if kind is AccountKind.MONEY else plain_quantity(amount) or "0"


def amount_text(amount: int, kind: AccountKind, unit: str, locale: str) -> str:
    """An amount with what it counts."""
    return yuan(amount) if kind is AccountKind.MONEY else format_quantity(amount, unit, locale)


def said_amount(amount: int, kind: AccountKind, unit: str) -> dict[str, str]:
    """An amount with what it counts, by language, as sentences carry it."""
    if kind is AccountKind.MONEY:
        plain = plain_yuan(amount)
        return {"zh": f"{plain} 元", "en": f"{plain} yuan"}
    return {one: format_quantity(amount, unit, one) for one in ("zh", "en")}


def named(kind: AccountKind, goods: str) -> dict[str, str]:
    """What an account keeps, likewise."""
    return {"zh": "钱", "en": "money"} if kind is AccountKind.MONEY else {"zh": goods, "en": goods}
