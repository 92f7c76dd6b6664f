"""Who did what: every event leaves an entry, written in the act's own transaction."""

from flask import Flask

from exchange.audit.subscribers import record
from exchange.kernel.events import Event


def register(app: Flask) -> None:
    """Hear every event."""
    app.extensions["exchange"].bus.listen(Event, record)
