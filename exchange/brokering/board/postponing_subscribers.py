"""What wakes a match that was set aside: anything that happens with it."""

from exchange.brokering.board.postponing import wake
from exchange.brokering.centre.point_events import MatchAssigned
from exchange.brokering.deeds.events import MessageWritten
from exchange.brokering.events import ContactRevealed, MatchEvent, SideReminded
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus

# These move nothing on: who set the match aside knew as much.
STILL = (SideReminded, MatchAssigned, ContactRevealed)


def listen(bus: EventBus) -> None:
    """Listen to everything that happens with a match."""
    bus.listen(MatchEvent, _wake)


def _wake(act: Act, event: MatchEvent) -> None:
    if isinstance(event, STILL):
        return
    match = act.session.get_one(Match, event.match_id)
    own_words = isinstance(event, MessageWritten) and act.actor.acts_for(match.broker_id)
    if match.postponed_until is not None and not own_words:
        wake(match)
