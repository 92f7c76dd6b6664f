"""Writing the trail."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act
from exchange.kernel.events import Event


def record(act: Act, event: Event) -> None:
    """Write the entry of an event within the act."""
    act.session.add(
        AuditEntry(
            at=act.now,
            person_id=act.actor.person_id,
            organisation_id=act.actor.organisation_id,
            origin=act.origin[:64],
            event=type(event).__name__,
            details={key: _plain(value) for key, value in asdict(event).items()},
        )
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(item) for item in value]
    return value
