"""The words of undertakings."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.listings.undertakings.rules import PartState

PART_LABELS: dict[PartState, Any] = {
    PartState.MET: _l("Fully settled"),
    PartState.PARTNER: _l("Partner found"),
    PartState.PARTLY: _l("Partner for a part"),
    PartState.TALKS: _l("In talks"),
    PartState.SUGGESTED: _l("Has suggestions"),
    PartState.NOTHING: _l("Nothing yet"),
    PartState.REVIEW: _l("Waiting for the station"),
    PartState.ENDED: _l("Ended"),
}
# Colours of tags: tea for what is settled, ochre for what waits for somebody.
PART_TONES: dict[PartState, str] = {
    PartState.MET: "offer",
    PartState.PARTNER: "offer",
    PartState.PARTLY: "project",
    PartState.TALKS: "project",
    PartState.REVIEW: "warn",
}
SENTENCES: dict[str, Any] = {
    "undertaking_no_needs": _l("Please choose at least one need."),
    "undertaking_name_form": _l("A name has between 1 and 60 characters."),
    "undertaking_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: others read this."
    ),
    "undertaking_payment_in_text": _l("No account numbers or payment codes here, please."),
    "undertaking_only_needs": _l("Only needs can be put together, not offers."),
    "undertaking_other_owner": _l("Only needs of one and the same organisation belong together."),
    "undertaking_need_closed": _l("One of the needs is not open any more. Please choose again."),
    "undertaking_need_taken": _l(
        "One of the needs belongs to another undertaking already. A need can be in one only."
    ),
    "undertaking_full": _l("An undertaking has at most %(most)s needs."),
    "too_many_undertakings": _l(
        "There are %(most)s undertakings already. Please dissolve one that is done."
    ),
    "undertaking_not_yours": _l(
        "Only the owner's people change this, or a social worker who serves the places of all its "
        "needs."
    ),
    "undertaking_gone": _l(
        "The need is posted, but the undertaking is not there any more, so it stands on its own."
    ),
    "undertaking_changed": _l("Somebody changed this a moment ago. Please look once more."),
}
