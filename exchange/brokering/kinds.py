"""The closed lists of brokering."""

from enum import StrEnum


class MatchState(StrEnum):
    """The life of a match (对接)."""

    CLAIMED = "claimed"
    PROPOSED = "proposed"
    INTRODUCED = "introduced"
    AGREED = "agreed"
    DELIVERING = "delivering"
    COMPLETED = "completed"
    EVALUATED = "evaluated"
    DISMISSED = "dismissed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


LIVE_STATES = (
    MatchState.CLAIMED,
    MatchState.PROPOSED,
    MatchState.INTRODUCED,
    MatchState.AGREED,
    MatchState.DELIVERING,
)
# Both sides have confirmed the outcome.
DONE_STATES = (MatchState.COMPLETED, MatchState.EVALUATED)
CONTACT_STATES = (
    MatchState.INTRODUCED,
    MatchState.AGREED,
    MatchState.DELIVERING,
    *DONE_STATES,
)


class Step(StrEnum):
    """What somebody does with a match."""

    CLAIM = "claim"
    DISMISS = "dismiss"
    CHECK = "check"
    PROPOSE = "propose"
    ANSWER = "answer"
    COMMIT = "commit"
    DELIVER = "deliver"
    RECORD_OUTCOME = "record_outcome"
    CONFIRM = "confirm"
    EVALUATE = "evaluate"
    WITHDRAW = "withdraw"
    FAIL = "fail"
    LAPSE = "lapse"
    REMIND = "remind"
    END = "end"
    RELEASE = "release"
    RESTORE = "restore"
    TAKE_BACK = "take_back"


class Answer(StrEnum):
    """What a side says to a proposal."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ProxyConsent(StrEnum):
    """How a villager consented to somebody answering for them in this match."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    PHONE = "phone"


class CheckKind(StrEnum):
    """What was looked at before people come to people who need protection."""

    NO_RECORD = "no_record"
    BAN_QUERY = "ban_query"
    LICENCE = "licence"
    ACCOMPANIED = "accompanied"


class DismissReason(StrEnum):
    """Why a suggested pair is not worth an introduction."""

    WRONG_THING = "wrong_thing"
    TOO_FAR = "too_far"
    WRONG_TIME = "wrong_time"
    TOO_LITTLE = "too_little"
    TERMS = "terms"
    KNOWN_PROBLEM = "known_problem"
    ALREADY_HELPED = "already_helped"
    OTHER = "other"


class EndCause(StrEnum):
    """What happened to one of the two listings, or to its owner, while a match went on."""

    WITHDRAWN = "withdrawn"
    PARKED = "parked"
    EXPIRED = "expired"
    HELD = "held"
    OWNER = "owner"


class CloseReason(StrEnum):
    """Why a match ended without an outcome."""

    NOT_NEEDED = "not_needed"
    NOT_AVAILABLE = "not_available"
    TERMS = "terms"
    TIME = "time"
    NO_ANSWER = "no_answer"
    NOT_DELIVERED = "not_delivered"
    QUALITY = "quality"
    NO_TIME = "no_time"
    NOT_MINE = "not_mine"
    TOO_CLOSE = "too_close"
    OTHER = "other"
