"""News of plans."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class PlanEvent(Event):
    """Something about one plan."""

    plan_id: int


@dataclass(frozen=True)
class PlanAsked(PlanEvent):
    """A supervisor wants a plan computed."""

    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class PlanComputed(PlanEvent):
    """A plan can be looked at."""

    pairs: int
    gaps: int


@dataclass(frozen=True)
class PlanReleased(PlanEvent):
    """A supervisor hands the pairs of a plan to the brokers."""


@dataclass(frozen=True)
class PlanQueued(PlanEvent):
    """Every pair of a released plan stands in a queue or was left out with a reason."""


@dataclass(frozen=True)
class PlanDiscarded(PlanEvent):
    """A supervisor gave a plan up; what nobody has taken up left the queues."""


@dataclass(frozen=True)
class PlanDefaultsChanged(Event):
    """A supervisor set what plans of a service point begin with."""

    service_point_id: int
    version: int
