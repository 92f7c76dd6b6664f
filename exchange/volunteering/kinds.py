"""The closed lists of the volunteering room."""

from enum import StrEnum


class ActivityState(StrEnum):
    """The life of an activity. What was cancelled or is over stays to be seen."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ENDED = "ended"


# What others may look at: nobody shall turn up because the page of a cancelled activity is gone.
SHOWN_STATES = (ActivityState.PUBLISHED, ActivityState.CANCELLED, ActivityState.ENDED)


class Circle(StrEnum):
    """Who may see a published activity, and sign up for it."""

    PUBLIC = "public"
    MEMBERS = "members"


class Work(StrEnum):
    """What is done there."""

    TEACHING = "teaching"
    COMPANY = "company"
    MEDICAL = "medical"
    ENVIRONMENT = "environment"
    FARMING = "farming"
    CULTURE = "culture"
    TRAINING = "training"
    EVENT = "event"
    REPAIR = "repair"
    EMERGENCY = "emergency"
    OTHER = "other"


class Skill(StrEnum):
    """What a volunteer can do and an activity may ask for."""

    TUTORING = "tutoring"
    MUSIC_ARTS = "music_arts"
    SPORTS = "sports"
    CHILD_CARE = "child_care"
    ELDER_CARE = "elder_care"
    PSYCHOLOGY = "psychology"
    MEDICINE = "medicine"
    FIRST_AID = "first_aid"
    LAW = "law"
    FARM_TECHNOLOGY = "farm_technology"
    COMPUTER = "computer"
    PHOTOGRAPHY = "photography"
    DESIGN = "design"
    DRIVING = "driving"
    COOKING = "cooking"
    REPAIRING = "repairing"
    LOCAL_LANGUAGE = "local_language"
    SIGN_LANGUAGE = "sign_language"
    ORGANISING = "organising"


class ShiftState(StrEnum):
    """A shift takes place, unless it was cancelled; whether it is over, the clock says."""

    OPEN = "open"
    CANCELLED = "cancelled"


class SignupState(StrEnum):
    """What a person has answered to a shift. ``CANCELLED`` had a place, or waited for one."""

    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    DECLINED = "declined"
    CANCELLED = "cancelled"


LIVE_STATES = (SignupState.SIGNED_UP, SignupState.WAITING)
NO_STATES = (SignupState.DECLINED, SignupState.CANCELLED)


class Repeat(StrEnum):
    """How a series goes on."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_DAY = "monthly_day"
    MONTHLY_WEEKDAY = "monthly_weekday"
