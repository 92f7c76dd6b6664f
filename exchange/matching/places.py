"""Division codes as numbers, so that "lies in" is one comparison of a whole column.

A code of up to twelve digits is read in base eleven, each digit raised by one and what is missing
filled up with noughts: the codes that begin with a prefix are then one range of numbers.
"""

from exchange.kernel.actor import WHOLE_COUNTRY

DIGITS = 12
END = 11**DIGITS
NOWHERE, ODD = -1, -2  # no division at all; one that is no code, which only the country contains
EVERYWHERE = (ODD, NOWHERE), (0, END)


def place_number(code: str) -> int:
    """The number of a division; ``NOWHERE`` for "", ``ODD`` for what is no code."""
    if not code:
        return NOWHERE
    if len(code) > DIGITS or not (code.isascii() and code.isdigit()):
        return ODD
    number = 0
    for digit in code:
        number = number * 11 + int(digit) + 1
    return number * int(11 ** (DIGITS - len(code)))


def place_ranges(prefix: str) -> tuple[tuple[int, int], ...]:
    """The half-open ranges of the numbers of all divisions that a coverage prefix contains."""
    if prefix in ("", WHOLE_COUNTRY):
        return EVERYWHERE
    start = place_number(prefix)
    return () if start < 0 else ((start, start + 11 ** (DIGITS - len(prefix))),)
