"""What the audit keeps of trainings."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "volunteer_training": Audited(
        plain="organisation_id author_id activity_id state circle lang division_code valid_months"
        " pass_mark published_at ended_at",
        personal="title learns for_whom place questions",
        skipped="id public_id version created_at updated_at",
        of="author_id",
        row_is="training_id",
    ),
    "volunteer_material": Audited(
        plain="training_id kind file_id statement added_by_id",
        personal="title text url",
        skipped="id public_id position created_at updated_at",
        of="added_by_id",
        row_is="material_id",
    ),
    "volunteer_training_try": Audited(
        plain="training_id person_id right_count asked passed tried_at", skipped="id"
    ),
    "volunteer_completion": Audited(
        plain="training_id person_id way shift_id completed_on expires_on recorded_by_id"
        " recorded_at revoked_at revoked_by_id",
        personal="revoke_reason",
        skipped="id public_id told_at",
        of="person_id",
        row_is="completion_id",
    ),
    "volunteer_required_training": Audited(plain="activity_id training_id", skipped="required_at"),
}
NOT_AUDITED: Mapping[str, str] = {}
