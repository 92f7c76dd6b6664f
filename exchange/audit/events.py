"""What happens to the audit itself. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class AuditEvent(Event):
    """Anything that happens in this room."""


@dataclass(frozen=True)
class PersonalValuesRead(AuditEvent):
    """Somebody opened what an entry keeps of a person."""

    person_id: int
    entry_id: int


@dataclass(frozen=True)
class DataKeyDestroyed(AuditEvent):
    """The key of a person's values is gone; the entries stay, nobody can read those values."""

    person_id: int
