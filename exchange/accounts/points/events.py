"""News of service points that change."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class ServicePointDivisionsChanged(Event):
    """A service point serves other divisions. Codes, with commas between."""

    service_point_id: int
    before: str
    after: str


@dataclass(frozen=True)
class ServicePointMoved(Event):
    """A service point hangs under another."""

    service_point_id: int
    from_parent_id: int | None
    to_parent_id: int


@dataclass(frozen=True)
class ServicePointClosed(Event):
    """A service point serves nobody any more. Its open work goes to the parent."""

    service_point_id: int
    parent_id: int
