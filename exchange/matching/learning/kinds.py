"""What was decided about a pair, and the life of a set of weights."""

from enum import StrEnum


class Cause(StrEnum):
    """The last thing that was decided about a pair."""

    CLAIMED = "claimed"
    INTRODUCED = "introduced"
    COMPLETED = "completed"
    REGRETTED = "regretted"
    DISMISSED = "dismissed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class WeightsState(StrEnum):
    """A candidate was not better; what was in force is retired or was fallen back from."""

    CANDIDATE = "candidate"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    FALLEN_BACK = "fallen_back"


class Outcome(StrEnum):
    """What came of looking at the decisions."""

    OFF = "off"
    TOO_FEW = "too_few"
    NOTHING_NEW = "nothing_new"
    NOT_BETTER = "not_better"
    SAME = "same"
    IN_FORCE = "in_force"
    FELL_BACK = "fell_back"
    OVERTAKEN = "overtaken"
