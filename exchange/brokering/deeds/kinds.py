"""The closed lists of what both sides do once a match goes on: deliver, write, say how it was."""

from enum import StrEnum


class Deed(StrEnum):
    """What somebody does in a match that leaves its state as it is."""

    CONFIRM_DELIVERY = "confirm_delivery"
    DISPUTE_DELIVERY = "dispute_delivery"
    SETTLE_DELIVERY = "settle_delivery"
    PICTURE_DELIVERY = "picture_delivery"
    PROPOSE_CHANGE = "propose_change"
    ANSWER_CHANGE = "answer_change"
    WITHDRAW_CONTACT = "withdraw_contact"
    GIVE_CONTACT = "give_contact"
    WRITE = "write"
    WRITE_BOTH = "write_both"
    NOTE = "note"
    SHARE_FILE = "share_file"
    KEEP_FILE = "keep_file"
    ASK_FEEDBACK = "ask_feedback"
    GIVE_FEEDBACK = "give_feedback"
    FOLLOW_UP = "follow_up"
    POSTPONE = "postpone"
    RESUME = "resume"
    REMIND = "remind"


class DeliveryState(StrEnum):
    """How far a delivery is: on record, confirmed by who received it, disputed, struck out."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    STRUCK = "struck"


class ChangeState(StrEnum):
    """A proposal to change what is agreed."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"


class Thread(StrEnum):
    """Who reads a message: one side and its social worker, all three, or the social workers."""

    NEED = "need"
    OFFER = "offer"
    BOTH = "both"
    NOTES = "notes"


class FollowUpKind(StrEnum):
    """A look at what became of it, so long after it was completed."""

    WEEK = "week"
    MONTH = "month"
    SEASON = "season"


class FollowUpState(StrEnum):
    """Whether somebody has looked."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class Again(StrEnum):
    """Would you do it again?"""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class AgainReason(StrEnum):
    """Why somebody would not do it again."""

    WRONG_THING = "wrong_thing"
    QUALITY = "quality"
    NOT_DELIVERED = "not_delivered"
    TERMS = "terms"
    TIME = "time"
    TOO_FAR = "too_far"
    OTHER = "other"


class Period(StrEnum):
    """For how long an effect counts: once, each month, each year."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"
