"""Short links and texts to pass on, from values alone."""

from collections.abc import Iterable

# As in public ids: no signs that are mistaken for one another.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LONGEST_CODE = 13


def short_code(row_id: int) -> str:
    """A listing's or a point's number in few signs that nobody mistakes for one another."""
    signs, base = "", len(ALPHABET)
    number = row_id
    while number or not signs:
        number, rest = divmod(number, base)
        signs = ALPHABET[rest] + signs
    return signs


def row_of(code: str) -> int | None:
    """The number behind a code; None for what is no code. Capitals mean the same."""
    number = 0
    if not 0 < len(code) <= LONGEST_CODE:
        return None
    for sign in code.lower():
        place = ALPHABET.find(sign)
        if place < 0:
            return None
        number = number * len(ALPHABET) + place
    return number if number < 2**63 else None


def chat_text(head: str, lines: Iterable[tuple[str, str]], foot: str, link: str) -> str:
    """A text for a chat group: a head, lines with a label each where there is a value, a link."""
    said = [f"{label}{value}" for label, value in lines if value]
    return "\n".join([head, *said, foot, link])
