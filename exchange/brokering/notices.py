"""The words of brokering's notices."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "match_proposed_to_need": _l(
        "A helper may have been found for “%(need)s”. Please look and answer."
    ),
    "match_proposed_to_offer": _l("Somebody could use “%(offer)s”. Please look and answer."),
    "match_need_accepted": _l("The village says yes: “%(need)s” with “%(offer)s”."),
    "match_need_declined": _l("The village says no: “%(need)s” with “%(offer)s”."),
    "match_offer_accepted": _l("The helper says yes: “%(offer)s” for “%(need)s”."),
    "match_offer_declined": _l("The helper says no: “%(offer)s” for “%(need)s”."),
    "match_introduced": _l(
        "Both sides said yes: “%(need)s” with “%(offer)s”. You can now see each other's contact."
    ),
    "match_committed": _l("An amount is agreed for “%(need)s” with “%(offer)s”."),
    "match_delivered": _l("A delivery is recorded for “%(need)s” with “%(offer)s”."),
    "match_outcome_recorded": _l(
        "The outcome of “%(need)s” with “%(offer)s” is written down. Please confirm it."
    ),
    "match_need_confirmed": _l(
        "The village side confirmed the outcome of “%(need)s” with “%(offer)s”."
    ),
    "match_offer_confirmed": _l(
        "The helping side confirmed the outcome of “%(need)s” with “%(offer)s”."
    ),
    "match_completed": _l("Both sides confirmed the outcome of “%(need)s” with “%(offer)s”."),
    "match_declined": _l("“%(need)s” with “%(offer)s” did not come about."),
    "match_lapsed": _l("The proposal “%(need)s” with “%(offer)s” has lapsed without an answer."),
    "match_withdrawn": _l("The social worker took the proposal “%(need)s” with “%(offer)s” back."),
    "match_ended_early": _l(
        "“%(need)s” with “%(offer)s” ends here: one of the two is not to be had any more."
    ),
    "match_ended_owner": _l(
        "“%(need)s” with “%(offer)s” ends here: the station has stopped the work of one of the "
        "organisations here."
    ),
    "match_ended_apart": _l(
        "“%(need)s” with “%(offer)s” ends here: one of the two sides cannot take part for now."
    ),
    "match_unsettled_withdrawn": _l(
        "“%(need)s” with “%(offer)s”: one of the two was taken back. Please ask both sides."
    ),
    "match_unsettled_parked": _l(
        "“%(need)s” with “%(offer)s”: one of the two is set aside. Please ask both sides."
    ),
    "match_unsettled_expired": _l(
        "“%(need)s” with “%(offer)s”: the last day of one of the two has passed. "
        "What they agree can still be written down."
    ),
    "match_unsettled_held": _l(
        "“%(need)s” with “%(offer)s”: one of the two is being looked into. "
        "Contacts are not shown until then. Please ask both sides."
    ),
    "match_unsettled_owner": _l(
        "“%(need)s” with “%(offer)s”: one of the two organisations may not be introduced at "
        "present. Contacts are not shown until then. Please ask both sides."
    ),
    "plan_queued_one": _l("One introduction from the plan of your centre waits in your queue."),
    "plan_queued": _l("%(count)s introductions from the plan of your centre wait in your queue."),
    "match_failed": _l("“%(need)s” with “%(offer)s” came to nothing. What was held is free again."),
}

REFUSALS = {
    "merge_match_open": _l(
        "A match goes on with this need. Keep this one and join the other with it, or end the "
        "match first."
    ),
    "combination_changed": _l(
        "Nothing was taken up: this cannot be had any more: %(titles)s. Please look again."
    ),
    "undertaking_need_gone": _l(
        "One of the needs is not part of this undertaking any more. Please look again."
    ),
    "undertaking_pairs": _l("Please choose at least one pair."),
    "combination_size": _l("These must be two or three different posts."),
    "safeguard_not_verified": _l(
        "People would come to people who need protection: the organisation must be verified first."
    ),
    "safeguard_not_checked": _l(
        "People would come to people who need protection: "
        "a check of those who come must be on record first."
    ),
    "safeguard_not_needed": _l("This pair needs no such check."),
    "safeguard_too_old": _l("That is more than a year ago. Please look again."),
    "not_in_future": _l("This day is still to come."),
    "due_day_passed": _l("This day has passed already."),
    "due_day_too_far": _l("This is more than three years away. Please check the year."),
    "match_not_your_step": _l("This step is for somebody else."),
    "match_not_your_side": _l("Only this side can answer here."),
    "match_not_your_division": _l("This place belongs to another station."),
    "close_reason_unpromised": _l(
        "Nothing is promised in this match yet, so this reason does not fit. Please choose another."
    ),
    "match_wrong_state": _l("This step is not possible at this point any more. Please look again."),
    "match_already_claimed": _l("Somebody has already taken this pair up."),
    "pair_already_dismissed": _l("Somebody has already said that this pair does not fit."),
    "match_already_answered": _l("This has already been answered."),
    "match_proxy_needs_consent": _l(
        "Whoever proposed does not answer for a side. "
        "As a proxy, record how the person agreed to this match."
    ),
    "match_no_proxy": _l("This side answers for itself; only a villager can have a proxy."),
    "match_proxy_one_side": _l("Who belongs to one side or spoke for it is no proxy of the other."),
    "contact_not_yet": _l("Contact data is shown when both sides have said yes."),
    "contact_missing": _l("No contact person is on record for this side."),
    "commitment_not_positive": _l("Both amounts must be more than zero."),
    "commitment_exceeds_offer": _l("The offer does not have that much left."),
    "commitment_exceeds_need": _l("The need does not need that much any more."),
    "commitment_covers_more": _l(
        "Both sides count in the same unit: no more can be covered than is taken from the offer."
    ),
    "delivery_exceeds_commitment": _l("That is more than was agreed and is still open."),
    "contact_on_hold": _l(
        "Contact data is not shown at present: one of the two is being looked into."
    ),
    "outcome_changed": _l("The outcome was written anew. Please read it again before you confirm."),
    "outcome_missing": _l("No outcome is written down yet."),
    "number_out_of_range": _l("This number cannot be right."),
    "effect_out_of_range": _l("Please write a sum from 0.01 to 100,000,000,000 yuan."),
    "pair_wrong_side": _l("A pair is one need and one offer."),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "match_proposed_to_need": Outward(
        Kind.ANSWERS, _l("A helper may have been found. Please answer.")
    ),
    "match_proposed_to_offer": Outward(
        Kind.ANSWERS, _l("Somebody could use your offer. Please answer.")
    ),
    "match_need_accepted": Outward(Kind.STATION, _l("The village of a match says yes.")),
    "match_need_declined": Outward(Kind.STATION, _l("The village of a match says no.")),
    "match_offer_accepted": Outward(Kind.STATION, _l("The helper of a match says yes.")),
    "match_offer_declined": Outward(Kind.STATION, _l("The helper of a match says no.")),
    "match_introduced": Outward(Kind.ANSWERS, _l("Both sides said yes.")),
    "match_committed": Outward(Kind.MATCHES, _l("An amount is agreed for a match.")),
    "match_delivered": Outward(Kind.MATCHES, _l("A delivery is recorded.")),
    "match_outcome_recorded": Outward(Kind.MATCHES, _l("Please confirm the outcome of a match.")),
    "match_need_confirmed": Outward(Kind.MATCHES, _l("A side confirmed an outcome.")),
    "match_offer_confirmed": Outward(Kind.MATCHES, _l("A side confirmed an outcome.")),
    "match_completed": Outward(Kind.MATCHES, _l("The outcome of a match is confirmed.")),
    "match_declined": Outward(Kind.ANSWERS, _l("A match did not come about.")),
    "match_lapsed": Outward(Kind.ANSWERS, _l("A proposal has lapsed without an answer.")),
    "match_withdrawn": Outward(Kind.ANSWERS, _l("A proposal was taken back.")),
    "match_ended_early": Outward(Kind.MATCHES, _l("A match has ended early.")),
    "match_ended_owner": Outward(Kind.MATCHES, _l("A match has ended early.")),
    "match_ended_apart": Outward(Kind.MATCHES, _l("A match has ended early.")),
    "match_unsettled_withdrawn": Outward(Kind.STATION, _l("Something about a match has changed.")),
    "match_unsettled_parked": Outward(Kind.STATION, _l("Something about a match has changed.")),
    "match_unsettled_expired": Outward(Kind.STATION, _l("Something about a match has changed.")),
    "match_unsettled_held": Outward(Kind.STATION, _l("Something about a match has changed.")),
    "match_unsettled_owner": Outward(Kind.STATION, _l("Something about a match has changed.")),
    "plan_queued_one": Outward(Kind.STATION, _l("New introductions wait in your queue.")),
    "plan_queued": Outward(Kind.STATION, _l("New introductions wait in your queue.")),
    "match_failed": Outward(Kind.MATCHES, _l("A match came to nothing.")),
}
