"""The closed lists of open accounts."""

from enum import StrEnum


class AccountKind(StrEnum):
    """What an account counts: money in fen, or one kind of goods in thousandths of its unit."""

    MONEY = "money"
    GOODS = "goods"


class EntryKind(StrEnum):
    """What an entry does. A counter-entry takes back one receipt or one payment in full."""

    RECEIPT = "receipt"
    PAYMENT = "payment"
    COUNTER = "counter"


class RequestState(StrEnum):
    """How far an entry is that somebody wants to have booked."""

    PROPOSED = "proposed"
    BOOKED = "booked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class LedgerRole(StrEnum):
    """Who does what: a treasurer records, an approver is the second person."""

    TREASURER = "treasurer"
    APPROVER = "approver"


class Counterparty(StrEnum):
    """From whom it came or to whom it went; the name of a person is never public."""

    ORGANISATION = "organisation"
    PERSON = "person"


class CopyKind(StrEnum):
    """The document itself, or a copy on which everything personal is covered."""

    ORIGINAL = "original"
    PUBLIC = "public"
