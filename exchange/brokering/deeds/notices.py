"""The words of notices on deliveries, changes, consent, messages and follow-up."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

DEED_NOTICES = {
    "match_delivery_to_confirm": _l(
        "A delivery is recorded for “%(need)s” with “%(offer)s”. Did it arrive? Please confirm."
    ),
    "match_delivery_confirmed": _l("A delivery is confirmed for “%(need)s” with “%(offer)s”."),
    "match_delivery_unconfirmed": _l(
        "Nobody has confirmed a delivery for a week: “%(need)s” with “%(offer)s”. Please call."
    ),
    "match_delivery_disputed": _l(
        "A delivery is disputed: “%(need)s” with “%(offer)s”. The social worker settles it."
    ),
    "match_delivery_settled": _l(
        "The social worker has decided on a disputed delivery: “%(need)s” with “%(offer)s”."
    ),
    "match_change_proposed": _l(
        "Somebody asks to change what is agreed: “%(need)s” with “%(offer)s”. Please answer."
    ),
    "match_change_refused": _l(
        "The change was refused, what was agreed stands: “%(need)s” with “%(offer)s”."
    ),
    "match_change_taken_back": _l(
        "The wish to change was taken back: “%(need)s” with “%(offer)s”."
    ),
    "match_change_accepted_for_you": _l(
        "A proxy agreed to a change for you: “%(need)s” with “%(offer)s”."
    ),
    "match_changed": _l("What is agreed was changed: “%(need)s” with “%(offer)s”."),
    "match_need_contact_withdrawn": _l(
        "The village side has withdrawn its contact: “%(need)s” with “%(offer)s”."
    ),
    "match_offer_contact_withdrawn": _l(
        "The helping side has withdrawn its contact: “%(need)s” with “%(offer)s”."
    ),
    "match_need_contact_given": _l(
        "The contact of the village side can be seen again: “%(need)s” with “%(offer)s”."
    ),
    "match_offer_contact_given": _l(
        "The contact of the helping side can be seen again: “%(need)s” with “%(offer)s”."
    ),
    "match_message": _l("There is a message on “%(need)s” with “%(offer)s”."),
    "match_feedback_asked": _l("How was it? Three taps are enough: “%(need)s” with “%(offer)s”."),
    "match_need_feedback": _l("The village side says how it was: “%(need)s” with “%(offer)s”."),
    "match_offer_feedback": _l("The helping side says how it was: “%(need)s” with “%(offer)s”."),
    "match_follow_up_week": _l(
        "A week has passed, please ask how it is: “%(need)s” with “%(offer)s”."
    ),
    "match_follow_up_month": _l(
        "A month has passed, please ask how it is: “%(need)s” with “%(offer)s”."
    ),
    "match_follow_up_season": _l(
        "A season has passed, please ask how it is: “%(need)s” with “%(offer)s”."
    ),
}

DEED_REFUSALS = {
    "delivery_not_open": _l("This delivery is settled or disputed already. Please look again."),
    "delivery_disputed": _l(
        "A delivery is disputed. The social worker decides on it first, then it can be completed."
    ),
    "delivery_before_match": _l("The two were introduced only on %(day)s. Please check the day."),
    "outcome_far_more_than_agreed": _l(
        "That is more than ten times what was agreed (%(amount)s). Please check the number."
    ),
    "outcome_far_more_than_asked": _l(
        "That is more than ten times what was asked for (%(amount)s). Please check the number."
    ),
    "commitment_meanwhile": _l(
        "An amount has been agreed here in the meantime. "
        "If this one comes on top of it, please send it once more."
    ),
    "delivery_meanwhile": _l(
        "You have recorded a delivery here in the meantime. "
        "If this one came on top of it, please send it once more."
    ),
    "change_waits": _l("A change of this waits for an answer already."),
    "change_nothing": _l("Nothing would change by that. Please look again."),
    "change_below_delivered": _l("More than that has arrived already."),
    "contact_withdrawn": _l(
        "This side has withdrawn its contact. Write a message here, or ask the social worker."
    ),
    "too_many_match_pictures": _l("Four at most at once."),
    "match_pictures_full": _l("There are sixty pictures and documents with this match already."),
    "file_stays": _l("This stays: it belongs to a delivery, or somebody else added it."),
    "delivery_pictures_not_yours": _l(
        "Only whoever noted this delivery and the social worker can add photos to it."
    ),
    "delivery_pictures_settled": _l(
        "This delivery is settled, so its photos stay as they are. You can put photos with the "
        "match instead, under pictures and documents."
    ),
    "delivery_pictures_late": _l(
        "Photos could be added for %(days)s days after the delivery was noted. You can put them "
        "with the match instead, under pictures and documents."
    ),
    "delivery_pictures_full": _l("Twelve photos of a delivery at most."),
    "text_too_long": _l("Please write at most 1,000 characters."),
    "feedback_asked": _l("Both sides have been asked already."),
    "feedback_not_asked": _l("Please ask both sides first how it was."),
    "follow_up_early": _l(
        "This look is due on %(day)s and can be noted from a week before. What you heard today can "
        "stand in the notes of the match."
    ),
    "effect_needs_both": _l("Please give an amount and for how long it counts."),
    "unit_unknown": _l("This unit is not known here."),
}

# What leaves the site: no names, no titles.
DEED_OUTWARD = {
    "match_delivery_to_confirm": Outward(Kind.ANSWERS, _l("Please confirm a delivery.")),
    "match_delivery_confirmed": Outward(Kind.MATCHES, _l("A delivery is confirmed.")),
    "match_delivery_unconfirmed": Outward(Kind.STATION, _l("A delivery is still unconfirmed.")),
    "match_delivery_disputed": Outward(Kind.MATCHES, _l("A delivery is disputed.")),
    "match_delivery_settled": Outward(Kind.MATCHES, _l("A disputed delivery is settled.")),
    "match_change_proposed": Outward(Kind.ANSWERS, _l("Somebody asks to change what is agreed.")),
    "match_change_refused": Outward(Kind.MATCHES, _l("What was agreed stands.")),
    "match_change_taken_back": Outward(Kind.MATCHES, _l("What was agreed stands.")),
    "match_change_accepted_for_you": Outward(
        Kind.MATCHES, _l("A proxy agreed to a change for you.")
    ),
    "match_changed": Outward(Kind.MATCHES, _l("What is agreed was changed.")),
    "match_need_contact_withdrawn": Outward(Kind.MATCHES, _l("A contact was withdrawn.")),
    "match_offer_contact_withdrawn": Outward(Kind.MATCHES, _l("A contact was withdrawn.")),
    "match_need_contact_given": Outward(Kind.MATCHES, _l("A contact can be seen again.")),
    "match_offer_contact_given": Outward(Kind.MATCHES, _l("A contact can be seen again.")),
    "match_message": Outward(Kind.MATCHES, _l("There is a message for you.")),
    "match_feedback_asked": Outward(Kind.ANSWERS, _l("How was it? Three taps are enough.")),
    "match_need_feedback": Outward(Kind.STATION, _l("A side says how it was.")),
    "match_offer_feedback": Outward(Kind.STATION, _l("A side says how it was.")),
    "match_follow_up_week": Outward(Kind.STATION, _l("Please ask what became of a match.")),
    "match_follow_up_month": Outward(Kind.STATION, _l("Please ask what became of a match.")),
    "match_follow_up_season": Outward(Kind.STATION, _l("Please ask what became of a match.")),
}
