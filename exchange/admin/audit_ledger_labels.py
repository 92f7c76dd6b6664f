"""Words for entries of the audit: open accounts of projects."""

from typing import Any

from flask_babel import lazy_gettext as _l

LEDGER_EVENTS: dict[str, Any] = {
    "LedgerRoleGiven": _l("Named a treasurer or an approver"),
    "LedgerRoleEnded": _l("Ended the role of a treasurer or an approver"),
    "LedgerLimitSet": _l("Set from which sum on two people are needed"),
    "LedgerEntryProposed": _l("Recorded an entry that waits for a second person"),
    "LedgerEntryBooked": _l("Booked an entry"),
    "LedgerEntryRefused": _l("Refused an entry"),
    "LedgerEntryWithdrawn": _l("Took an entry back that waited"),
    "LedgerCopiesChanged": _l("Changed the documents of an entry"),
    "LedgerDocumentsSeen": _l("Looked at the documents of an entry"),
    "LedgerNameForgotten": _l("Deleted the name of a private person from an entry"),
    "AppealLinked": _l("Linked to a charity's campaign"),
    "AppealUnlinked": _l("Took the link to a charity's campaign away"),
}
LEDGER_TABLES: dict[str, Any] = {
    "project_ledger": _l("Rules of a project's accounts"),
    "project_ledger_role": _l("Treasurer or approver"),
    "ledger_request": _l("Entry for a project's accounts"),
    "ledger_document": _l("Document of an entry"),
    "project_appeal": _l("Link to a campaign"),
}
LEDGER_COLUMNS: dict[str, Any] = {
    "account_id": _l("Account, number"),
    "amount": _l("Amount, in fen or thousandths"),
    "budget_key": _l("Line of the budget"),
    "budget_name": _l("Line of the budget, by name"),
    "corrects_number": _l("Takes back entry number"),
    "counterparty": _l("Organisation or person"),
    "counterparty_name": _l("From whom or to whom"),
    "counterparty_organisation_id": _l("From whom or to whom, number"),
    "decided_by_id": _l("Decided by"),
    "happened_on": _l("Date"),
    "link": _l("Address"),
    "linked_by_id": _l("Linked by"),
    "named_by_id": _l("Named by"),
    "needs_second": _l("Needs a second person"),
    "no_document_reason": _l("Why there is no document"),
    "no_public_reason": _l("Why no document is public"),
    "number": _l("Number"),
    "request_id": _l("Entry, number"),
    "sign": _l("In (1) or out (-1)"),
    "two_person_fen": _l("Two people above, in fen"),
    "unlinked_at": _l("Link taken away on"),
}
