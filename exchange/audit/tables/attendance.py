"""What the audit keeps of attendance, hours and certificates."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "volunteer_mark": Audited(
        plain="shift_id person_id kind way at recorded_by_id recorded_at",
        skipped="id client_id",
    ),
    "volunteer_hours": Audited(
        plain="shift_id person_id organisation_id number step minutes travel_minutes basis"
        " made_by_id made_at",
        personal="note",
        skipped="id",
        of="person_id",
    ),
    "volunteer_number": Audited(
        plain="person_id given_at",
        personal="number_sealed",
        skipped="id public_id",
        of="person_id",
        opened={"number_sealed": "volunteer_number.number_sealed"},
    ),
    "volunteer_certificate": Audited(
        plain="number organisation_id person_id activity_id from_day to_day minutes issued_at"
        " issued_by_id revoked_at revoked_by_id replaced_by_id",
        personal="organisation_name name title entries revoke_reason",
        skipped="id public_id code fingerprint",
        of="person_id",
        row_is="certificate_id",
    ),
}
NOT_AUDITED: Mapping[str, str] = {}
