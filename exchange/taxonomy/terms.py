"""On which terms help is given or sought."""

from enum import StrEnum


class Terms(StrEnum):
    """Free, at a reduced price, at market price, or as a cooperation."""

    FREE = "free"
    SUBSIDISED = "subsidised"
    PAID = "paid"
    COOPERATION = "cooperation"
