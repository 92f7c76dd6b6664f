"""What the audit keeps of volunteering."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "volunteer_activity": Audited(
        plain="organisation_id author_id state circle work lang division_code skills min_age"
        " max_age guardian_needed with_children is_outdoor warning_days copied_from_id held_at"
        " published_at ended_at",
        personal="title text place meeting_point safety_note cancel_reason",
        skipped="id public_id version created_at updated_at",
        of="author_id",
        row_is="activity_id",
    ),
    "volunteer_coordinator": Audited(plain="activity_id person_id", skipped="named_at"),
    "volunteer_role": Audited(
        plain="activity_id skills",
        personal="name note",
        skipped="id public_id",
        row_is="role_id",
    ),
    "volunteer_series": Audited(
        plain="activity_id repeat first_on until_on", skipped="id public_id created_at"
    ),
    "volunteer_shift": Audited(
        plain="activity_id role_id series_id starts_at ends_at minimum maximum state moved_at",
        personal="place cancel_reason",
        skipped="id public_id taken last_number short_told_at version created_at updated_at",
        row_is="shift_id",
    ),
    "volunteer_signup": Audited(
        plain="shift_id person_id organisation_id state answered_at moved_up_at asked_at"
        " confirmed_at",
        personal="note",
        skipped="id public_id number day_told_at hours_told_at created_at updated_at",
        of="person_id",
    ),
    "volunteer_message": Audited(
        plain="shift_id author_id addressed wants_answer sent_at",
        personal="text",
        skipped="id public_id sent_token",
        of="author_id",
        row_is="message_id",
    ),
    "volunteer_message_recipient": Audited(
        plain="message_id person_id answer answered_at",
        personal="note",
        skipped="id",
        of="person_id",
    ),
    "volunteer_ask": Audited(
        plain="signup_id asked_at asked_by_id release_at", personal="reason"
    ),
}  # fmt: skip
NOT_AUDITED: Mapping[str, str] = {
    "volunteer_feed": "a secret address; making and closing it are acts with events",
}
