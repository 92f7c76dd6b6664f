"""Who did what: every event leaves an entry, written in the act's own transaction.

Entries hold who, for whom, what, before and after, when and from where. A job seals them into a
chain, so that a change afterwards shows; nobody changes or deletes them.
"""

from flask import Flask

from exchange.audit import cli, jobs
from exchange.audit.subscribers import listen, record
from exchange.kernel.events import Event

__all__ = ["cli", "jobs", "register"]  # importing the jobs and commands declares them


def register(app: Flask) -> None:
    """Hear every event, and see what acts change."""
    listen()
    app.extensions["exchange"].bus.listen(Event, record)
