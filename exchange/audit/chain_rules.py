"""How entries become digests and digests a chain: one encoding, so that everybody counts alike.

The encoding is JSON with sorted keys, no spaces and moments in UTC; digests are SHA-256 in
hexadecimal. An entry's digest covers all of its columns and whom it concerns; a batch's hash
covers its own columns, the hash before it, and its entries' digests in their order.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

NOTHING_BEFORE = "0" * 64
OLD_BACKLOG = timedelta(hours=1)

Values = Mapping[Any, Any]


@dataclass(frozen=True)
class BatchFacts:
    """A batch without its hash."""

    number: int
    previous_hash: str
    first_id: int
    last_id: int
    count: int
    sealed_at: datetime


@dataclass(frozen=True)
class Head:
    """The end of the chain at some moment."""

    number: int
    hash: str
    entries: int


def entry_digest(entry: Values, concerns: Sequence[Values]) -> str:
    """The digest of an entry: its columns, and its concerns in order."""
    return _digest({"entry": dict(entry), "concerns": [dict(one) for one in concerns]})


def batch_hash(batch: BatchFacts, digests: Sequence[str]) -> str:
    """The hash of a batch over the digests of its entries."""
    return _digest(
        {
            "number": batch.number,
            "previous": batch.previous_hash,
            "first": batch.first_id,
            "last": batch.last_id,
            "count": batch.count,
            "sealed_at": batch.sealed_at,
            "digests": list(digests),
        }
    )


def encode(value: Any) -> str:
    """The canonical encoding."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_moment)


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no place in the audit")


def _digest(value: Any) -> str:
    return hashlib.sha256(encode(value).encode()).hexdigest()
