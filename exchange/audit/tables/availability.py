"""What the audit keeps of volunteers' time and of asking for substitutes."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "volunteer_availability": Audited(
        plain="person_id organisation_id listing_id times from_date to_date division_code reach"
        " has_transport is_remote may_be_asked consented_at pause_from pause_until",
        personal="skills words tongues dialect",
        skipped="id public_id version listed_version created_at updated_at",
        of="person_id",
    ),
    "volunteer_substitute_request": Audited(
        plain="shift_id person_id asked_by_id asked_at reply replied_at",
        skipped="id public_id",
        row_is="substitute_id",
    ),
}
NOT_AUDITED: Mapping[str, str] = {}
