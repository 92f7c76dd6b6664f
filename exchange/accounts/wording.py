"""Names and introductions are public: contact and payment data in them is refused."""

from exchange.kernel.errors import Invalid
from exchange.search.reading.contacts import find_contacts
from exchange.search.reading.payments import find_payments


def require_public_words(**texts: str) -> None:
    """Raise Invalid where a text that everybody reads holds contact or payment data.

    The names are those of the fields.
    """
    problems = {name: [code] for name, text in texts.items() if (code := _problem(text))}
    if problems:
        raise Invalid(fields=problems)


def _problem(text: str) -> str:
    if find_payments(text):
        return "payment_in_public"
    return "contact_in_public" if find_contacts(text) else ""
