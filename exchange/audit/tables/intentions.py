"""What the audit keeps of cooperation intentions, roadshows and visits."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "project_intention": Audited(
        plain="project_id organisation_id author_id need_id kind state quantity_milli unit terms"
        " until decline_reason follow_up_on answered_by_id answered_at closed_at",
        personal="text close_note",
        skipped="id public_id slot follow_up_told_on lapse_told_on version created_at updated_at",
        of="author_id",
        row_is="intention_id",
    ),
    "project_intention_message": Audited(
        plain="intention_id author_id party at",
        personal="text",
        skipped="id",
        of="author_id",
    ),
    "intention_case": Audited(
        plain="intention_id offer_id match_id refusal",
        skipped="told created_at tried_at",
    ),
    "project_visit": Audited(
        plain="project_id author_id kind state starts_at ends_at closes_at seats taken",
        personal="title text place link cancel_reason",
        skipped="id public_id reminded_at version created_at updated_at",
        of="author_id",
        row_is="visit_id",
    ),
    "project_visit_sign_up": Audited(
        plain="visit_id organisation_id person_id people state queued_at",
        skipped="id",
        of="person_id",
    ),
}
NOT_AUDITED: Mapping[str, str] = {
    "project_wanted": "public lines, put in place as a whole; the event names the project",
}
