"""Certificates: their numbers, their codes, and what the public sees of a name. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from exchange.kernel.decisions import Decision, allow, refuse

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 12
LONGEST_REASON = 200
LONGEST_PERIOD = timedelta(days=3 * 366)
GROUP = 4


def check_digit(digits: str) -> str:
    """The check digit of a number by ISO 7064, MOD 11,10."""
    rest = 10
    for digit in digits:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def number_of(year: int, row_id: int) -> str:
    """The number of a certificate: year, running number, check digit."""
    digits = f"{year:04d}{row_id:08d}"
    return f"{digits}{check_digit(digits)}"


def is_number(text: str) -> bool:
    """Whether a number is written without a slip."""
    return (
        text.isascii() and text.isdigit() and len(text) > 1 and check_digit(text[:-1]) == text[-1]
    )


def grouped(text: str) -> str:
    """A code or number in groups of four, as it is printed."""
    return " ".join(text[place : place + GROUP] for place in range(0, len(text), GROUP))


def code_read(text: str) -> str:
    """A code as it was typed, without blanks and hyphens; empty where it can be none."""
    code = "".join(sign for sign in text.lower() if not sign.isspace() and sign != "-")
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def masked_name(name: str) -> str:
    """The first sign of a name and one asterisk: 王*."""
    stripped = name.strip()
    return f"{stripped[0]}*" if stripped else "*"


def same_name(typed: str, name: str) -> bool:
    """Whether a typed name is the one on the certificate, whatever its blanks and capitals."""
    plain = ["".join(one.split()).casefold() for one in (typed, name)]
    return bool(plain[1]) and plain[0] == plain[1]


def period_allowed(first: date, last: date, today: date) -> Decision:
    """A period begins before it ends, has begun, and is not absurdly long."""
    if last < first:
        return refuse("certificate_period_order")
    if first > today:
        return refuse("certificate_period_ahead")
    return allow() if last - first <= LONGEST_PERIOD else refuse("certificate_period_long")


def hours_hold(certified: Iterable[tuple[str, int]], approved: Iterable[tuple[str, int]]) -> bool:
    """Whether all days and minutes that were certified are approved still; there may be more."""
    return Counter(certified) <= Counter(approved)


def fingerprint(content: Mapping[str, Any]) -> str:
    """The same for the same content: what is asked for twice is made once."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()
