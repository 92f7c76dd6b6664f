"""The life of a match as one table: each step, from where to where, who may, what it needs, whom
it tells and how it is undone.

The services ask it, the pages show by it what is possible, the notices go by it, the tests walk
through all of it, and docs/brokering.md prints it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState, Step
from exchange.brokering.rules import SIDES, Party
from exchange.kernel.decisions import Decision, allow, refuse

RESTORE_WITHIN = timedelta(days=7)
TAKE_BACK_WITHIN = timedelta(days=1)

_C, _P, _I = MatchState.CLAIMED, MatchState.PROPOSED, MatchState.INTRODUCED
_A, _D = MatchState.AGREED, MatchState.DELIVERING


class Condition(StrEnum):
    """What a step needs beside the state and the person."""

    FREE = "free"
    UNDISMISSED = "undismissed"
    FITS = "fits"
    SAFE = "safe"
    TEXT = "text"
    REASON = "reason"
    CONSENT = "consent"
    PENDING = "pending"
    AMOUNTS = "amounts"
    OUTCOME = "outcome"
    VERSION = "version"
    DUE = "due"
    SOON = "soon"
    OTHER_SILENT = "other_silent"
    WITHIN_WEEK = "within_week"
    WITHIN_DAY = "within_day"
    LISTING_ENDED = "listing_ended"


class Told(StrEnum):
    """Who hears of a step; never the one who took it."""

    BROKER = "broker"
    NEED = "need"
    OFFER = "offer"
    OWN_SIDE = "own_side"


BROKERS = frozenset({Party.BROKER, Party.SUPERVISOR})
SPEAKERS = SIDES | {Party.PROXY}
ALL = SIDES | BROKERS
SYSTEM = frozenset({Party.SYSTEM})
BOTH_SIDES = frozenset({Told.NEED, Told.OFFER})
EVERYBODY = BOTH_SIDES | {Told.BROKER}
ONLY_BROKER = frozenset({Told.BROKER})


@dataclass(frozen=True)
class Transition:
    """One step. Without ``states`` it begins a match; without ``to`` the state stays.

    ``undo`` are the steps that take it back; empty where nothing does.
    """

    states: tuple[MatchState, ...]
    parties: frozenset[Party]
    to: tuple[MatchState, ...] = ()
    needs: tuple[Condition, ...] = ()
    tells: frozenset[Told] = frozenset()
    undo: tuple[Step, ...] = ()


TRANSITIONS: dict[Step, Transition] = {
    Step.CLAIM: Transition(
        (), BROKERS, (_C,), (Condition.FREE, Condition.FITS), undo=(Step.RELEASE,)
    ),
    Step.DISMISS: Transition(
        (), BROKERS, (MatchState.DISMISSED,),
        (Condition.FREE, Condition.UNDISMISSED, Condition.REASON),
        undo=(Step.RESTORE,),
    ),
    Step.RESTORE: Transition(
        (MatchState.DISMISSED,), BROKERS, (MatchState.WITHDRAWN,), (Condition.WITHIN_WEEK,),
        ONLY_BROKER, (Step.DISMISS,),
    ),
    Step.RELEASE: Transition(
        (_C,), BROKERS, (MatchState.WITHDRAWN,), (Condition.REASON,), ONLY_BROKER, (Step.CLAIM,)
    ),
    Step.CHECK: Transition((_C, _P), BROKERS, undo=(Step.CHECK,)),
    Step.PROPOSE: Transition(
        (_C,), BROKERS, (_P,), (Condition.TEXT, Condition.FITS, Condition.SAFE), BOTH_SIDES,
        (Step.WITHDRAW,),
    ),
    Step.ANSWER: Transition(
        (_P,), SPEAKERS, (_P, _I, MatchState.DECLINED),
        (Condition.PENDING, Condition.FITS, Condition.SAFE, Condition.REASON, Condition.CONSENT),
        frozenset({Told.BROKER, Told.OWN_SIDE}), (Step.TAKE_BACK,),
    ),
    Step.TAKE_BACK: Transition(
        (_P, MatchState.DECLINED), SPEAKERS, (_P,),
        (Condition.OTHER_SILENT, Condition.WITHIN_DAY, Condition.FREE, Condition.FITS),
        EVERYBODY, (Step.ANSWER,),
    ),
    Step.REMIND: Transition(
        (_P,), SYSTEM, needs=(Condition.PENDING, Condition.SOON),
        tells=frozenset({Told.OWN_SIDE}),
    ),
    Step.COMMIT: Transition(
        (_I, _A, _D), BROKERS, (_A, _D), (Condition.AMOUNTS,), EVERYBODY, (Step.FAIL,)
    ),
    Step.DELIVER: Transition((_A, _D), ALL, (_D,), (Condition.AMOUNTS,), EVERYBODY),
    Step.RECORD_OUTCOME: Transition(
        (_A, _D), ALL, (_D,), (Condition.TEXT,), EVERYBODY,
        (Step.RECORD_OUTCOME,),
    ),
    Step.CONFIRM: Transition(
        (_D,), SPEAKERS, (_D, MatchState.COMPLETED),
        (Condition.OUTCOME, Condition.VERSION, Condition.CONSENT), EVERYBODY,
        (Step.RECORD_OUTCOME,),
    ),
    Step.EVALUATE: Transition(
        (MatchState.COMPLETED,), BROKERS, (MatchState.EVALUATED,), (Condition.TEXT,)
    ),
    Step.WITHDRAW: Transition(
        (_C, _P, _I), BROKERS, (MatchState.WITHDRAWN,), (Condition.REASON,), EVERYBODY,
        (Step.CLAIM,),
    ),
    Step.FAIL: Transition(
        (_I, _A, _D), ALL, (MatchState.FAILED,), (Condition.REASON, Condition.TEXT), EVERYBODY,
        (Step.CLAIM,),
    ),
    Step.LAPSE: Transition(
        (_P,), SYSTEM, (MatchState.LAPSED,), (Condition.DUE,), EVERYBODY, (Step.CLAIM,)
    ),
    Step.END: Transition(
        (_C, _P), SYSTEM, (MatchState.LAPSED,), (Condition.LISTING_ENDED,), EVERYBODY,
        (Step.CLAIM,),
    ),
}  # fmt: skip
BEGINNINGS = frozenset(step for step, row in TRANSITIONS.items() if not row.states)


def may_take(step: Step, state: MatchState, parties: frozenset[Party]) -> Decision:
    """Whether somebody who stands so to the match may take the step from this state."""
    transition = TRANSITIONS[step]
    if not parties & transition.parties:
        return refuse("match_not_your_step")
    if state not in transition.states:
        return refuse("match_wrong_state", state=state.value)
    return allow()


def leads_to(state: MatchState, wanted: MatchState) -> bool:
    """Whether any step leads from one state to the other."""
    return any(state in row.states and wanted in row.to for row in TRANSITIONS.values())


def may_restore(
    parties: frozenset[Party], *, dismissed_at: datetime | None, now: datetime
) -> Decision:
    """Whether a dismissal may still be undone: by whoever made it for a week, by supervisors ever.
    """
    if Party.SUPERVISOR in parties:
        return allow()
    if dismissed_at is None or now - dismissed_at > RESTORE_WITHIN:
        return refuse("match_too_late_to_undo")
    return allow()


def may_take_back(
    state: MatchState, mine: Answer, other: Answer, *, answered_at: datetime | None, now: datetime
) -> Decision:
    """Whether a side may take its answer back: while the other side has said nothing, and a no,
    which has ended the match, within a day.
    """
    if mine is Answer.PENDING:
        return refuse("match_not_answered")
    if other is not Answer.PENDING:
        return refuse("match_other_answered")
    if state in LIVE_STATES:
        return allow()
    if answered_at is None or now - answered_at > TAKE_BACK_WITHIN:
        return refuse("match_too_late_to_undo")
    return allow()
