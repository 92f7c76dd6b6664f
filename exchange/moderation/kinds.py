"""The closed lists of the moderation room."""

from enum import StrEnum


class TargetKind(StrEnum):
    """What a report is about."""

    LISTING = "listing"
    ORGANISATION = "organisation"
    PERSON = "person"
    PROJECT = "project"
    ACTIVITY = "activity"


class Part(StrEnum):
    """Whom in a match a report is about."""

    NEED = "need"
    OFFER = "offer"
    BROKER = "broker"


class Reason(StrEnum):
    """Why somebody reports."""

    WRONG = "wrong"
    FRAUD = "fraud"
    PRIVATE = "private"
    OFFENSIVE = "offensive"
    CHILD = "child"
    DUPLICATE = "duplicate"
    OTHER = "other"


class CaseState(StrEnum):
    """A case is looked at, waits for the owner, or is closed."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What those who decide may do."""

    NO_ACTION = "no_action"
    MEND = "mend"
    HOLD = "hold"
    TAKE_DOWN = "take_down"
    SUSPEND = "suspend"
    REFER = "refer"


class StepKind(StrEnum):
    """A line of a case's history."""

    HELD_BY_ITSELF = "held_by_itself"
    CLAIMED = "claimed"
    PUT_DOWN = "put_down"
    NO_ACTION = "no_action"
    MEND = "mend"
    CHANGED = "changed"
    UNANSWERED = "unanswered"
    HOLD = "hold"
    TAKE_DOWN = "take_down"
    SUSPEND = "suspend"
    REFER = "refer"
    APPEALED = "appealed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    LIFTED = "lifted"


class Shown(StrEnum):
    """Which cases the queue shows."""

    OPEN = "open"
    MINE = "mine"
    APPEALS = "appeals"
    WAITING = "waiting"
    CLOSED = "closed"


class Nearest(StrEnum):
    """Who is there to look at an appeal."""

    PLACE = "place"
    ELSEWHERE = "elsewhere"
    SITE = "site"
    NOBODY = "nobody"
