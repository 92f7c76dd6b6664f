"""Cursors of searches: how the question was taken, and the engine's own cursor.

So the next page answers the same question, whatever the words of the site have become meanwhile.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from exchange.discovery.rules import Asked, parameters

CHANGEABLE = ("q", "division", "category", "terms", "beneficiaries", "urgency", "ending", "state")


@dataclass(frozen=True)
class Continued:
    """The question that is answered, and where its next page begins."""

    used: Asked
    cursor: str


def write_continuation(asked: Asked, used: Asked, cursor: str) -> str:
    """An opaque string that is safe in an address."""
    changed = {
        name: getattr(used, name)
        for name in CHANGEABLE
        if getattr(used, name) != getattr(asked, name)
    }
    packed = json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode()
    said = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return f"{_mark(asked, changed)}.{said}.{cursor}"


def read_continuation(asked: Asked, text: str) -> Continued | None:
    """What ``write_continuation`` wrote for this question; None for anything else."""
    mark, _, rest = text.partition(".")
    said, _, cursor = rest.partition(".")
    try:
        packed = base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True)
        changed: Any = json.loads(packed)
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(changed, dict) or not set(changed) <= set(CHANGEABLE):
        return None
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in changed.items()}
    if mark != _mark(asked, values) or not _sound(values):
        return None
    return Continued(asked.but(**values), cursor)


def _sound(values: dict[str, Any]) -> bool:
    usual = Asked()
    for name, value in values.items():
        if not isinstance(value, type(getattr(usual, name))):
            return False
        if isinstance(value, tuple) and not all(isinstance(part, str) for part in value):
            return False
    return True


def _mark(asked: Asked, changed: dict[str, Any]) -> str:
    said = (list(parameters(asked)), sorted(changed.items()))
    return blake2b(repr(said).encode(errors="replace"), digest_size=6).hexdigest()
