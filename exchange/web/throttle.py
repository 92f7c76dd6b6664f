"""Limits on tries: fixed windows, counted in a transaction of their own.

A try counts although the act that follows fails. Keys (addresses, IP numbers) stand only as keyed
hashes. Count before an act opens, never within one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil

import sqlalchemy as sa
from flask import request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exchange.kernel.act import OPEN
from exchange.kernel.database import WRITES, db, is_sqlite
from exchange.kernel.errors import TooMany
from exchange.web.acting import house, read_session
from exchange.web.models import ThrottleCounter

KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` for one key within each window."""

    name: str
    tries: int
    window: timedelta

    def window_start(self, now: datetime) -> datetime:
        """The start of the window in which a moment lies."""
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def visitor_key() -> str:
    """The address that the request comes from; of IPv6 the /64 that one customer is given."""
    return network_of(request.remote_addr or "unknown")


def network_of(address: str) -> str:
    """The part of an address that its holder cannot change at will."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((int(found), 64), strict=False))


def count_try(limit: Limit, key: str, times: int = 1) -> None:
    """Count one try, or several. Raises TooMany with ``retry_after`` seconds beyond the limit."""
    now = house().clock.now()
    start = limit.window_start(now)
    with _own_session() as session:
        tries = _add(session, limit, _hashed(limit, key), start, times)
        if tries == times:
            session.execute(
                sa.delete(ThrottleCounter).where(ThrottleCounter.window_start < now - KEPT)
            )
        session.commit()
    if tries > limit.tries:
        wait = (start + limit.window - now).total_seconds()
        raise TooMany(retry_after=max(1, ceil(wait)))


def forgive(limit: Limit, key: str) -> None:
    """Forget the tries for a key, after one that succeeded."""
    gone = sa.delete(ThrottleCounter).where(
        ThrottleCounter.name == limit.name, ThrottleCounter.key_hash == _hashed(limit, key)
    )
    with _own_session() as session:
        session.execute(gone)
        session.commit()


def _own_session() -> Session:
    if read_session().info.get(OPEN):
        raise RuntimeError("count tries before the act opens")
    read_session().rollback()
    session = Session(db.engine)
    session.connection(execution_options={WRITES: True})
    return session


def _hashed(limit: Limit, key: str) -> str:
    return house().secrets.lookup_hash(key, f"throttle.{limit.name}")


def _add(session: Session, limit: Limit, key_hash: str, start: datetime, times: int) -> int:
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    row = insert(ThrottleCounter).values(
        name=limit.name, key_hash=key_hash, window_start=start, tries=times
    )
    counted = row.on_conflict_do_update(
        index_elements=["name", "key_hash", "window_start"],
        set_={"tries": ThrottleCounter.tries + times},
    ).returning(ThrottleCounter.tries)
    return session.scalars(counted).one()
