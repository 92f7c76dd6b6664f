"""The states of a plan, and why a need or a pair came away empty."""

from enum import StrEnum


class PlanState(StrEnum):
    """Draft waits for the worker; a released plan is work in the brokers' queues."""

    DRAFT = "draft"
    COMPUTING = "computing"
    READY = "ready"
    RELEASED = "released"
    DISCARDED = "discarded"


UNFINISHED = (PlanState.DRAFT, PlanState.COMPUTING)


class Unmet(StrEnum):
    """Why a need got nothing, or not all that it asks."""

    NO_CANDIDATE = "no_candidate"
    BELOW_THRESHOLD = "below_threshold"
    USED_UP = "used_up"
    ORGANISATION_LIMIT = "organisation_limit"
    BROKER_LIMIT = "broker_limit"
    NEED_LIMIT = "need_limit"


class ItemState(StrEnum):
    """What became of a planned pair: planned only, in the queue, or left out with a reason."""

    PLANNED = "planned"
    QUEUED = "queued"
    SKIPPED = "skipped"
