"""The words of filing for somebody: labels, and sentences for codes."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.listings.filing.kinds import FilingConsent, FilingState
from exchange.listings.kinds import Door

FILED_DOORS: dict[Door, Any] = {
    Door.HELP: _l("They need help"),
    Door.SELL: _l("They have something to sell"),
}
CONSENTS: dict[FilingConsent, Any] = {
    FilingConsent.SPOKEN: _l("Said so"),
    FilingConsent.WRITTEN: _l("Wrote it down"),
    FilingConsent.PHOTO: _l("Signed our form (photo)"),
}
STATES: dict[FilingState, Any] = {
    FilingState.WAITING: _l("No consent yet"),
    FilingState.GIVEN: _l("Consent on record"),
    FilingState.WITHDRAWN: _l("Consent withdrawn"),
    FilingState.FORGOTTEN: _l("Private data deleted"),
}
TONES: dict[FilingState, str] = {FilingState.WAITING: "warn", FilingState.GIVEN: "offer"}
SENTENCES: dict[str, Any] = {
    "filing_not_yours": _l(
        "Social workers and village officers file for somebody else. Ask one of them to do it."
    ),
    "filing_for_office": _l(
        "Please act for your station or agency first (on your own page): what you file belongs to "
        "it, not to you."
    ),
    "filing_place": _l(
        "This place is neither your village nor where your station serves. Please ask the station "
        "there to file it."
    ),
    "filing_no_consent": _l(
        "No consent is on record yet, so this cannot be posted. Open “Filed for somebody” and "
        "write down how they agreed."
    ),
    "filing_consent_withdrawn": _l(
        "They have withdrawn their consent, so this cannot be shown to anybody any more."
    ),
    "filing_name_in_words": _l(
        "The name of the person stays off the page. Please write “a villager” instead of it."
    ),
    "filing_consent_there": _l("Their consent is on record already."),
    "filing_consent_day": _l("The day they agreed is today or within the last year."),
    "filing_read_back": _l(
        "Please read back to them what is written here, and tick this when they said yes to it."
    ),
    "filing_paper_where": _l("Please say what they wrote, and where the paper is kept."),
    "filing_photo_needed": _l("Please add a photo of the signed form."),
    "filing_too_many_pictures": _l("At most 4 pictures, please."),
    "filing_consent_to_publish": _l(
        "Without their consent to posting it, it cannot be posted. Choose “Not yet” if you still "
        "have to ask them."
    ),
    "filing_form_unknown": _l(
        "No form of ours has this number. Please compare every digit, or leave it empty."
    ),
    "filing_form_used": _l("This form was entered already. One form is one entry."),
    "filing_how_many_forms": _l("Between 1 and %(most)s forms at a time."),
    "filing_forgotten": _l("Who it was for has been deleted, as it was promised to them."),
    "filing_not_copied": _l(
        "This was filed for somebody. Please file it anew: it needs consent of its own."
    ),
    "filing_no_offers": _l("Please choose one of the two."),
    "not_shared": _l(
        "This is not shown to everybody, so there is no poster and no text to pass on."
    ),
}
