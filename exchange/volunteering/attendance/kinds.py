"""The closed lists of attendance and hours."""

from enum import StrEnum


class MarkKind(StrEnum):
    """What a mark says of somebody at a shift."""

    CAME = "came"
    LEFT = "left"
    ABSENT = "absent"


class Way(StrEnum):
    """How a mark came in: by the code on the coordinator's phone, or ticked on the list."""

    CODE = "code"
    LIST = "list"


class Step(StrEnum):
    """What has last been done about somebody's hours in a shift."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    OBJECTED = "objected"


class Basis(StrEnum):
    """Where the minutes come from."""

    MARKS = "marks"
    PLANNED = "planned"
    STATED = "stated"
