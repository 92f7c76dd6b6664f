"""Which searches may be counted: none that holds anything of a person."""

import re
from collections.abc import Callable

from exchange.search.reading.contacts import find_contacts
from exchange.search.reading.payments import find_payments
from exchange.search.reading.projection import project
from exchange.search.synonyms.groups import plain

LONGEST = 60
MOST_DIGITS = 6  # a house number, a year, a quantity; a telephone number has more
KEPT_DAYS = 180
_CHINESE_DIGITS = re.compile("[零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖]{5,}")


def countable(text: str, normalize: Callable[[str], str]) -> str | None:
    """The words of a search as they are kept, or None where they must not be.

    Refused: nothing at all, more than 60 characters, contact and payment data, numbers of
    citizens, and whatever else holds an address sign or more than six digits, written how ever.
    """
    if len(text) > LONGEST:
        return None
    words = plain("".join(char if char.isprintable() else " " for char in text), normalize)
    if not words or len(words) > LONGEST or _holds_numbers(text) or _holds_numbers(words):
        return None
    if any(find(one) for find in (find_contacts, find_payments) for one in (text, words)):
        return None
    return words


def _holds_numbers(text: str) -> bool:
    seen = project(text).text
    digits = sum(char.isdigit() for char in seen)
    return "@" in seen or digits > MOST_DIGITS or _CHINESE_DIGITS.search(seen) is not None
