"""News of volunteers' time, and of asking for substitutes."""

from dataclasses import dataclass

from exchange.kernel.events import Event
from exchange.volunteering.events import SignupEvent


@dataclass(frozen=True)
class AvailabilityEvent(Event):
    """Something about what one person says of their time."""

    person_id: int


@dataclass(frozen=True)
class AvailabilitySaid(AvailabilityEvent):
    """They have said for the first time what they can do and when."""


@dataclass(frozen=True)
class AvailabilityChanged(AvailabilityEvent):
    """They say something else of it."""


@dataclass(frozen=True)
class AvailabilityPaused(AvailabilityEvent):
    """They have no time for a while; ``AvailabilityResumed`` follows, or the last day of it."""


@dataclass(frozen=True)
class AvailabilityResumed(AvailabilityEvent):
    """They have time again."""


@dataclass(frozen=True)
class AvailabilityEnded(AvailabilityEvent):
    """They have taken all of it away."""


@dataclass(frozen=True)
class SubstituteAsked(SignupEvent):
    """A coordinator asked somebody to come to a shift."""

    substitute_id: int


@dataclass(frozen=True)
class SubstituteReplied(SignupEvent):
    """Whoever was asked has answered to the shift."""

    substitute_id: int
