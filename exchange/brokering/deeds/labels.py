"""The words for deliveries, changes, messages, feedback and follow-up."""

from flask_babel import lazy_gettext as _l

from exchange.brokering.deeds.kinds import (
    Again,
    AgainReason,
    DeliveryState,
    FollowUpKind,
    FollowUpState,
    Period,
    Thread,
)
from exchange.brokering.deeds.models import Delivery
from exchange.listings.kinds import Side

ARRIVED = _l("Arrived, confirmed")
SETTLED = _l("Decided by the social worker")
DISPUTED = _l("Disputed: the social worker decides")
STRUCK = _l("Does not count")
# While only the receiving side has said its word, and while it is what is missing.
RECEIVED = {
    Side.NEED: _l("Confirmed by the village side"),
    Side.OFFER: _l("Confirmed by the helping side"),
}
WAITING = {
    Side.NEED: _l("Waiting for the village side to confirm"),
    Side.OFFER: _l("Waiting for the helping side to confirm"),
}

THREADS = {
    Thread.NEED: _l("Village side and social worker"),
    Thread.OFFER: _l("Helping side and social worker"),
    Thread.BOTH: _l("Both sides and social worker"),
    Thread.NOTES: _l("Notes of the social workers"),
}

HELPED = {
    5: _l("Helped a lot"),
    4: _l("Helped"),
    3: _l("Helped a little"),
    2: _l("Hardly helped"),
    1: _l("Did not help"),
}
AGAIN = {
    Again.YES: _l("Yes, again"),
    Again.UNSURE: _l("Not sure"),
    Again.NO: _l("No, not again"),
}
AGAIN_REASONS = {
    AgainReason.WRONG_THING: _l("It was another thing than needed"),
    AgainReason.QUALITY: _l("It was not good enough"),
    AgainReason.NOT_DELIVERED: _l("Not all of it came"),
    AgainReason.TIME: _l("The time did not suit"),
    AgainReason.TERMS: _l("The terms did not suit"),
    AgainReason.TOO_FAR: _l("Too far"),
    AgainReason.OTHER: _l("Another reason"),
}
FOLLOW_UPS = {
    FollowUpKind.WEEK: _l("After a week"),
    FollowUpKind.MONTH: _l("After a month"),
    FollowUpKind.SEASON: _l("After a season"),
}
FOLLOW_UP_STATES = {
    FollowUpState.OPEN: _l("To do"),
    FollowUpState.DONE: _l("Done"),
    FollowUpState.SKIPPED: _l("Left out"),
}
PERIODS = {
    Period.ONCE: _l("once"),
    Period.MONTH: _l("each month"),
    Period.YEAR: _l("each year"),
}

DEED_STEPS = {
    "proxy_consent": _l("put on record how the person consented"),
    "need_confirmed_delivery": _l("confirmed a delivery for the village side"),
    "offer_confirmed_delivery": _l("confirmed a delivery for the helping side"),
    "need_disputed_delivery": _l("contradicted a delivery for the village side"),
    "offer_disputed_delivery": _l("contradicted a delivery for the helping side"),
    "delivery_unconfirmed": _l("A delivery that was not confirmed does not count"),
    "settled_delivery": _l("decided on the disputed delivery"),
    "change_proposed": _l("asked to change what is agreed"),
    "change_taken_back": _l("took the wish to change back"),
    "need_accepted_change": _l("agreed to the change for the village side"),
    "need_refused_change": _l("refused the change for the village side"),
    "offer_accepted_change": _l("agreed to the change for the helping side"),
    "offer_refused_change": _l("refused the change for the helping side"),
    "changed": _l("What is agreed was changed"),
    "need_withdrew_contact": _l("withdrew the contact of the village side"),
    "offer_withdrew_contact": _l("withdrew the contact of the helping side"),
    "need_gave_contact": _l("lets the contact of the village side be seen again"),
    "offer_gave_contact": _l("lets the contact of the helping side be seen again"),
    "attached": _l("put a picture or document with it"),
    "took_away": _l("took a picture or document away"),
    "delivery_pictured": _l("added photos to a delivery"),
    "feedback_asked": _l("asked both sides how it was"),
    "need_feedback": _l("said how it was for the village side"),
    "offer_feedback": _l("said how it was for the helping side"),
    "follow_up_done": _l("asked again what became of it"),
    "follow_up_skipped": _l("left a follow-up out"),
}


def delivery_tag(one: Delivery, *, is_over: bool) -> tuple[str, str]:
    """How far a delivery is, in a few words that say whose word is missing, and its colour.

    ``is_over``: both sides have confirmed the outcome, and with it what came.
    """
    if one.state is DeliveryState.STRUCK:
        return str(STRUCK), ""
    if one.state is DeliveryState.DISPUTED:
        return str(DISPUTED), "warn"
    if is_over or (one.received_at and one.given_at):
        return str(ARRIVED), "offer"
    if one.settled_at:
        return str(SETTLED), "offer"
    if one.received_at:
        return str(RECEIVED[one.receiver]), "offer"
    return str(WAITING[one.receiver]), "warn"
