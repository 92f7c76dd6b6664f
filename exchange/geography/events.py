"""What happens to divisions."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class DivisionAdded(Event):
    """An administrator added a division."""

    code: str


@dataclass(frozen=True)
class DivisionRetired(Event):
    """An administrator ended a division."""

    code: str
    successor_code: str | None
