"""News between rooms: frozen dataclasses in the past tense that carry ids.

A service emits; rooms listed later listen. Listeners run inside the same transaction: they
write rows (an audit entry, a job), and do nothing outside the database.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exchange.kernel.act import Act


@dataclass(frozen=True)
class Event:
    """Something that happened. Subclasses carry ids only, never personal data."""


Listener = Callable[["Act", Any], None]


class EventBus:
    """Who listens to what. One per application, filled while the rooms register."""

    def __init__(self) -> None:
        self._listeners: dict[type[Event], list[Listener]] = defaultdict(list)

    def listen(self, event_type: type[Event], listener: Listener) -> None:
        """Call the listener for the event type and its subclasses, in order of registration."""
        self._listeners[event_type].append(listener)

    def publish(self, act: "Act", event: Event) -> None:
        """Call every listener within the act's transaction."""
        for kind in type(event).__mro__:
            for listener in self._listeners.get(kind, ()):
                listener(act, event)
