"""The closed lists of trainings."""

from enum import StrEnum


class TrainingState(StrEnum):
    """The life of a training. What was withdrawn stays to be read by whoever has completed it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class MaterialKind(StrEnum):
    """What a material is: a page written here, a file, or an address elsewhere."""

    TEXT = "text"
    FILE = "file"
    LINK = "link"


class CompletionWay(StrEnum):
    """How somebody completed it: they came to a date, or passed the questions."""

    ATTENDED = "attended"
    PASSED = "passed"
