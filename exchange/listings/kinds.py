"""The closed lists of the listings room."""

from enum import StrEnum


class Side(StrEnum):
    """Need (需求) or offer (资源)."""

    NEED = "need"
    OFFER = "offer"

    @property
    def other(self) -> "Side":
        return Side.OFFER if self is Side.NEED else Side.NEED


class Door(StrEnum):
    """Through which of the three doors a listing came in."""

    HELP = "help"
    SELL = "sell"
    OFFER = "offer"

    @property
    def side(self) -> Side:
        return Side.OFFER if self is Door.OFFER else Side.NEED


class Form(StrEnum):
    """Where what it says comes from: its owner posted it, or another room keeps it in step with
    what a volunteer says of their time.
    """

    POSTED = "posted"
    AVAILABILITY = "availability"


class State(StrEnum):
    """The life of a listing."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    PARTLY_MATCHED = "partly_matched"
    FULFILLED = "fulfilled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    PARKED = "parked"
    MERGED = "merged"


OPEN_STATES = (State.PUBLISHED, State.PARTLY_MATCHED)
ENDED_STATES = (State.FULFILLED, State.EXPIRED, State.WITHDRAWN, State.MERGED)
# What others may still look at after its time: the record of what was asked and what came of it.
# Whoever opens one that was merged is led to the need that was kept.
SHOWN_STATES = (*OPEN_STATES, State.FULFILLED, State.EXPIRED, State.MERGED)


class Visibility(StrEnum):
    """Who may see a published listing besides its owner."""

    PUBLIC = "public"
    VERIFIED = "verified"
    BROKERS = "brokers"


class Urgency(StrEnum):
    """How soon it is needed."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"
