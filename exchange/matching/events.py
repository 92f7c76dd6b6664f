"""What happened to the suggestions as a whole."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class RefreshStarted(Event):
    """All suggestions are computed anew, by this engine."""

    engine: str


@dataclass(frozen=True)
class RefreshStopped(Event):
    """Somebody had that stop where it was."""

    engine: str


@dataclass(frozen=True)
class RefreshResumed(Event):
    """Somebody had it go on."""

    engine: str
