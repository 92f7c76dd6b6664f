"""On which terms something is given or taken, and for whom it is."""

from enum import StrEnum


class Terms(StrEnum):
    """What is paid for it."""

    FREE = "free"
    SUBSIDISED = "subsidised"
    PAID = "paid"
    COOPERATION = "cooperation"


class Beneficiary(StrEnum):
    """The groups that a listing serves first."""

    GENERAL = "general"
    LOW_INCOME_HOUSEHOLDS = "low_income_households"
    LEFT_BEHIND_CHILDREN = "left_behind_children"
    ELDERLY = "elderly"
    WOMEN = "women"
    DISABLED = "disabled"
    ETHNIC_MINORITY = "ethnic_minority"
    YOUTH = "youth"
    RETURNEES = "returnees"
