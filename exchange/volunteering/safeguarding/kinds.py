"""The closed lists of safeguarding."""

from enum import StrEnum


class ConsentWay(StrEnum):
    """How a guardian consents."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    PHOTO = "photo"
    LINK = "link"


class ConsentState(StrEnum):
    """What has become of a consent. ``ASKED``: the link is on its way, nothing is said yet."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class AskKind(StrEnum):
    """What a volunteer asks an organisation to put on record."""

    CONSENT = "consent"
    CHECK = "check"


class Need(StrEnum):
    """What is still missing before somebody signs up."""

    NOTHING = "nothing"
    AGE = "age"
    CONSENT = "consent"
    CHECK = "check"
    OTHER = "other"
