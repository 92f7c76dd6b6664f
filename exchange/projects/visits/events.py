"""News of roadshows and visits. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class VisitEvent(Event):
    """Something about one roadshow or visit of a project."""

    visit_id: int
    project_id: int
    owner_id: int


@dataclass(frozen=True)
class VisitAnnounced(VisitEvent):
    """It stands on the project's page."""


@dataclass(frozen=True)
class VisitChanged(VisitEvent):
    """It says something else; ``matters``: when, where or the link is another."""

    matters: bool


@dataclass(frozen=True)
class VisitCancelled(VisitEvent):
    """It does not take place."""


@dataclass(frozen=True)
class VisitComesNear(VisitEvent):
    """It is tomorrow."""


@dataclass(frozen=True)
class VisitSignedUp(VisitEvent):
    """An organisation signed up, or said another number; with a seat or waiting."""

    organisation_id: int
    waits: bool


@dataclass(frozen=True)
class VisitMovedUp(VisitEvent):
    """Who waited has a seat now."""

    organisation_id: int


@dataclass(frozen=True)
class VisitLeft(VisitEvent):
    """An organisation does not come."""

    organisation_id: int
