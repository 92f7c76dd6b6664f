"""News of projects. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class ProjectEvent(Event):
    """Something about one project of an organisation."""

    project_id: int
    owner_id: int


@dataclass(frozen=True)
class ProjectMade(ProjectEvent):
    """Somebody began a project: a draft that its own people see."""


@dataclass(frozen=True)
class ProjectChanged(ProjectEvent):
    """What it says was changed: words, places, plan, budget."""


@dataclass(frozen=True)
class ProjectSubmitted(ProjectEvent):
    """It waits for a station's review."""


@dataclass(frozen=True)
class ProjectPublished(ProjectEvent):
    """It stands before others."""


@dataclass(frozen=True)
class ProjectReturned(ProjectEvent):
    """A reviewer sent it back with a note."""


@dataclass(frozen=True)
class ProjectWithdrawn(ProjectEvent):
    """Its people took it back from the public."""


@dataclass(frozen=True)
class ProjectHeld(ProjectEvent):
    """It was hidden from all but its people and the brokers, or shown again; ``by_case``: for a
    report, and its people are told of that.
    """

    by_case: bool = False


@dataclass(frozen=True)
class ProjectStaged(ProjectEvent):
    """It came to another stage."""


@dataclass(frozen=True)
class ProjectDiscarded(ProjectEvent):
    """A draft was thrown away."""


@dataclass(frozen=True)
class PartnerEvent(ProjectEvent):
    """Something about another organisation in a project."""

    partner_id: int


@dataclass(frozen=True)
class PartnerInvited(PartnerEvent):
    """An organisation was asked to take part."""


@dataclass(frozen=True)
class PartnerAnswered(PartnerEvent):
    """It said yes or no."""


@dataclass(frozen=True)
class PartnerLeft(PartnerEvent):
    """It takes part no longer."""
