"""The words of ages, consents and checks. They fit the volunteer and the coordinator alike."""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.volunteering.safeguarding.kinds import AskKind, ConsentState, ConsentWay

WAY_LABELS: dict[ConsentWay, Any] = {
    ConsentWay.SPOKEN: _l("Spoken, on the phone or face to face"),
    ConsentWay.WRITTEN: _l("On paper, which we keep"),
    ConsentWay.PHOTO: _l("Photo of the signed form"),
    ConsentWay.LINK: _l("Send the guardian a link"),
}
WAYS_DONE: dict[ConsentWay, Any] = {
    ConsentWay.SPOKEN: _l("spoken"),
    ConsentWay.WRITTEN: _l("on paper"),
    ConsentWay.PHOTO: _l("photo of the signed form"),
    ConsentWay.LINK: _l("by a link on the guardian's phone"),
}
STATE_LABELS: dict[ConsentState, Any] = {
    ConsentState.ASKED: _l("The guardian has not answered yet"),
    ConsentState.GIVEN: _l("The guardian agrees"),
    ConsentState.REFUSED: _l("The guardian does not agree"),
    ConsentState.WITHDRAWN: _l("Withdrawn"),
    ConsentState.ENDED: _l("Ended"),
}
STATE_TONES: dict[ConsentState, str] = {
    ConsentState.ASKED: "warn",
    ConsentState.GIVEN: "offer",
    ConsentState.REFUSED: "need",
    ConsentState.WITHDRAWN: "",
    ConsentState.ENDED: "",
}
ASK_LABELS: dict[AskKind, Any] = {
    AskKind.CONSENT: _l("The guardian's consent"),
    AskKind.CHECK: _l("The check for work with children"),
}
SENTENCES: dict[str, Any] = {
    "age_needed": _l(
        "Before the first shift, the volunteer says whether they are 18 or older: under My shifts, "
        "Age and consent."
    ),
    "age_too_young": _l("Volunteers here are at least %(youngest)s years old."),
    "age_below": _l("This activity is for volunteers from %(least)s years on."),
    "age_above": _l("This activity is for volunteers up to %(most)s years."),
    "age_fixed": _l(
        "The age has been given already. If it is wrong, ask the organisation to have it asked "
        "again."
    ),
    "birth_form": _l("Please choose the year and month of birth."),
    "consent_missing": _l(
        "Under 18, a guardian has to agree first, and no consent is on record with this "
        "organisation. Tell us whom the organisation can ask."
    ),
    "consent_ends_before": _l(
        "The guardian's consent ends on %(day)s, before this shift. It has to be given again."
    ),
    "place_lacks_consent": _l("Your guardian's consent is still missing"),
    "place_lacks_check": _l("Your check for work with children is still missing"),
    "consent_day": _l("Choose today or a day of the past year."),
    "consent_until": _l("A consent is good for a year at most, and until today at least."),
    "consent_photo_needed": _l("Please add a photo of the signed form."),
    "consent_photos_many": _l("Please send at most 4 photos."),
    "consent_for_adult": _l("They are 18 or older: no guardian has to agree."),
    "consent_age_unknown": _l(
        "They have not said their age yet: they are asked when they sign up."
    ),
    "consent_no_channel": _l(
        "This site cannot send messages to such an address. Please choose another way."
    ),
    "consent_over": _l("This consent has ended already."),
    "guardian_forgotten": _l("Who agreed was deleted, as it had ended long ago."),
    "guardian_reach_form": _l("Please enter a mobile number or an e-mail address."),
    "guardian_reach_own": _l(
        "This is the volunteer's own number or address. It has to be the guardian's."
    ),
    "check_missing": _l(
        "Children take part: whoever is with them needs a check that the organisation has on "
        "record, and there is none yet. Ask the organisation to make it."
    ),
    "check_ends_before": _l(
        "The check for work with children is good until %(day)s, not on the day of this shift. It "
        "has to be made again."
    ),
    "children_places_for_adults": _l(
        "Children take part: %(least)s places of this shift are for adults. There is none left for "
        "anybody under 18."
    ),
    "children_room_for_adults": _l(
        "With children two places of each shift are for adults. In one shift %(others)s volunteers "
        "under 18 have places: it needs at least %(needed)s places."
    ),
    "check_day": _l("Choose a day of the past year. An older check has expired."),
    "check_for_minor": _l("They are under 18: the guardian's consent counts, no check."),
    "check_over": _l("This check does not count any more."),
    "badge_age_unknown": _l("Age not said yet"),
    "badge_consent": _l("Under 18, the guardian agrees"),
    "badge_no_consent": _l("Under 18, no consent"),
    "badge_wrong_age": _l("Not of the age for it"),
    "badge_checked": _l("Checked"),
    "badge_unchecked": _l("No check for this day"),
    "check_said_wrong": _l("Is said to be wrong"),
    "check_expired": _l("Expired"),
    "check_good_until": _l("Good until %(day)s"),
    "safeguard_own": _l("Nobody records this about themselves. Please ask somebody else."),
    "safeguard_minor_records": _l("Only adults put a consent on record."),
    "safeguard_not_yours": _l(
        "Only those who look after volunteers of this organisation may do that."
    ),
    "safeguard_nothing_missing": _l("Nothing is missing. You can sign up."),
}


def link_words(locale: str, link: str) -> tuple[str, str, str]:
    """Subject, sentence and text of the message to a guardian; no name stands in it."""
    with force_locale(locale):
        sentence = str(_("A child asks for your consent to volunteer."))
        text = str(_("%(sentence)s Look: %(address)s", sentence=sentence, address=link))
        return str(_("Your consent is asked for")), sentence, text
