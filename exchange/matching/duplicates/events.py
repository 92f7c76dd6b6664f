"""News of proposals to merge."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class NeedsKeptApart(Event):
    """A broker said that two needs are not the same."""

    first_id: int
    second_id: int
