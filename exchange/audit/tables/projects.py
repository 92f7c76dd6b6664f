"""What the audit keeps of projects."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "project": Audited(
        plain="organisation_id author_id worker_id template stage publication visibility"
        " category_code beneficiaries beneficiary_count from_date to_date origin_listing_id"
        " undertaking_id reviewed_by_id held_at published_at ended_at",
        personal="external_id title aim plan stop_reason review_note",
        skipped="id public_id lang version created_at updated_at news_at silent_told_at",
        of="author_id",
        row_is="project_id",
    ),
    "project_partner": Audited(
        plain="project_id organisation_id role state invited_by_id answered_at",
        skipped="id invited_at",
    ),
    "project_milestone": Audited(
        plain="project_id position due_on done_on done_by_id",
        personal="title",
        skipped="id public_id",
    ),
    "project_budget_line": Audited(
        plain="project_id position planned_fen",
        personal="purpose",
        skipped="id public_id",
    ),
    "project_need": Audited(plain="project_id listing_id added_at"),
    "project_update": Audited(
        plain="project_id author_id organisation_id milestone_id published_at changed_at"
        " withdrawn_at",
        personal="text figures",
        skipped="id public_id lang sent_token version",
        of="author_id",
        row_is="update_id",
    ),
}
NOT_AUDITED: Mapping[str, str] = {
    "project_division": "the event of the change names the project",
}
