"""Words for entries of the audit: volunteers' time, and asking for substitutes."""

from typing import Any

from flask_babel import lazy_gettext as _l

AVAILABILITY_EVENTS: dict[str, Any] = {
    "AvailabilitySaid": _l("Said when they can help"),
    "AvailabilityChanged": _l("Changed when they can help"),
    "AvailabilityPaused": _l("Paused their volunteering"),
    "AvailabilityResumed": _l("Has time for volunteering again"),
    "AvailabilityEnded": _l("Took away when they can help"),
    "SubstituteAsked": _l("Asked somebody to stand in for a shift"),
    "SubstituteReplied": _l("Answered to being asked to stand in"),
}
AVAILABILITY_TABLES: dict[str, Any] = {
    "volunteer_availability": _l("A volunteer's time"),
    "volunteer_substitute_request": _l("Request to stand in"),
}
AVAILABILITY_COLUMNS: dict[str, Any] = {
    "asked_by_id": _l("Asked by"),
    "consented_at": _l("Agreed to be asked on"),
    "dialect": _l("Another language or dialect"),
    "form": _l("Where it comes from"),
    "has_transport": _l("Gets there by own means"),
    "is_remote": _l("Also helps online"),
    "may_be_asked": _l("May be asked"),
    "pause_from": _l("Pause from"),
    "pause_until": _l("Pause until"),
    "reach": _l("How far they go"),
    "replied_at": _l("Answered on"),
    "reply": _l("Answer"),
    "skills": _l("Skills"),
    "substitute_id": _l("Request to stand in, number"),
    "times": _l("Days and times"),
    "tongues": _l("Languages"),
    "words": _l("Own words"),
}
