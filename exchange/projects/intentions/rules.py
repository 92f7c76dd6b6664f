"""The life of a cooperation intention as one table, and what it may say. Pure rules on values."""

from dataclasses import dataclass
from datetime import date, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.projects.intentions.kinds import (
    IntentionKind,
    IntentionState,
    Party,
    Step,
)
from exchange.projects.kinds import LIVE_STAGES, Publication, Stage

LONGEST_WORDS = 1000
LONGEST_MESSAGE = 1000
LONGEST_UNIT = 16
LONGEST_WANTED = 60
MOST_WANTED = 5
MOST_OPEN = 30  # of one organisation, all projects together
TOLD_BEFORE = timedelta(days=3)  # before it lapses
FOLLOW_UP_AFTER = timedelta(days=30)
SAME_MESSAGE_WITHIN = timedelta(minutes=10)

_D, _Q, _A = IntentionState.DECLARED, IntentionState.ASKED, IntentionState.ACCEPTED
DECLARER = frozenset({Party.DECLARER})
ANSWERERS = frozenset({Party.PROJECT, Party.WORKER})
PEOPLE = DECLARER | ANSWERERS
CLOCK = frozenset({Party.SYSTEM})


@dataclass(frozen=True)
class Transition:
    """From which states, by whom, to which states; without ``to`` the state stays."""

    states: tuple[IntentionState, ...]
    parties: frozenset[Party]
    to: tuple[IntentionState, ...] = ()


TRANSITIONS: dict[Step, Transition] = {
    # What the declarer writes after being asked for more puts it before the project again.
    Step.TALK: Transition((_D, _Q, _A), PEOPLE, (_D,)),
    Step.CHANGE: Transition((_D, _Q), DECLARER, (_D,)),
    Step.ASK: Transition((_D, _Q), ANSWERERS, (_Q,)),
    Step.ACCEPT: Transition((_D, _Q), ANSWERERS, (_A,)),
    Step.DECLINE: Transition((_D, _Q), ANSWERERS, (IntentionState.DECLINED,)),
    Step.ATTACH: Transition((_A,), ANSWERERS),
    Step.SETTLE: Transition(
        (_A,), PEOPLE | CLOCK, (IntentionState.FULFILLED, IntentionState.FAILED)
    ),
    Step.WITHDRAW: Transition((_D, _Q), DECLARER | CLOCK, (IntentionState.WITHDRAWN,)),
    Step.LAPSE: Transition((_D, _Q), CLOCK, (IntentionState.LAPSED,)),
    Step.CLOSE: Transition((_D, _Q), CLOCK, (IntentionState.DECLINED,)),
}


def may_take(step: Step, state: IntentionState, parties: frozenset[Party]) -> Decision:
    """Whether somebody who stands so to the intention may take the step from this state.

    A state that does not allow it is named: who came second reads what happened.
    """
    row = TRANSITIONS[step]
    if not parties & row.parties:
        return refuse("intention_not_yours")
    if state not in row.states:
        return refuse(f"intention_is_{state.value}")
    return allow()


def leads_to(step: Step, state: IntentionState, wanted: IntentionState) -> bool:
    """Whether the step may end in that state."""
    row = TRANSITIONS[step]
    return state in row.states and (wanted in row.to or (not row.to and wanted is state))


def may_declare(
    *, inside: bool, publication: Publication, stage: Stage, held: bool, in_standing: bool
) -> Decision:
    """Whether an organisation may say what it would bring: from outside, while the project lives.

    ``in_standing``: the organisation was neither refused nor suspended.
    """
    if inside:
        return refuse("intention_own_project")
    if not in_standing:
        return refuse("intention_not_in_standing")
    if publication is not Publication.PUBLISHED or held or stage not in LIVE_STAGES:
        return refuse("intention_project_closed")
    return allow()


def carries_risk(kind: IntentionKind) -> bool:
    """Whether the sentence on the risk of investments has to be read first."""
    return kind is IntentionKind.INVESTMENT


def follow_up_allowed(day: date, today: date) -> Decision:
    """A follow-up lies ahead, within two years."""
    if day < today:
        return refuse("date_past")
    if day - today > timedelta(days=730):
        return refuse("dates_too_far")
    return allow()


# Under which categories an offer goes that is made of an intention; the first is used where the
# need asks for something else.
CATEGORIES: dict[IntentionKind, tuple[str, ...]] = {
    IntentionKind.FUNDS: ("materials", "funds"),
    IntentionKind.TECHNOLOGY: ("technology", "talent", "policy"),
    IntentionKind.PURCHASE: ("market.purchase", "market"),
    IntentionKind.TRAINING: ("training", "talent"),
    IntentionKind.EQUIPMENT: ("equipment", "logistics", "materials"),
    IntentionKind.PEOPLE: ("talent", "volunteers", "services"),
    IntentionKind.INVESTMENT: ("funds.investment",),
    IntentionKind.OTHER: (),
}


def category_for(kind: IntentionKind, need_category: str | None) -> str | None:
    """The category of the offer: the need's own where the kind of help belongs there."""
    known = CATEGORIES[kind]
    if not known:
        return need_category
    for code in known:
        if need_category and (need_category == code or need_category.startswith(f"{code}.")):
            return need_category
    return known[0]
