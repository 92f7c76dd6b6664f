"""Telling people without an account from programs that fill in forms, without a riddle.

A form that a visitor gets carries the moment at which it was made, sealed. What comes back within
three seconds was filled in by nobody; a field that no person sees catches the rest.
"""

import hmac
from datetime import timedelta

from exchange.kernel.act import House

PURPOSE = "moderation.stamp"
QUICKEST = timedelta(seconds=3)
OLDEST = timedelta(days=2)


def new_stamp(house: House) -> str:
    """The present moment, sealed."""
    moment = str(int(house.clock.now().timestamp()))
    return f"{moment}.{house.secrets.lookup_hash(moment, PURPOSE)}"


def is_patient(house: House, stamp: str) -> bool:
    """Whether the stamp is ours, and from long enough but not too long ago."""
    moment, _, seal = stamp.partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 13):
        return False
    if not hmac.compare_digest(house.secrets.lookup_hash(moment, PURPOSE).encode(), seal.encode()):
        return False
    age = house.clock.now().timestamp() - int(moment)
    return QUICKEST.total_seconds() <= age <= OLDEST.total_seconds()
