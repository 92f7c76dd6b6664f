"""The closed lists of verification."""

from enum import StrEnum


class Ruling(StrEnum):
    """What a station or a centre answers to a request."""

    GRANT = "grant"
    REFUSE = "refuse"
    MORE = "more"


class DecisionKind(StrEnum):
    """What was decided about an organisation's standing, or happened to it by itself."""

    GRANTED = "granted"
    REFUSED = "refused"
    MORE_WANTED = "more_wanted"
    SUSPENDED = "suspended"
    LIFTED = "lifted"
    LAPSED = "lapsed"
    CHANGED = "changed"


class Check(StrEnum):
    """What somebody looks at before a yes."""

    CODE = "code"
    PROOF = "proof"
    PLACE = "place"
    SPEAKER = "speaker"
    LICENCE = "licence"


class Wanted(StrEnum):
    """Which requests the queue shows."""

    WAITING = "waiting"
    MINE = "mine"
    RENEWALS = "renewals"
    THEIRS = "theirs"
