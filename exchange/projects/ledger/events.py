"""News of open accounts. Ids only."""

from dataclasses import dataclass

from exchange.projects.events import ProjectEvent


@dataclass(frozen=True)
class LedgerRoleGiven(ProjectEvent):
    """Somebody records, or approves, for a project from now on."""

    person_id: int


@dataclass(frozen=True)
class LedgerRoleEnded(ProjectEvent):
    """Somebody does so no more."""

    person_id: int


@dataclass(frozen=True)
class LedgerLimitSet(ProjectEvent):
    """From which sum on two people are needed was set."""


@dataclass(frozen=True)
class LedgerEntryProposed(ProjectEvent):
    """A treasurer recorded something that a second person must approve."""

    request_id: int


@dataclass(frozen=True)
class LedgerEntryBooked(ProjectEvent):
    """An entry stands in the book, for good."""

    request_id: int
    entry_id: int


@dataclass(frozen=True)
class LedgerEntryRefused(ProjectEvent):
    """An approver said no, with a reason."""

    request_id: int


@dataclass(frozen=True)
class LedgerEntryWithdrawn(ProjectEvent):
    """A treasurer took back what waited."""

    request_id: int


@dataclass(frozen=True)
class LedgerCopiesChanged(ProjectEvent):
    """Documents were added, or a public copy was taken back."""

    request_id: int


@dataclass(frozen=True)
class LedgerDocumentsSeen(ProjectEvent):
    """Somebody looked at the documents themselves, and at the name of a private person."""

    request_id: int
    shown_to_id: int


@dataclass(frozen=True)
class LedgerNameForgotten(ProjectEvent):
    """The name of a private person was deleted; the entry stands."""

    request_id: int


@dataclass(frozen=True)
class AppealLinked(ProjectEvent):
    """A charity's filed campaign is linked to."""

    appeal_id: int


@dataclass(frozen=True)
class AppealUnlinked(ProjectEvent):
    """It is linked to no more."""

    appeal_id: int
