"""Undertakings (要办的事): what belongs into one, and how far it is. Pure rules on values."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.listings.kinds import OPEN_STATES, Side, State

MOST_PARTS = 12
MOST_UNDERTAKINGS = 50  # of one organisation
LONGEST_NAME = 60
LONGEST_NOTE = 500
JOINABLE = (*OPEN_STATES, State.SUBMITTED)


class PartState(StrEnum):
    """How far one need of an undertaking is."""

    MET = "met"
    PARTNER = "partner"
    PARTLY = "partly"
    TALKS = "talks"
    SUGGESTED = "suggested"
    NOTHING = "nothing"
    REVIEW = "review"
    ENDED = "ended"


# A need of which an amount is still lacking is not taken up: somebody is looked for yet.
HAS_PARTNER = frozenset({PartState.MET, PartState.PARTNER})
# What has ended unmet is lacking no more: it stays in the list and is not counted.
COUNTED = frozenset(PartState) - {PartState.ENDED}


def state_alone(state: State) -> PartState | None:
    """What the need's own state says; None while it is open, when its matches say it."""
    if state in OPEN_STATES:
        return None
    if state is State.FULFILLED:
        return PartState.MET
    return PartState.REVIEW if state is State.SUBMITTED else PartState.ENDED


def progress(states: Iterable[PartState]) -> tuple[int, int]:
    """How many parts have a partner, of how many that count."""
    counted = [state for state in states if state in COUNTED]
    return sum(state in HAS_PARTNER for state in counted), len(counted)


def may_join(side: Side, state: State, *, same_owner: bool) -> Decision:
    """Whether a listing may become a part: a need of the same owner that is open or in review."""
    if side is not Side.NEED:
        return refuse("undertaking_only_needs")
    if not same_owner:
        return refuse("undertaking_other_owner")
    if state not in JOINABLE:
        return refuse("undertaking_need_closed")
    return allow()


def size_allowed(present: int, added: Collection[int]) -> Decision:
    """Whether so many more parts still go in."""
    if present + len(added) > MOST_PARTS:
        return refuse("undertaking_full", most=MOST_PARTS)
    return allow()
