"""News of suggestions that somebody does not want to look at for a while."""

from dataclasses import dataclass
from datetime import date

from exchange.kernel.events import Event


@dataclass(frozen=True)
class PairSetAside(Event):
    """A worker set a suggested pair aside, for themself alone, until a day."""

    need_id: int
    offer_id: int
    until: date


@dataclass(frozen=True)
class PairBroughtBack(Event):
    """A worker wants to see the pair again before that day."""

    need_id: int
    offer_id: int
