"""News of work between service points: settings, owners of cases, absences, handovers."""

from dataclasses import dataclass

from exchange.brokering.events import MatchEvent
from exchange.kernel.events import Event

# Set in the session's info while many cases pass at once: people are told of all of them together.
QUIET = "brokering.many_cases_at_once"


@dataclass(frozen=True)
class CentreSettingsChanged(Event):
    """A centre has set what holds in its area."""

    service_point_id: int
    version: int


@dataclass(frozen=True)
class MatchAssigned(MatchEvent):
    """A match has another owner, or belongs to another service point."""

    from_person_id: int
    to_person_id: int
    service_point_id: int | None


@dataclass(frozen=True)
class NeedAssigned(Event):
    """A need that nobody had taken up is in a worker's hands."""

    need_id: int
    from_person_id: int | None
    to_person_id: int
    service_point_id: int | None


@dataclass(frozen=True)
class NeedAssignmentEnded(Event):
    """The need is in nobody's hands any more: taken up, ended, or given back."""

    need_id: int
    person_id: int


@dataclass(frozen=True)
class Reminded(Event):
    """A worker is reminded of a case in which nothing has happened."""

    escalation_id: int
    person_id: int


@dataclass(frozen=True)
class Escalated(Event):
    """The supervisors are told of a case in which nothing has happened; perhaps nobody has it."""

    escalation_id: int
    person_id: int | None


@dataclass(frozen=True)
class EscalationClosed(Event):
    """Somebody has acted."""

    escalation_id: int


@dataclass(frozen=True)
class HandedOver(Event):
    """All open cases of a worker have passed to others; who got how many."""

    handover_id: int
    public_id: str
    from_person_id: int
    cases: int
    receivers: tuple[tuple[int, int], ...]
