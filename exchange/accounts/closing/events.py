"""News of accounts that close."""

from dataclasses import dataclass

from exchange.accounts.events import PersonEvent


@dataclass(frozen=True)
class ClosingAsked(PersonEvent):
    """An account will be closed; every session and token of it has ended."""

    by_person_id: int


@dataclass(frozen=True)
class ClosingTakenBack(PersonEvent):
    """The person has signed in: the account stays."""


@dataclass(frozen=True)
class ClosingStopped(PersonEvent):
    """The day came and duties were open again: the account stays."""


@dataclass(frozen=True)
class AccountClosed(PersonEvent):
    """An account is closed, and everything has ended that the person did here.

    Whoever listens still finds the name, where they have written it down themselves; it goes right
    after, with the addresses. Every room forgets what it keeps of the person alone. ``emptied``
    are the organisations in which nobody is left: the person's own, and those of which they were
    the only member.
    """

    emptied: tuple[int, ...]
