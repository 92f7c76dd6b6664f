"""What a treasurer says of a receipt or payment, before it is kept: cleaned, and looked through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from exchange.listings.kinds import Side
from exchange.listings.rules import is_sensitive, names_a_person
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem
from exchange.projects.ledger.amounts import MONEY_UNIT
from exchange.projects.ledger.kinds import AccountKind, Counterparty, EntryKind
from exchange.projects.ledger.rules import (
    LARGEST_AMOUNT,
    LONGEST_GOODS,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    LONGEST_REASON,
    LONGEST_UNIT,
    day_problem,
)

LONGEST: Mapping[str, int] = {
    "purpose": LONGEST_PURPOSE,
    "goods": LONGEST_GOODS,
    "unit": LONGEST_UNIT,
    "counterparty_name": LONGEST_NAME,
    "no_document_reason": LONGEST_REASON,
    "no_public_reason": LONGEST_REASON,
}
READ_BY_ALL = ("purpose", "goods", "no_document_reason", "no_public_reason")
Problems = dict[str, list[str]]


@dataclass(frozen=True)
class EntryValues:
    """A receipt or payment. ``amount`` is fen, or thousandths of the unit of goods; where there is
    none, ``amount_fault`` is the code that says why.
    """

    kind: EntryKind
    amount: int | None
    purpose: str = ""
    counterparty_name: str = ""
    happened_on: date | None = None
    account_kind: AccountKind = AccountKind.MONEY
    goods: str = ""
    unit: str = ""
    budget_key: str = ""
    counterparty: Counterparty = Counterparty.ORGANISATION
    no_document_reason: str = ""
    no_public_reason: str = ""
    sent_key: str = ""
    amount_fault: str = "ledger_amount"

    def cleaned(self) -> "EntryValues":
        """The same without characters that no text has; money counts yuan and is no goods."""
        money = self.account_kind is AccountKind.MONEY
        return replace(
            self,
            purpose=one_line(self.purpose),
            counterparty_name=one_line(self.counterparty_name),
            goods="" if money else one_line(self.goods),
            unit=MONEY_UNIT if money else one_line(self.unit),
            budget_key=self.budget_key if money and self.kind is EntryKind.PAYMENT else "",
            no_document_reason=clean_text(self.no_document_reason),
            no_public_reason=clean_text(self.no_public_reason),
            sent_key=one_line(self.sent_key)[:LONGEST_KEY],
        )


def problems_of(
    values: EntryValues, today: date, *, has_original: bool, has_public: bool
) -> Problems:
    """What is missing or wrong in cleaned values, as codes by field; empty when all is well."""
    found: Problems = {}
    for field, code in (
        *_wrong_texts(values),
        ("amount", None if _is_amount(values.amount) else values.amount_fault),
        ("happened_on", _wrong_day(values.happened_on, today)),
        ("files", None if has_original or values.no_document_reason else "ledger_no_document"),
        (
            "no_public_reason",
            "ledger_copy_and_reason" if has_public and values.no_public_reason else None,
        ),
    ):
        if code:
            found.setdefault(field, []).append(code)
    return found


def _wrong_texts(values: EntryValues) -> Iterator[tuple[str, str | None]]:
    wanted = ["purpose", "counterparty_name"]
    if values.account_kind is AccountKind.GOODS:
        wanted += ["goods", "unit"]
    for name in wanted:
        yield name, None if getattr(values, name) else "required"
    for name, most in LONGEST.items():
        text = getattr(values, name)
        yield name, "ledger_too_long" if len(text) > most else text_problem(text)
    for name in READ_BY_ALL:
        yield name, person_problem(getattr(values, name))


def _is_amount(amount: int | None) -> bool:
    return amount is not None and 0 < amount <= LARGEST_AMOUNT


def _wrong_day(day: date | None, today: date) -> str | None:
    return "required" if day is None else day_problem(day, today)


def text_problem(text: str) -> str | None:
    """Contact and payment data have no place in a book that everybody reads."""
    problem = words_problem(text)
    return f"ledger_{problem}" if problem else None


def person_problem(text: str) -> str | None:
    """One person together with children, illness or poverty is for nobody to read here."""
    about = names_a_person(text) and is_sensitive(Side.NEED, None, (), text)
    return "ledger_names_person" if about else None


def public_problem(text: str) -> str | None:
    """What stands against words that everybody reads for ever."""
    return text_problem(text) or person_problem(text)
