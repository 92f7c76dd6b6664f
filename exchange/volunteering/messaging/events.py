"""News of messages to a shift, and of those who are asked. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event
from exchange.volunteering.events import SignupEvent


@dataclass(frozen=True)
class ShiftMessageSent(Event):
    """Somebody who looks after an activity wrote to people of a shift."""

    activity_id: int
    organisation_id: int
    shift_id: int
    message_id: int
    count: int


@dataclass(frozen=True)
class ShiftMessageAnswered(SignupEvent):
    """Somebody answered a message: that they come, that they cannot, or with a question."""

    message_id: int
    answer: str


@dataclass(frozen=True)
class ComingAskedAgain(SignupEvent):
    """Somebody who was silent is asked once more; ``with_release``: else their place goes."""

    with_release: bool = False


@dataclass(frozen=True)
class PlaceReleased(SignupEvent):
    """Somebody has not answered in time, and their place is free for others."""
