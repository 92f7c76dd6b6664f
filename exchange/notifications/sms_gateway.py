"""Short messages through an HTTP gateway with signed requests; docs/operations.md has the protocol.

A county's provider, or a thin shim in front of it, speaks it. The message id is the idempotency
key: a gateway that has taken it once answers 409 or 200 and sends nothing again.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from exchange.notifications.http_calls import Answer, call
from exchange.notifications.kinds import Then
from exchange.notifications.port import Message, NotSent

OTHERS = "*"  # the template of every kind that has none of its own
TAKEN = frozenset({200, 201, 202, 409})
NO_USE = frozenset({"bad_number", "blocked", "bad_template", "bad_text"})
SLOW_DOWN = timedelta(minutes=5)


def signature(
    secret: str, method: str, path: str, moment: str, nonce: str, body: bytes, message_id: str
) -> str:
    """HMAC-SHA256 in hex over the six parts, each on a line of its own; the body as its SHA-256."""
    said = "\n".join(
        (method, path, moment, nonce, hashlib.sha256(body).hexdigest(), message_id)
    )
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class SmsGateway:
    """Hands short messages to a gateway. Raises NotSent with what to do then."""

    address: str
    key_id: str
    secret: str = field(repr=False)
    sign_name: str
    templates: Mapping[str, str]
    now: Callable[[], float]

    def send(self, message: Message) -> None:
        body = json.dumps(self._content(message), ensure_ascii=False).encode()
        parts = urlsplit(self.address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        moment, nonce = str(int(self.now())), secrets.token_hex(16)
        headers = {
            "X-Key-Id": self.key_id,
            "X-Timestamp": moment,
            "X-Nonce": nonce,
            "X-Message-Id": message.message_id,
            "X-Signature": signature(
                self.secret, "POST", path, moment, nonce, body, message.message_id
            ),
        }
        _judge(call("POST", self.address, body, headers))

    def _content(self, message: Message) -> dict[str, object]:
        template = self.templates.get(message.kind) or self.templates.get(OTHERS, "")
        return {
            "phone": message.to,
            "sign_name": self.sign_name,
            "text": message.text,
            "template": template,
            "params": dict(message.fields),
        }


def _judge(answer: Answer) -> None:
    """Return where the gateway has the message; else raise NotSent with what to do."""
    if answer.status in TAKEN:
        return
    said = answer.body.get("code")
    code = said if isinstance(said, str) and said.isascii() and len(said) < 40 else ""
    if code in NO_USE:
        raise NotSent(code, Then.GIVE_UP)
    if answer.status in (400, 422):
        raise NotSent(f"http_{answer.status}", Then.GIVE_UP)
    wait = max(answer.after, SLOW_DOWN) if answer.status == 429 else answer.after
    raise NotSent(f"http_{answer.status}", after=wait)
