"""Who may do what in a match that goes on, how amounts may change, and when somebody looks again.

Amounts are thousandths of a unit, days are civil days.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from exchange.brokering.deeds.kinds import Again, Deed, DeliveryState, FollowUpKind, Period
from exchange.brokering.kinds import CONTACT_STATES, DONE_STATES, LIVE_STATES, MatchState
from exchange.brokering.life.transition_rules import ALL, BROKERS, Transition
from exchange.brokering.rules import SIDES, Party
from exchange.kernel.decisions import Decision, allow, refuse

UNDER_WAY = (MatchState.AGREED, MatchState.DELIVERING)
ASKED = (MatchState.PROPOSED, *CONTACT_STATES)

DEEDS: dict[Deed, Transition] = {
    Deed.CONFIRM_DELIVERY: Transition((MatchState.DELIVERING,), ALL),
    Deed.DISPUTE_DELIVERY: Transition((MatchState.DELIVERING,), ALL),
    Deed.SETTLE_DELIVERY: Transition((MatchState.DELIVERING,), BROKERS),
    Deed.PICTURE_DELIVERY: Transition((MatchState.DELIVERING,), ALL),
    Deed.PROPOSE_CHANGE: Transition(UNDER_WAY, ALL),
    Deed.ANSWER_CHANGE: Transition(UNDER_WAY, ALL),
    Deed.WITHDRAW_CONTACT: Transition(CONTACT_STATES, ALL),
    Deed.GIVE_CONTACT: Transition(CONTACT_STATES, ALL),
    Deed.WRITE: Transition(ASKED, ALL),
    Deed.WRITE_BOTH: Transition(CONTACT_STATES, ALL),
    Deed.NOTE: Transition(tuple(MatchState), BROKERS),
    Deed.SHARE_FILE: Transition(CONTACT_STATES, ALL),
    Deed.KEEP_FILE: Transition(tuple(MatchState), BROKERS),
    Deed.ASK_FEEDBACK: Transition(DONE_STATES, BROKERS),
    Deed.GIVE_FEEDBACK: Transition(DONE_STATES, ALL),
    Deed.FOLLOW_UP: Transition(DONE_STATES, BROKERS),
    Deed.POSTPONE: Transition(LIVE_STATES, BROKERS),
    Deed.RESUME: Transition(LIVE_STATES, BROKERS),
    Deed.REMIND: Transition((MatchState.PROPOSED,), BROKERS),
}

FOLLOW_UP_DAYS = {FollowUpKind.WEEK: 7, FollowUpKind.MONTH: 30, FollowUpKind.SEASON: 90}
FOLLOW_UP_AHEAD = 7  # so many days before its day a look may be taken
# Days after which the receiving side is reminded of a delivery, and after which its broker is told.
CONFIRM_WITHIN, TELL_AFTER = 3, 7
PICTURE_DAYS = 14  # so many days after a delivery was noted its pictures may still follow
DUE_DAYS = 3  # so many days ahead a promise counts as due
LEAST_HELPED, MOST_HELPED = 1, 5
POOR = 2  # so little help is evidence against the pair


def may_do(deed: Deed, state: MatchState, parties: frozenset[Party]) -> Decision:
    """Whether somebody who stands so to the match may do this while it is in this state."""
    row = DEEDS[deed]
    if not parties & row.parties:
        return refuse("match_not_your_step")
    if state not in row.states:
        return refuse("match_wrong_state", state=state.value)
    return allow()


def speaks_alone(parties: frozenset[Party], *, is_proposer: bool) -> Party | None:
    """The side for which somebody's own word counts at once; None for brokers and for both."""
    mine = parties & SIDES
    return next(iter(mine)) if len(mine) == 1 and not is_proposer else None


def may_deliver(milli: int, delivered_milli: int, taken_milli: int) -> Decision:
    """Whether so much more may be put on record as arrived."""
    if milli <= 0 or delivered_milli + milli > taken_milli:
        return refuse("delivery_exceeds_commitment", left=taken_milli - delivered_milli)
    return allow()


def may_arrive(day: date, since: date, today: date) -> Decision:
    """Whether something can have arrived on a day; ``since`` is when the two were introduced."""
    if day > today:
        return refuse("not_in_future")
    return allow() if day >= since else refuse("delivery_before_match", day=since)


