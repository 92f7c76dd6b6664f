"""Words for entries of the audit: attendance, hours and certificates."""

from typing import Any

from flask_babel import lazy_gettext as _l

ATTENDANCE_EVENTS: dict[str, Any] = {
    "AttendanceMarked": _l("Marked who came"),
    "HoursProposed": _l("Proposed volunteer hours"),
    "HoursApproved": _l("Approved volunteer hours"),
    "HoursObjected": _l("Objected to volunteer hours"),
    "VolunteerNumberGiven": _l("Wrote down a volunteer number"),
    "VolunteerNumberRemoved": _l("Took a volunteer number away"),
    "CertificateIssued": _l("Made a volunteer certificate"),
    "CertificateRevoked": _l("Revoked a volunteer certificate"),
    "CertificateReplaced": _l("A newer certificate took the place of one"),
    "HoursExported": _l("Exported volunteer hours"),
}
ATTENDANCE_TABLES: dict[str, Any] = {
    "volunteer_mark": _l("Mark of attendance"),
    "volunteer_hours": _l("Volunteer hours"),
    "volunteer_number": _l("Volunteer number"),
    "volunteer_certificate": _l("Volunteer certificate"),
}
ATTENDANCE_COLUMNS: dict[str, Any] = {
    "basis": _l("Where the minutes come from"),
    "entries": _l("What is certified"),
    "from_day": _l("From day"),
    "given_at": _l("Written down on"),
    "issued_at": _l("Made on"),
    "issued_by_id": _l("Certified by"),
    "made_at": _l("Done on"),
    "minutes": _l("Minutes"),
    "number": _l("Number"),
    "number_sealed": _l("Volunteer number"),
    "organisation_name": _l("Name of the organisation"),
    "recorded_at": _l("Recorded on"),
    "replaced_by_id": _l("Replaced by number"),
    "revoke_reason": _l("Why it was revoked"),
    "revoked_by_id": _l("Revoked by"),
    "step": _l("Step"),
    "to_day": _l("To day"),
    "travel_minutes": _l("Minutes of travel"),
    "way": _l("How it came in"),
}
