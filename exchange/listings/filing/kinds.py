"""The closed lists of needs that are filed for somebody."""

from enum import StrEnum


class FilingConsent(StrEnum):
    """How the person agreed to be filed for: in spoken words, on paper, on our signed form."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    PHOTO = "photo"


class FilingState(StrEnum):
    """Whether a filing may stand before people: no consent yet, given, withdrawn, forgotten."""

    WAITING = "waiting"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"