def may_change(taken_milli: int, covers_milli: int, delivered_milli: int) -> Decision:
    """Whether what is agreed may become this: positive, and not less than what has arrived."""
    if taken_milli <= 0 or covers_milli <= 0:
        return refuse("commitment_not_positive")
    if taken_milli < delivered_milli:
        return refuse("change_below_delivered", milli=delivered_milli)
    return allow()


def covered(covers_milli: int, delivered_milli: int, taken_milli: int) -> int:
    """How much of the need so much of the offer covers, in proportion and rounded down."""
    return covers_milli * delivered_milli // taken_milli


FAR_MORE = 10


def may_have_come(milli: int, agreed_milli: int, asked_milli: int) -> Decision:
    """Whether so much can have come in all: more than was agreed may, but not ten times as much.

    Measured by what was asked for where nothing is agreed; by nothing where neither is known.
    """
    code, measure = "outcome_far_more_than_agreed", agreed_milli
    if not agreed_milli:
        code, measure = "outcome_far_more_than_asked", asked_milli
    if measure and milli > FAR_MORE * measure:
        return refuse(code, milli=measure)
    return allow()


@dataclass(frozen=True)
class Effects:
    """What an outcome says beside its words: unit, what people earn more and spend less, lessons.

    Amounts in fen for each period; None where nothing is known of them.
    """

    unit: str = ""
    income_fen: int | None = None
    income_period: Period | None = None
    saved_fen: int | None = None
    saved_period: Period | None = None
    lessons: str = ""


NO_EFFECTS = Effects()
MOST_FEN = 10**13


def may_state(effects: Effects) -> Decision:
    """Whether amounts have a period and are possible; the code's ``field`` says which does not."""
    for name, fen, period in (
        ("income", effects.income_fen, effects.income_period),
        ("saved", effects.saved_fen, effects.saved_period),
    ):
        if fen is not None and not 0 < fen <= MOST_FEN:
            return refuse("effect_out_of_range", field=name)
        if (fen is None) != (period is None):
            return refuse("effect_needs_both", field=name if fen is None else f"{name}_period")
    return allow()


@dataclass(frozen=True)
class DeliveryWords:
    """What both sides and the broker have said about a delivery."""

    is_received: bool
    is_disputed: bool
    is_struck: bool
    is_given: bool = False


def delivery_state(said: DeliveryWords) -> DeliveryState:
    """Struck out beats disputed, disputed beats confirmed."""
    if said.is_struck:
        return DeliveryState.STRUCK
    if said.is_disputed:
        return DeliveryState.DISPUTED
    return DeliveryState.CONFIRMED if said.is_received else DeliveryState.RECORDED


def pictures_until(noted_on: date) -> date:
    """The last day on which pictures may still follow a delivery that was noted on this day."""
    return noted_on + timedelta(days=PICTURE_DAYS)


def may_picture(
    said: DeliveryWords, noted_on: date, today: date, *, is_noter: bool, is_broker: bool
) -> Decision:
    """Whether pictures may follow: of who noted it or brokers the match, and not for ever.

    What both sides have confirmed, or what was struck out, stays as it is.
    """
    if not (is_noter or is_broker):
        return refuse("delivery_pictures_not_yours")
    if said.is_struck or (said.is_received and said.is_given):
        return refuse("delivery_pictures_settled")
    until = pictures_until(noted_on)
    return allow() if today <= until else refuse("delivery_pictures_late", days=PICTURE_DAYS)


def follow_up_days(completed_on: date) -> dict[FollowUpKind, date]:
    """When somebody looks what became of it."""
    return {kind: completed_on + timedelta(days=days) for kind, days in FOLLOW_UP_DAYS.items()}


def may_note_follow_up(due_on: date, today: date) -> Decision:
    """Whether what is heard today can stand for the look that is due on that day; earlier it would
    be ticked off and nobody would look again.
    """
    if today >= due_on - timedelta(days=FOLLOW_UP_AHEAD):
        return allow()
    return refuse("follow_up_early", day=due_on)


def is_regret(again: Again, helped: int) -> bool:
    """Whether a side's word speaks against the pair: never again, or hardly any help."""
    return again is Again.NO or helped <= POOR
