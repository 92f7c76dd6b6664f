"""A book as a table for a spreadsheet, and as values for a program: what everybody may read.

Who recorded and who approved stands there as a role; with their names for who reads them on the
page of an entry (``Rights.documents``).
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.projects.ledger.amounts import plain_amount
from exchange.projects.ledger.figures import account_figures, budget_figures
from exchange.projects.ledger.kinds import (
    AccountKind,
    CopyKind,
    Counterparty,
    EntryKind,
    LedgerRole,
)
from exchange.projects.ledger.labels import ACCOUNTS, KINDS, PRIVATE
from exchange.projects.ledger.models import Entry
from exchange.projects.ledger.queries import (
    CHUNK,
    balances_of,
    copies_of,
    corrected_by,
    every_entry,
    of_kind,
    sums_of,
)
from exchange.projects.models import Project
from exchange.taxonomy.units import unit_name
from exchange.web.locale import locale_code

RISKY = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-\d+(\.\d+)?")
BOM = "\ufeff"


def csv_lines(session: Session, project: Project, *, names: bool = False) -> Iterator[str]:
    """The whole book, one line an entry, with a mark that tells spreadsheets the encoding."""
    locale = locale_code()
    yield BOM + _csv(
        [
            _("Number"), _("Booked on"), _("Date"), _("Kind"), _("Account"), _("Unit"),
            _("In"), _("Out"), _("Balance"), _("What for"), _("Line of the budget"),
            _("From whom or to whom"), _("Takes back number"), _("Taken back by number"),
            _("Two people"), _("Recorded by"), _("Approved by"), _("Documents for the public"),
        ]
    )  # fmt: skip
    for item in entry_items(session, project, names=names):
        came, went = _columns(item)
        yield _csv(
            [
                item["number"], item["booked_on"], item["date"], str(KINDS[item["kind"]]),
                item["account"] or str(ACCOUNTS[AccountKind.MONEY]),
                unit_name(item["unit"], locale), came, went,
                item["balance"], item["purpose"], item["budget_line"],
                item["counterparty"] or str(PRIVATE), item["corrects"], item["corrected_by"],
                _("yes") if item["two_people"] else _("no"), *_people(item),
                len(item["documents"]),
            ]
        )  # fmt: skip


def _columns(item: dict[str, Any]) -> tuple[str, str]:
    """In and out; what takes an entry back stands in its column, below nothing."""
    amount = item["amount"]
    if item["kind"] is EntryKind.COUNTER:
        return ("", f"-{amount}") if item["direction"] == "in" else (f"-{amount}", "")
    return (amount, "") if item["direction"] == "in" else ("", amount)


def _people(item: dict[str, Any]) -> tuple[str, str]:
    """Who recorded and who approved, by name or by what they were."""
    second = str(_("a second person")) if item["approver_role"] else ""
    return item["recorder"] or str(_("the treasurer")), item["approver"] or second


def book_items(
    session: Session, project: Project, *, is_shown: bool = True
) -> dict[str, Any]:
    """The accounts and the budget of a book for programs; sums as decimal text. The plan only
    where the project's page is shown.
    """
    balances, sums = balances_of(session, project.id), sums_of(session, project.id)
    money = next(
        (one.account.id for one in balances if one.account.kind is AccountKind.MONEY), None
    )
    lines = budget_figures(project.budget, money, sums) if is_shown else []
    return {
        "accounts": [
            {
                "kind": one.kind.value,
                "name": one.name,
                "unit": one.unit,
                "came": plain_amount(one.came, one.kind),
                "went": plain_amount(one.went, one.kind),
                "balance": plain_amount(one.balance, one.kind),
            }
            for one in account_figures(balances, sums)
        ],
        "budget": [
            {
                "line": one.key or None,
                "name": one.name,
                "planned": plain_amount(one.planned, AccountKind.MONEY),
                "spent": plain_amount(one.spent, AccountKind.MONEY),
                "in_plan": not one.is_gone,
            }
            for one in lines
        ],
    }


def entry_items(
    session: Session, project: Project, *, names: bool = False
) -> Iterator[dict[str, Any]]:
    """Every entry, in its order."""
    batch: list[Entry] = []
    for entry in every_entry(session, project.id):
        batch.append(entry)
        if len(batch) == CHUNK:
            yield from items_of(session, batch, names=names)
            batch = []
    yield from items_of(session, batch, names=names)


def items_of(
    session: Session, entries: Sequence[Entry], *, names: bool = False
) -> list[dict[str, Any]]:
    """Entries as everybody may know them; ``counterparty`` is None for a private person, the
    recorder and the approver without ``names``.
    """
    copies = copies_of(session, [one.request_id for one in entries])
    back = corrected_by(session, [one.id for one in entries])
    return [
        {
            "number": one.number,
            "booked_on": one.booked_on.isoformat(),
            "date": one.happened_on.isoformat(),
            "kind": one.kind,
            "account_kind": one.account.kind.value,
            "account": one.account.name,
            "unit": one.account.unit,
            "direction": "in" if one.sign > 0 else "out",
            "amount": plain_amount(one.amount, one.account.kind),
            "balance": plain_amount(one.balance_after, one.account.kind),
            "purpose": one.purpose,
            "budget_line": one.budget_name,
            "counterparty": (
                None if one.counterparty is Counterparty.PERSON else one.counterparty_name
            ),
            "corrects": one.corrects.number if one.corrects else None,
            "corrected_by": back.get(one.id),
            "two_people": one.approved_by_id is not None,
            **_doers(one, names=names),
            "documents": [
                f"/files/{copy.file.public_id}/full"
                for copy in of_kind(copies.get(one.request_id, []), CopyKind.PUBLIC)
            ],
        }
        for one in entries
    ]


def _doers(entry: Entry, *, names: bool) -> dict[str, str | None]:
    """By which role it was recorded and approved, and by whom for those who may know."""
    second = entry.approved_by
    return {
        "recorder_role": LedgerRole.TREASURER.value,
        "recorder": entry.recorded_by.name if names else None,
        "approver_role": LedgerRole.APPROVER.value if second else None,
        "approver": second.name if names and second else None,
    }


def _csv(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["" if cell is None else _harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """No table program takes it for a formula; a number is none."""
    return f"'{cell}" if cell.startswith(RISKY) and not NUMBER.fullmatch(cell) else cell
