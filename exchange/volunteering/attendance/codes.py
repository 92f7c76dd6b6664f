"""The rotating code of a shift: made and checked with the site's key, kept nowhere."""

import hmac
from datetime import datetime

from exchange.kernel.secret_box import SecretBox
from exchange.volunteering.attendance.code_rules import LENGTH, accepted_windows, window_of
from exchange.volunteering.models import Shift

PURPOSE = "volunteer_shift.code"


def code_of(box: SecretBox, shift: Shift, now: datetime) -> str:
    """The code that is shown at this moment."""
    return _code(box, shift, window_of(now))


def is_good_code(box: SecretBox, shift: Shift, code: str, now: datetime) -> bool:
    """Whether a code is the shift's, and not older than it may be."""
    if len(code) != LENGTH or not code.isascii():
        return False
    good = [hmac.compare_digest(_code(box, shift, one), code) for one in accepted_windows(now)]
    return any(good)


def _code(box: SecretBox, shift: Shift, window: int) -> str:
    return box.lookup_hash(f"{shift.public_id}|{window}", PURPOSE)[:LENGTH]
