"""The closed lists of evaluation."""

from enum import StrEnum


class RoundKind(StrEnum):
    """When a project is looked at: half-way, at its end, and a year after."""

    HALFWAY = "halfway"
    FINAL = "final"
    LATER = "later"


class RoundState(StrEnum):
    """A round is planned, asks, and is closed for good; one that is left out asks nobody."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    LEFT_OUT = "left_out"


class LineKind(StrEnum):
    """What a line of the results is about."""

    AIM = "aim"
    MILESTONE = "milestone"
    FIGURE = "figure"


class Reach(StrEnum):
    """How far something was reached."""

    FULLY = "fully"
    MOSTLY = "mostly"
    PARTLY = "partly"
    NOT = "not"


class Again(StrEnum):
    """Whether an organisation would do it again."""

    YES = "yes"
    CHANGED = "changed"
    NO = "no"


class Mark(StrEnum):
    """What an organisation gives a mark from 1 to 5 to."""

    AIMS = "aims"
    TEAMWORK = "teamwork"
    TALK = "talk"
    MEANS = "means"
    LASTING = "lasting"


class Question(StrEnum):
    """What villagers are asked with answers to choose from; a free word comes as the fifth."""

    REACHED = "reached"
    BETTER = "better"
    KNOWN = "known"
    AGAIN = "again"


class Choice(StrEnum):
    """The answers of villagers."""

    MUCH = "much"
    SOME = "some"
    NONE = "none"
    BETTER = "better"
    LITTLE = "little"
    SAME = "same"
    WORSE = "worse"
    WELL = "well"
    ROUGHLY = "roughly"
    UNKNOWN = "unknown"
    YES = "yes"
    CHANGED = "changed"
    NO = "no"
    CANNOT_SAY = "cannot_say"


CHOICES: dict[Question, tuple[Choice, ...]] = {
    Question.REACHED: (Choice.MUCH, Choice.SOME, Choice.NONE),
    Question.BETTER: (
        Choice.BETTER, Choice.LITTLE, Choice.SAME, Choice.WORSE, Choice.CANNOT_SAY,
    ),
    Question.KNOWN: (Choice.WELL, Choice.ROUGHLY, Choice.UNKNOWN),
    Question.AGAIN: (Choice.YES, Choice.CHANGED, Choice.NO, Choice.CANNOT_SAY),
}  # fmt: skip


class Late(StrEnum):
    """What is overdue about a round."""

    NOT_BEGUN = "not_begun"
    NOT_ENDED = "not_ended"
    UNANSWERED = "unanswered"
    NO_RESULT = "no_result"
