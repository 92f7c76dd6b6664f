"""News of accepted intentions on their way to a match."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class IntentionOffered(Event):
    """An accepted intention was posted as an offer for the brokers."""

    intention_id: int
    offer_id: int
    organisation_id: int


@dataclass(frozen=True)
class IntentionTakenUp(Event):
    """It became a match."""

    intention_id: int
    match_id: int


@dataclass(frozen=True)
class IntentionNotTakenUp(Event):
    """Something stands in the way, and somebody of the station has to look."""

    intention_id: int
    reason: str
