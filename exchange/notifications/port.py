"""The send port: one message out through a channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from exchange.notifications.kinds import Then


@dataclass(frozen=True)
class Message:
    """What goes out. ``message_id`` stays over retries, so that a receiver can tell a repeat.

    ``to`` is the address of the channel: an e-mail address, a phone number, an openid. Channels
    whose provider knows texts in advance take ``kind``, by which a template is chosen, and
    ``fields``: ``text`` (one sentence), ``link``, ``time``, or ``code``. The text stands alone
    elsewhere.
    """

    to: str
    subject: str
    text: str
    message_id: str
    kind: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


class NotSent(Exception):
    """Nobody took it.

    ``code`` is a short word of ours or a provider's number; what a provider says beside it is left
    out, since it often repeats the address. ``after`` is how long the provider wants to be left
    alone.
    """

    def __init__(
        self, code: str, then: Then = Then.RETRY, *, after: timedelta = timedelta(0)
    ) -> None:
        self.code = code[:60]
        self.then = then
        self.after = after
        super().__init__(self.code)


class Sender(Protocol):
    """Sends a message or raises NotSent; returning means that the next hop has accepted it."""

    def send(self, message: Message) -> None: ...
