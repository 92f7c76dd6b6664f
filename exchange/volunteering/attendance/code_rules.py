"""The code on the coordinator's phone: when it changes and how long it counts. Pure.

A code belongs to one window of time; besides the present one the two before count, so that it is
good for a minute at least after it was last shown, and for a minute and a half at most.
"""

from datetime import datetime, timedelta

from exchange.kernel.decisions import Decision, allow, refuse

WINDOW = 30  # seconds
WINDOWS_BEFORE = 2
LENGTH = 20  # signs of a code, each of four bits
TO_TAP = timedelta(minutes=10)  # from opening the page, with signing in, to the tap


def window_of(now: datetime) -> int:
    """The number of the window in which a moment lies."""
    return int(now.timestamp()) // WINDOW


def accepted_windows(now: datetime) -> tuple[int, ...]:
    """The windows whose codes count, the present one first."""
    present = window_of(now)
    return tuple(present - back for back in range(WINDOWS_BEFORE + 1))


def seconds_left(now: datetime) -> int:
    """Until the next code is shown; at least one."""
    return WINDOW - int(now.timestamp()) % WINDOW


def proof_allowed(seen_at: datetime, now: datetime) -> Decision:
    """Whether somebody who opened the page of a good code may still tap."""
    if timedelta(0) <= now - seen_at <= TO_TAP:
        return allow()
    return refuse("attend_code_over")
