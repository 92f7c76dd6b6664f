"""What may stand in the free texts of a match."""

from exchange.brokering.models import Match
from exchange.kernel.errors import Invalid
from exchange.listings.wording import PAYMENT, remark_on


def refuse_words(match: Match, **texts: str) -> None:
    """For what both sides read: contact data has its place only once they are introduced.

    A side that has withdrawn its contact is not to be reached by way of a text either. Raises
    Invalid by the name of the text; for payment data always.
    """
    withdrawn = any(side.contact_withdrawn_at is not None for side in match.sides)
    _refuse(texts, contacts=match.introduced_at is None or withdrawn)


def refuse_payments(**texts: str) -> None:
    """For what only those who broker read. Raises Invalid by the name of the text."""
    _refuse(texts, contacts=False)


def _refuse(texts: dict[str, str], *, contacts: bool) -> None:
    for name, text in texts.items():
        remark = remark_on(text)
        if remark and (contacts or remark.code == PAYMENT):
            raise Invalid(fields={name: [remark.code]}, words=" ".join(remark.words))
