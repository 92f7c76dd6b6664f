"""How often a token or an address may ask.

Each process counts for itself and tells the shared counter of every twentieth request, so that a
read costs no write of its own; the limit is exact to twenty requests a process.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from flask import current_app, request

from exchange.kernel.errors import TooMany
from exchange.web.acting import current_actor, house
from exchange.web.throttle import Limit, count_try, visitor_key

TALLY = "exchange.api.tally"
WINDOW = timedelta(minutes=5)
READS = Limit("api.read", 6000, WINDOW)
WRITES = Limit("api.write", 3000, WINDOW)
REFUSED = Limit("api.refused", 300, WINDOW)
TOLD_EVERY = 20
MOST_KEPT = 10_000


@dataclass
class _Count:
    window: datetime
    requests: int = 0
    refused: bool = False


@dataclass
class Tally:
    """What this process has counted in the present windows."""

    every: int = TOLD_EVERY
    limits: dict[str, Limit] = field(
        default_factory=lambda: {limit.name: limit for limit in (READS, WRITES, REFUSED)}
    )
    _counts: dict[tuple[str, str], _Count] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(self, limit: Limit, key: str, now: datetime) -> _Count:
        """Count one request and return the count of its window."""
        window = limit.window_start(now)
        with self._lock:
            if len(self._counts) > MOST_KEPT:
                self._forget(set(self._old(window)))
            count = self._counts.get((limit.name, key))
            if count is None or count.window != window:
                count = self._counts[limit.name, key] = _Count(window)
            count.requests += 1
            return count

    def _old(self, window: datetime) -> Iterator[tuple[str, str]]:
        """What belongs to an earlier window; everything, when that would free nothing."""
        old = [key for key, count in self._counts.items() if count.window < window]
        yield from old or list(self._counts)

    def _forget(self, keys: set[tuple[str, str]]) -> None:
        for key in keys:
            del self._counts[key]


def tally() -> Tally:
    """The counts of this process and application."""
    found: Tally = current_app.extensions.setdefault(TALLY, Tally())
    return found


def count_request(limit: Limit, key: str) -> None:
    """Count one request. Raises TooMany beyond the limit. Call it before an act opens."""
    kept, now = tally(), house().clock.now()
    limit = kept.limits.get(limit.name, limit)
    count = kept.add(limit, key, now)
    if not count.refused and count.requests % kept.every == 0:
        try:
            count_try(limit, key, kept.every)
        except TooMany:
            count.refused = True
    if count.refused:
        left = limit.window_start(now) + limit.window - now
        raise TooMany(retry_after=max(1, int(left.total_seconds()) + 1))


def count_this_request() -> None:
    """Count the present request for its person, or for its address when nobody signed in."""
    actor = current_actor()
    key = f"person {actor.person_id}" if actor.is_signed_in else f"address {visitor_key()}"
    count_request(READS if request.method in ("GET", "HEAD") else WRITES, key)
