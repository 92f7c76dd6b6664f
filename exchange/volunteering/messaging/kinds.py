"""The closed lists of messages to a shift."""

from enum import StrEnum


class Addressed(StrEnum):
    """Whom a message goes to. ``UNCONFIRMED``: they have a place and have not said they come."""

    PLACED = "placed"
    WAITING = "waiting"
    UNCONFIRMED = "unconfirmed"
    CHOSEN = "chosen"


class Answer(StrEnum):
    """What somebody says to a message, in one tap."""

    COMING = "coming"
    NOT_COMING = "not_coming"
    QUESTION = "question"


class AskedBy(StrEnum):
    """What made somebody be asked whether they come."""

    CHANGE = "change"
    REMINDER = "reminder"
    COORDINATOR = "coordinator"
