"""One call to a provider over HTTP: JSON out, JSON back, and every failure a NotSent."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from exchange.kernel.errors import ConfigurationError
from exchange.notifications.port import NotSent

TIMEOUT_SECONDS = 15
LARGEST_ANSWER = 65_536
LONGEST_WISH = 86_400  # seconds that a provider may ask us to wait
MOST_DIGITS = 9
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Answer:
    """Status, JSON object (empty where it was none), and the pause that the provider asks for."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    after: timedelta = timedelta(0)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """What is signed goes where the settings say, and nowhere else."""

    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        """Follow nothing."""
        return


_OPENER = urllib.request.build_opener(_StayHere)


def checked_address(address: str, name: str) -> str:
    """An address for secrets: https, or http on this machine. Raises ConfigurationError."""
    parts = urlsplit(address)
    if parts.hostname and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    ):
        return address
    raise ConfigurationError(f"{name} is an https address (http to this machine only)")


def call(
    method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Call and read the answer, whatever its status. Raises NotSent where none came."""
    request = urllib.request.Request(address, data=body, method=method)  # noqa: S310 - checked_address
    request.add_header("Accept", "application/json")
    if body is not None:
        request.add_header("Content-Type", "application/json; charset=utf-8")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return Answer(answer.status, _object(answer.read(LARGEST_ANSWER)))
    except urllib.error.HTTPError as error:
        with error:
            wish = error.headers.get("Retry-After", "") if error.headers else ""
            return Answer(error.code, _object(_read(error)), _seconds(wish))
    except (OSError, HTTPException) as error:
        raise NotSent(_reason(error)) from None


def _read(error: urllib.error.HTTPError) -> bytes:
    try:
        return bytes(error.read(LARGEST_ANSWER))
    except (OSError, HTTPException):
        return b""


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    return "timeout" if isinstance(inner, TimeoutError) else "unreachable"


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(wish: str) -> timedelta:
    if not wish.isdecimal():
        return timedelta(0)
    return timedelta(seconds=min(int(wish[:MOST_DIGITS]), LONGEST_WISH))
