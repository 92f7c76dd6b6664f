"""Before an account closes its cases are handed over; afterwards no name stays on a timeline."""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.closing.obstacles import Leaving, Obstacle, add_obstacles
from exchange.accounts.models import Person
from exchange.brokering.board.view_models import MatchView
from exchange.brokering.handover.forgetting import forget_in_notices, forget_in_steps
from exchange.brokering.handover.open_cases import open_cases_of
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.life.ending import BEFORE_MEETING
from exchange.brokering.models import Match
from exchange.kernel.act import Act, House
from exchange.listings.models import Listing

MET = tuple(state for state in LIVE_STATES if state not in BEFORE_MEETING)


def install(house: House) -> None:
    """Say what somebody is still needed for, and listen."""
    add_obstacles(house, partial(still_needed, house))
    house.bus.listen(AccountClosed, _closed)


def still_needed(house: House, session: Session, leaving: Leaving) -> Sequence[Obstacle]:
    """Cases in a worker's hands; matches in which both sides have met and one would be nobody."""
    found = []
    cases = open_cases_of(session, leaving.person_id, house.clock.now())
    if cases:
        found.append(Obstacle("closing_open_cases", "/me/handover", {"count": len(cases)}))
    owned = sa.select(Listing.id).where(Listing.organisation_id.in_(leaving.emptied))
    live = sa.select(Match.public_id).where(
        Match.state.in_(MET), sa.or_(Match.need_id.in_(owned), Match.offer_id.in_(owned))
    )
    matches = session.scalars(live.order_by(Match.id)).all()
    if matches:
        path, params = f"/matches/{matches[0]}", {"count": len(matches)}
        found.append(Obstacle("closing_live_matches", path, params))
    return found


def _closed(act: Act, event: AccountClosed) -> None:
    """Views kept by names of their own were theirs alone."""
    act.session.execute(sa.delete(MatchView).where(MatchView.person_id == event.person_id))
    person = act.session.get_one(Person, event.person_id)
    forget_in_steps(act, person)
    forget_in_notices(act, person)
