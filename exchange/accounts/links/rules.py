"""Whether a signed link still opens something."""

from datetime import datetime
from enum import StrEnum

from exchange.kernel.decisions import Decision, allow, refuse

BYTES = 18  # 144 bits in 24 characters: short enough for a text message


class LinkPurpose(StrEnum):
    """What a link is for."""

    ANSWER = "answer"
    RENEW = "renew"
    UNFOLLOW = "unfollow"
    GUARDIAN = "guardian"


def may_open(
    *, used_at: datetime | None, closed_at: datetime | None, expires_at: datetime, now: datetime
) -> Decision:
    """Whether the act may still be done; each no says what happened."""
    if used_at is not None:
        return refuse("link_used")
    if closed_at is not None:
        return refuse("link_replaced")
    if expires_at <= now:
        return refuse("link_expired")
    return allow()
