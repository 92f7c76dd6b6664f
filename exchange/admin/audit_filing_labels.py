"""Words for entries of the audit: what is filed for somebody."""

from typing import Any

from flask_babel import lazy_gettext as _l

FILING_EVENTS: dict[str, Any] = {
    "FilingMade": _l("Filed a listing for somebody"),
    "FilingChanged": _l("Put right for whom a listing was filed"),
    "FilingConsentRecorded": _l("Put somebody's consent on record"),
    "FilingConsentWithdrawn": _l("Somebody's consent was withdrawn"),
    "FilingShown": _l("Looked at for whom a listing was filed"),
    "FilingForgotten": _l("Deleted for whom a listing was filed"),
    "ProxyEvidenceShown": _l("Looked at the consent behind what a proxy did"),
    "PaperFormsPrinted": _l("Printed paper forms"),
}
FILING_TABLES: dict[str, Any] = {"listing_filing": _l("Filed for somebody")}
FILING_COLUMNS: dict[str, Any] = {
    "form_id": _l("Paper form"),
    "consent": _l("How they consented"),
    "consent_on": _l("Consented on"),
    "heard_by": _l("Heard or received by"),
    "read_back": _l("Read back to them"),
    "to_introduce": _l("Name and contact to the other side"),
    "withdrawn_at": _l("Consent withdrawn"),
    "withdrawn_by_id": _l("Withdrawn by"),
    "forgotten_at": _l("Private data deleted"),
}
