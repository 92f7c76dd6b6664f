"""What the audit keeps of the open accounts of projects."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "project_ledger": Audited(plain="project_id two_person_fen", skipped="version"),
    "project_ledger_role": Audited(
        plain="project_id person_id role named_by_id ended_at ended_by_id",
        skipped="id named_at",
        of="person_id",
    ),
    # Of a private person's name nothing is kept: they have no data key here.
    "ledger_request": Audited(
        plain="project_id account_id state kind sign amount corrects_number budget_key counterparty"
        " counterparty_organisation_id happened_on needs_second proposed_by_id decided_by_id"
        " decided_at",
        personal="purpose budget_name counterparty_name no_document_reason no_public_reason reason",
        skipped="id public_id private_sealed proposed_at sent_key version",
        of="proposed_by_id",
        row_is="request_id",
    ),
    "ledger_document": Audited(
        plain="request_id file_id kind statement added_by_id withdrawn_at", skipped="id added_at"
    ),
    "project_appeal": Audited(
        plain="project_id organisation_id number link linked_by_id unlinked_at",
        skipped="id public_id linked_at",
        row_is="appeal_id",
    ),
}
NOT_AUDITED: Mapping[str, str] = {
    "ledger_account": "is only added to, with the first entry that is proposed for it",
    "ledger_entry": "is itself a record that is only added to",
    "ledger_look": "its event tells who looked, each time",
}
