"""Contact and payment data in what an author writes: found, named to them, taken out on request.

Contact data is revealed by the exchange itself once both sides have agreed, so it has no place in
the words; payment data is never taken.
"""

from dataclasses import dataclass

from exchange.search.reading.contacts import find_contacts
from exchange.search.reading.payments import find_payments
from exchange.search.reading.spans import mask

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
    """The text with contact data masked."""
    return mask(text, find_contacts(text))
