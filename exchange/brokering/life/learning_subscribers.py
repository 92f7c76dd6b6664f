"""What social workers and the two sides decide, as matching learns from it."""

import sqlalchemy as sa

from exchange.brokering import events
from exchange.brokering.deeds.events import FeedbackGiven
from exchange.brokering.deeds.following_up import feedback_of
from exchange.brokering.deeds.kinds import AgainReason
from exchange.brokering.deeds.models import Feedback
from exchange.brokering.deeds.rules import is_regret
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.kinds import Side
from exchange.matching.learning.kinds import Cause
from exchange.matching.learning.service import note_decision


def listen(bus: EventBus) -> None:
    """Hear of every step that says whether a pair was a good one."""
    bus.listen(events.MatchClaimed, _claimed)
    bus.listen(events.PairDismissed, _dismissed)
    bus.listen(events.MatchIntroduced, _introduced)
    bus.listen(events.MatchCompleted, _completed)
    bus.listen(events.MatchClosed, _closed)
    bus.listen(FeedbackGiven, _judged)
    bus.listen(events.PairRestored, _restored)
    bus.listen(events.AnswerTakenBack, _taken_back)


def _claimed(act: Act, event: events.MatchClaimed) -> None:
    _note(act, event, Cause.CLAIMED, anew=True)


def _dismissed(act: Act, event: events.PairDismissed) -> None:
    _note(act, event, Cause.DISMISSED, event.reason, anew=True)


def _introduced(act: Act, event: events.MatchIntroduced) -> None:
    _note(act, event, Cause.INTRODUCED)


def _completed(act: Act, event: events.MatchCompleted) -> None:
    _note(act, event, Cause.COMPLETED)


def _closed(act: Act, event: events.MatchClosed) -> None:
    """Where one of the two listings ended, that is why, and says nothing about the pair."""
    _note(act, event, Cause(event.state), "" if event.cause else event.reason)


# What a giver says of what came says nothing against the giver.
OF_THE_GIVER = (AgainReason.QUALITY, AgainReason.NOT_DELIVERED)


def _judged(act: Act, event: FeedbackGiven) -> None:
    """A side that would not do it again, or was hardly helped, speaks against the pair.

    Only that and the reason are kept, with what the pair looked like: nothing about who said it.
    """
    regrets = [one for one in feedback_of(act.session, event.match_id) if _is_regret(one)]
    if regrets:
        _note(act, event, Cause.REGRETTED, _reason_of(regrets[0]))
    else:
        _note(act, event, Cause.COMPLETED)


def _is_regret(one: Feedback) -> bool:
    return one.again is not None and one.helped is not None and is_regret(one.again, one.helped)


def _reason_of(one: Feedback) -> str:
    if one.again_reason is None or (one.side is Side.OFFER and one.again_reason in OF_THE_GIVER):
        return AgainReason.OTHER.value
    return one.again_reason.value


def _restored(act: Act, event: events.PairRestored) -> None:
    """A dismissal that was undone says nothing about the pair."""
    _note(act, event, Cause.WITHDRAWN)


def _taken_back(act: Act, event: events.AnswerTakenBack) -> None:
    """The pair stands again where it stood: taken up."""
    _note(act, event, Cause.CLAIMED)


def _note(
    act: Act, event: events.MatchEvent, cause: Cause, reason: str = "", *, anew: bool = False
) -> None:
    query = sa.select(Match.need_id, Match.offer_id).where(Match.id == event.match_id)
    need_id, offer_id = act.session.execute(query).one()
    note_decision(act, need_id, offer_id, cause, reason, anew=anew)
