"""The number that a volunteer has in the national system; never the number of an identity card."""

import re
from datetime import date

from exchange.kernel.decisions import Decision, allow, refuse

SHORTEST, LONGEST = 8, 20
FORM = re.compile(r"[0-9A-Z]+\Z", re.ASCII)
IDENTITY = re.compile(
    r"[1-9][0-9]{5}((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]", re.ASCII
)
WRITTEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])", re.ASCII)
_WIDE = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "X"}


def cleaned(text: str) -> str:
    """As it is kept: without blanks and hyphens, in capitals and ordinary digits."""
    return re.sub(r"[\s-]", "", text.translate(_WIDE)).upper()


def is_identity_number(text: str) -> bool:
    """Whether this is, or was meant to be, an identity card's number: it holds a birthday."""
    found = IDENTITY.fullmatch(cleaned(text))
    if found is None:
        return False
    try:
        date(*(int(part) for part in found.groups()))
    except ValueError:
        return False
    return True


def number_allowed(number: str) -> Decision:
    """Whether a cleaned number may be kept."""
    if is_identity_number(number):
        return refuse("number_is_identity")
    if not SHORTEST <= len(number) <= LONGEST or not FORM.match(number):
        return refuse("number_form", shortest=SHORTEST, longest=LONGEST)
    if not any(sign.isdigit() for sign in number):
        return refuse("number_form", shortest=SHORTEST, longest=LONGEST)
    return allow()


def text_has_identity_number(text: str) -> bool:
    """Whether somebody's identity card number stands in a text."""
    return any(is_identity_number(found) for found in WRITTEN.findall(text.translate(_WIDE)))
