"""What the audit keeps of ages, consents and checks. There is no result of a check to keep."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "volunteer_age": Audited(
        plain="person_id adult_declared_on stated_at",
        personal="birth_sealed",
        skipped="id public_id",
        of="person_id",
        opened={"birth_sealed": "volunteer_age.birth_sealed"},
    ),
    # The guardian has no account and no data key here: who it is stands in no audit.
    "guardian_consent": Audited(
        plain="person_id organisation_id activity_id way consent_on valid_until recorded_by_id"
        " recorded_at refused_at withdrawn_at withdrawn_by_id forgotten_at",
        skipped="id public_id private_sealed link_sealed reminded_at",
        of="person_id",
        row_is="consent_id",
    ),
    "guardian_consent_file": Audited(plain="consent_id file_id position"),
    "children_check": Audited(
        plain="person_id organisation_id checked_by_id checked_on expires_on recorded_by_id"
        " recorded_at objected_at ended_at ended_by_id",
        skipped="id public_id reminded_at",
        of="person_id",
        row_is="check_id",
    ),
    "safeguard_ask": Audited(
        plain="person_id organisation_id activity_id kind asked_at",
        skipped="id public_id private_sealed",
        of="person_id",
        row_is="ask_id",
    ),
}
NOT_AUDITED: Mapping[str, str] = {
    "children_watch": "what coordinators were told already; telling them is an event",
}
