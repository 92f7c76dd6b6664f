"""News of the moderation room. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class CaseEvent(Event):
    """Something about one case."""

    case_id: int


@dataclass(frozen=True)
class ReportMade(CaseEvent):
    """Somebody reported something; the report joined this case."""

    report_id: int
    is_first: bool
    is_more_urgent: bool


@dataclass(frozen=True)
class CaseClaimed(CaseEvent):
    """Somebody looks at it from now on, or has put it down again."""

    by_person_id: int | None


@dataclass(frozen=True)
class CaseHeldByItself(CaseEvent):
    """So many people reported it that it is hidden until somebody has looked."""


@dataclass(frozen=True)
class CaseDecided(CaseEvent):
    """Those who look after it have decided something."""

    verdict: str
    by_person_id: int | None
    was_held: bool


@dataclass(frozen=True)
class CaseChanged(CaseEvent):
    """The owner has changed what they were asked to put right, or has not in time."""


@dataclass(frozen=True)
class CaseOverdue(CaseEvent):
    """Nobody has taken it in time."""


@dataclass(frozen=True)
class AppealMade(CaseEvent):
    """The owner asks another person to look again."""

    appeal_id: int


@dataclass(frozen=True)
class AppealDecided(CaseEvent):
    """Another person has looked again."""

    appeal_id: int
    upheld: bool
    by_person_id: int | None


@dataclass(frozen=True)
class HoldsReleased(CaseEvent):
    """What was hidden with a suspension is shown again, because that was lifted."""


@dataclass(frozen=True)
class ReportsForgotten(CaseEvent):
    """The words of the reports, and who made them, were deleted after a year."""
