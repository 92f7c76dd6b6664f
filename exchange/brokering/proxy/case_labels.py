"""The words of the list of what was done for others."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.brokering.kinds import ProxyConsent
from exchange.brokering.labels import CONSENTS
from exchange.brokering.proxy.case_queries import CaseConsent, CaseKind
from exchange.listings.filing.kinds import FilingConsent
from exchange.listings.filing.labels import CONSENTS as FILING_CONSENTS

KINDS: dict[CaseKind, Any] = {
    CaseKind.FILED: _l("Filed for somebody"),
    CaseKind.SPOKE: _l("Spoke for a side"),
}
CASE_CONSENTS: dict[CaseConsent, Any] = {
    CaseConsent.SPOKEN: FILING_CONSENTS[FilingConsent.SPOKEN],
    CaseConsent.WRITTEN: FILING_CONSENTS[FilingConsent.WRITTEN],
    CaseConsent.PHOTO: FILING_CONSENTS[FilingConsent.PHOTO],
    CaseConsent.PHONE: CONSENTS[ProxyConsent.PHONE],
    CaseConsent.NONE: _l("No consent yet"),
}
