"""The closed lists of bulletins."""

from enum import StrEnum


class Rhythm(StrEnum):
    """How often a place has a bulletin."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class State(StrEnum):
    """The life of an issue."""

    COMPOSED = "composed"  # composed by itself, and open to be edited
    SUBMITTED = "submitted"  # edited, and handed to those who approve
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    DROPPED = "dropped"  # it will not come out; somebody has said so


WAITING = (State.COMPOSED, State.SUBMITTED, State.SENT_BACK)


class Missed(StrEnum):
    """What was not done by the evening of its day."""

    NOT_COMPOSED = "not_composed"
    NOT_APPROVED = "not_approved"
