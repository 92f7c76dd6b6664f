"""The send port: one message out through a channel."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """What goes out. ``message_id`` stays over retries, so that a receiver can tell a repeat."""

    to: str
    subject: str
    text: str
    message_id: str


class Sender(Protocol):
    """Sends a message or raises; returning means that the next hop has accepted it."""

    def send(self, message: Message) -> None: ...
