"""Words for entries of the audit: ages of volunteers, guardians' consents, checks."""

from typing import Any

from flask_babel import lazy_gettext as _l

SAFEGUARDING_EVENTS: dict[str, Any] = {
    "AgeStated": _l("A volunteer said their age"),
    "AgeAskedAgain": _l("Had a volunteer asked for their age again"),
    "AdultReached": _l("A volunteer has come of age"),
    "RecordAsked": _l("Asked for a consent or a check"),
    "AskTakenBack": _l("Does not ask for a consent or a check any more"),
    "ConsentAsked": _l("Sent a guardian a link"),
    "ConsentRecorded": _l("A guardian's consent is on record"),
    "ConsentRefused": _l("A guardian does not agree"),
    "ConsentWithdrawn": _l("A guardian's consent was withdrawn"),
    "GuardianShown": _l("Looked at who a guardian is"),
    "GuardianForgotten": _l("Deleted who a guardian is"),
    "ConsentEnding": _l("Reminded of a consent that ends"),
    "PlacesWithoutConsent": _l("Places went back for want of consent"),
    "PlaceOutsideAge": _l("A place went back: the activity is for another age"),
    "CheckRecorded": _l("A check for work with children is on record"),
    "CheckObjected": _l("Objected to a check"),
    "CheckRemoved": _l("A check does not count any more"),
    "CheckEnding": _l("Reminded of a check that expires"),
    "AdultsLacking": _l("Told of a shift with children that lacks adults"),
    "ChecksLacking": _l("Told of a shift with children that lacks checks"),
}
SAFEGUARDING_TABLES: dict[str, Any] = {
    "volunteer_age": _l("Age of a volunteer"),
    "guardian_consent": _l("Guardian's consent"),
    "guardian_consent_file": _l("Photo of a signed form"),
    "children_check": _l("Check for work with children"),
    "safeguard_ask": _l("Ask for a consent or a check"),
}
SAFEGUARDING_COLUMNS: dict[str, Any] = {
    "adult_declared_on": _l("Said to be an adult on"),
    "birth_sealed": _l("Month of birth"),
    "checked_by_id": _l("Check made by"),
    "checked_on": _l("Check made on"),
    "consent_id": _l("Consent, number"),
    "ended_by_id": _l("Ended by"),
    "expires_on": _l("Good until"),
    "objected_at": _l("Objected to on"),
    "refused_at": _l("Refused on"),
    "stated_at": _l("Said on"),
    "valid_until": _l("Valid until"),
}
