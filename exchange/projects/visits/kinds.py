"""The closed lists of roadshows and visits (路演、考察)."""

from enum import StrEnum


class VisitKind(StrEnum):
    """What people come for."""

    ROADSHOW = "roadshow"
    VISIT = "visit"


class VisitState(StrEnum):
    """Whether it takes place."""

    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


class SignUpState(StrEnum):
    """What became of a sign-up."""

    SIGNED = "signed"
    WAITING = "waiting"
    LEFT = "left"
