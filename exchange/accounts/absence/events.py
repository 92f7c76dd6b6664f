"""News of absences."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class AbsenceEvent(Event):
    """Something about a worker who is away and who stands in for them."""

    absence_id: int
    person_id: int
    stand_in_id: int


@dataclass(frozen=True)
class AbsenceSet(AbsenceEvent):
    """It is on record when the worker is away."""


@dataclass(frozen=True)
class AbsenceBegan(AbsenceEvent):
    """The stand-in acts from now on."""


@dataclass(frozen=True)
class AbsenceEnded(AbsenceEvent):
    """The worker is back, or does not go."""
