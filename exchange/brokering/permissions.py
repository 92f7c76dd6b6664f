"""Who may see a match, and how an actor stands to it.

Both sides see it from the proposal on; before that it is the brokers' own. Brokers see matches of
needs in the divisions that their service point serves. Who stands in for a broker who is away
stands where they stand.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match, MatchSide
from exchange.brokering.rules import Party
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.listings.kinds import Side
from exchange.listings.models import Listing

BROKERS_OWN = (MatchState.CLAIMED, MatchState.DISMISSED)


def parties_of(actor: Actor, match: Match) -> frozenset[Party]:
    """How the actor stands to the match; empty for strangers and for brokers who only look on."""
    if actor.is_system:
        return frozenset({Party.SYSTEM})
    parties: set[Party] = set()
    if actor.is_broker and actor.acts_for(match.broker_id):
        parties |= {Party.BROKER, Party.PROXY}
    if actor.supervises_division(match.need.division_code):
        parties |= {Party.BROKER, Party.PROXY, Party.SUPERVISOR}
    for side in Side:
        if actor.belongs_to(match.listing_of(side).organisation_id):
            parties.add(Party(side.value))
    return frozenset(parties)


def can_see(actor: Actor, match: Match) -> bool:
    """Whether the actor may know that the match exists."""
    if actor.is_system or (actor.is_broker and actor.acts_for(match.broker_id)):
        return True
    if actor.serves_division(match.need.division_code):
        return True
    if match.state in BROKERS_OWN or match.proposed_at is None:
        return False
    return any(actor.belongs_to(side.organisation_id) for side in match.sides)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``can_see`` as a condition on Match."""
    if actor.is_system:
        return sa.true()
    ways: list[ColumnElement[bool]] = [brokered_by(actor)]
    if actor.organisation_ids:
        mine = sa.exists().where(
            MatchSide.match_id == Match.id,
            MatchSide.organisation_id.in_(sorted(actor.organisation_ids)),
        )
        ways.append(sa.and_(Match.proposed_at.is_not(None), Match.state.not_in(BROKERS_OWN), mine))
    return sa.or_(*ways)


def brokered_by(actor: Actor) -> ColumnElement[bool]:
    """As a condition on Match: the actor sees it as one of those who bring the two together."""
    if not actor.is_broker:
        return sa.false()
    return sa.or_(Match.broker_id.in_(actor.hands), _in_divisions(actor.serves))


def _in_divisions(prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in prefixes:
        return sa.true()
    need = aliased(Listing)
    inside = sa.or_(
        *(need.division_code.startswith(prefix, autoescape=True) for prefix in prefixes)
    )
    return sa.exists().where(need.id == Match.need_id, inside)


def may_take_up(actor: Actor, need: Listing) -> bool:
    """A broker whose service point serves the need's place takes pairs of that need up."""
    return actor.is_broker and actor.serves_division(need.division_code)
