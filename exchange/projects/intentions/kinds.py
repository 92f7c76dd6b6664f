"""The closed lists of cooperation intentions (合作意向)."""

from enum import StrEnum


class IntentionKind(StrEnum):
    """What somebody would bring."""

    FUNDS = "funds"
    TECHNOLOGY = "technology"
    PURCHASE = "purchase"
    TRAINING = "training"
    EQUIPMENT = "equipment"
    PEOPLE = "people"
    INVESTMENT = "investment"
    OTHER = "other"


class IntentionState(StrEnum):
    """The life of an intention."""

    DECLARED = "declared"
    ASKED = "asked"
    ACCEPTED = "accepted"
    FULFILLED = "fulfilled"
    FAILED = "failed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OPEN_STATES = (IntentionState.DECLARED, IntentionState.ASKED)
LIVE_STATES = (*OPEN_STATES, IntentionState.ACCEPTED)


class Step(StrEnum):
    """What can be done to an intention."""

    TALK = "talk"
    CHANGE = "change"
    ASK = "ask"
    ACCEPT = "accept"
    DECLINE = "decline"
    ATTACH = "attach"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    CLOSE = "close"


class Party(StrEnum):
    """How somebody stands to an intention. Nobody of the declaring organisation answers it."""

    DECLARER = "declarer"
    PROJECT = "project"
    WORKER = "worker"
    SYSTEM = "system"


class DeclineReason(StrEnum):
    """Why an intention is not taken up."""

    NOT_WANTED_NOW = "not_wanted_now"
    FOUND_ELSEWHERE = "found_elsewhere"
    TERMS = "terms"
    TIME = "time"
    AMOUNT = "amount"
    OTHER = "other"
