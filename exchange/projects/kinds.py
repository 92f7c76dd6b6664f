"""The closed lists of projects."""

from enum import StrEnum


class Stage(StrEnum):
    """How far a project is, from the idea to what came of it."""

    IDEA = "idea"
    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    EVALUATED = "evaluated"
    STOPPED = "stopped"


LIVE_STAGES = (Stage.IDEA, Stage.PLANNED, Stage.RUNNING, Stage.PAUSED)
ENDED_STAGES = (Stage.COMPLETED, Stage.EVALUATED, Stage.STOPPED)


class Publication(StrEnum):
    """Whether a project stands before others: first reviewed, then shown."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Template(StrEnum):
    """What kind of undertaking it is: each comes with an outline that can be changed."""

    ONE_PRODUCT = "one_product"
    RURAL_TOURISM = "rural_tourism"
    PARTY_BUILDING = "party_building"
    HEART_TO_HAND = "heart_to_hand"
    TALENT_TRAINING = "talent_training"
    INFRASTRUCTURE = "infrastructure"
    OTHER = "other"


class PartnerRole(StrEnum):
    """What another organisation does in a project."""

    PARTNER = "partner"
    FUNDER = "funder"
    ADVISER = "adviser"


class PartnerState(StrEnum):
    """A partner is named publicly once it has agreed."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"
