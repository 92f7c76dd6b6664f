"""What social workers and the two sides decide, as matching learns from it."""

import sqlalchemy as sa

from exchange.brokering import events
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.matching.learn_kinds import Cause
from exchange.matching.learn_service import note_decision


def listen(bus: EventBus) -> None:
    """Hear of every step that says whether a pair was a good one."""
    bus.listen(events.MatchClaimed, _claimed)
    bus.listen(events.PairDismissed, _dismissed)
    bus.listen(events.MatchIntroduced, _introduced)
    bus.listen(events.MatchCompleted, _completed)
    bus.listen(events.MatchClosed, _closed)
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
