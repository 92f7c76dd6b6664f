"""News of tokens."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class TokenCreated(Event):
    """A person (or the operator for them) made a token."""

    token_id: int
    person_id: int


@dataclass(frozen=True)
class TokenRevoked(Event):
    """A token was taken back."""

    token_id: int
    person_id: int
