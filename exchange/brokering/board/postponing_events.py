"""News of matches that rest until a day.

They are no ``MatchEvent``: setting a match aside is no work on it, so no escalation ends by it.
"""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class MatchPostponed(Event):
    """Whoever brokers a match looks at it again on a later day."""

    match_id: int


@dataclass(frozen=True)
class MatchResumed(Event):
    """A match that was set aside is back before its day."""

    match_id: int
