"""Words for entries of the audit: cooperation intentions, roadshows and visits."""

from typing import Any

from flask_babel import lazy_gettext as _l

INTENTION_EVENTS: dict[str, Any] = {
    "IntentionDeclared": _l("Declared a cooperation intention"),
    "IntentionChanged": _l("Changed an intention"),
    "IntentionTalked": _l("Wrote a message in an intention"),
    "IntentionAsked": _l("Asked for more about an intention"),
    "IntentionAccepted": _l("Accepted an intention"),
    "IntentionAttached": _l("Put an accepted intention to a need"),
    "IntentionDeclined": _l("An intention was declined"),
    "IntentionWithdrawn": _l("Took an intention back"),
    "IntentionLapsed": _l("An intention lapsed"),
    "IntentionSettled": _l("Wrote down what came of an intention"),
    "IntentionLapsesSoon": _l("An intention lapses soon"),
    "IntentionFollowUpDue": _l("A cooperation is to be followed up"),
    "IntentionOffered": _l("An accepted intention was posted as an offer"),
    "IntentionTakenUp": _l("An accepted intention became a match"),
    "IntentionNotTakenUp": _l("An accepted intention could not become a match"),
    "WantedStated": _l("Said which cooperation a project wishes for"),
    "VisitAnnounced": _l("Announced a roadshow or visit"),
    "VisitChanged": _l("Changed a roadshow or visit"),
    "VisitCancelled": _l("Called a roadshow or visit off"),
    "VisitComesNear": _l("Reminded of a roadshow or visit"),
    "VisitSignedUp": _l("Signed up for a roadshow or visit"),
    "VisitMovedUp": _l("Got a seat at a roadshow or visit"),
    "VisitLeft": _l("Signed off from a roadshow or visit"),
}
INTENTION_TABLES: dict[str, Any] = {
    "project_intention": _l("Cooperation intention"),
    "project_intention_message": _l("Message in an intention"),
    "intention_case": _l("Intention on its way to a match"),
    "project_visit": _l("Roadshow or visit"),
    "project_visit_sign_up": _l("Sign-up for a roadshow or visit"),
}
INTENTION_COLUMNS: dict[str, Any] = {
    "follow_up_on": _l("Asked again on"),
    "intention_id": _l("Intention, number"),
    "party": _l("For which side"),
    "refusal": _l("What stood in the way"),
    "visit_id": _l("Visit, number"),
    "starts_at": _l("Begins"),
    "ends_at": _l("Ends"),
    "closes_at": _l("Sign-up closes"),
    "seats": _l("Seats"),
    "taken": _l("Seats taken"),
    "place": _l("Meeting place"),
    "link": _l("Link"),
    "cancel_reason": _l("Why it was called off"),
}
