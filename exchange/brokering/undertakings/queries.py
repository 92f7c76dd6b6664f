"""How far the needs of an undertaking are, and who could answer those that still lack somebody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.combined.queries import left_of
from exchange.brokering.kinds import DONE_STATES, LIVE_STATES, MatchState
from exchange.brokering.models import Match
from exchange.brokering.pairs import is_free
from exchange.brokering.permissions import visible_to
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import OPEN_STATES
from exchange.listings.models import Listing
from exchange.listings.undertakings.rules import PartState
from exchange.matching.cover_values import Cover, Given, Offered, Part
from exchange.matching.covering import PAIRS, cover, several_first
from exchange.matching.permissions import can_see_suggestions
from exchange.matching.queries import Suggested, suggestions_of_needs

IN_TALKS = (MatchState.CLAIMED, MatchState.PROPOSED)
KEPT_STATES = (*LIVE_STATES, *DONE_STATES)
LOOKED_AT = 2 * PAIRS  # some fall out at the gates


@dataclass(frozen=True)
class Answer:
    """Who could answer the open needs together, and what else is suggested for each.

    ``lacking`` are the needs that nobody has in hand; ``pairs`` the suggestions by need and offer.
    """

    lacking: tuple[Listing, ...]
    cover: Cover
    by_need: dict[int, list[Offered]]
    pairs: dict[tuple[int, int], Suggested]

    def pair_of(self, one: Given | Offered) -> Suggested:
        """The suggestion behind it."""
        pair = one.pair if isinstance(one, Given) else one
        return self.pairs[pair.part, pair.offer]


def tell_parts(
    session: Session, house: House, actor: Actor, needs: Sequence[Listing], suggested: bool
) -> dict[int, PartState]:
    """How far open needs are; those whose suggestions the actor may not see are left out."""
    mine = [need for need in needs if can_see_suggestions(actor, need)]
    found = {need.id: PartState.NOTHING for need in mine}
    query = sa.select(Match.need_id, Match.state).where(
        Match.need_id.in_(sorted(found)), Match.state.in_(KEPT_STATES), visible_to(actor)
    )
    for need_id, state in session.execute(query):
        if state not in IN_TALKS:
            found[need_id] = PartState.PARTNER
        elif found[need_id] is PartState.NOTHING:
            found[need_id] = PartState.TALKS
    for need in mine:
        if found[need.id] is PartState.PARTNER and _lacks_a_part(need):
            found[need.id] = PartState.PARTLY
    if suggested:
        bare = [need for need in mine if found[need.id] is PartState.NOTHING]
        for pair in _suggested(session, house, actor, bare, each=3):
            found[pair.need.id] = PartState.SUGGESTED
    return found


def _lacks_a_part(need: Listing) -> bool:
    """Whether some of its amount is promised and some is still looked for."""
    return bool(need.committed_milli and need.remaining_milli)


def answer_for(
    session: Session, house: House, actor: Actor, needs: Sequence[Listing]
) -> Answer:
    """Who could answer together what these needs still lack, by ``covering``.

    Of suggestions that the pages show and that nobody has taken up. Pairs in hand without an agreed
    amount take their part first. The needs must be visible to the actor; those whose suggestions
    the actor may not see are left out.
    """
    mine = [
        need
        for need in needs
        if need.state in OPEN_STATES and not need.held_at and can_see_suggestions(actor, need)
    ]
    pairs = _suggested(session, house, actor, mine, each=LOOKED_AT)
    offers = {pair.offer.id: pair.offer for pair in pairs}
    left = left_of(session, [*mine, *offers.values()]) if mine else {}
    answered = _in_hand(session, [need.id for need in mine])
    lacking = tuple(
        need
        for need in mine
        if (left[need.id].milli > 0 if need.id in left else need.id not in answered)
    )
    ids = {need.id for need in lacking}
    kept = {(pair.need.id, pair.offer.id): pair for pair in pairs if pair.need.id in ids}
    offered = [
        Offered(need, offer, pair.offer.organisation_id, pair.score)
        for (need, offer), pair in kept.items()
    ]
    made = cover(
        [Part(need.id, left.get(need.id)) for need in lacking],
        offered,
        {key: left.get(key) for key in offers},
    )
    return Answer(lacking, made, several_first(offered), kept)


def _suggested(
    session: Session, house: House, actor: Actor, needs: Sequence[Listing], each: int
) -> list[Suggested]:
    today = civil_date(house.clock.now(), house.settings.time_zone)
    least = house.settings.display_threshold
    return suggestions_of_needs(session, actor, needs, today, each, least, (is_free(),))


def _in_hand(session: Session, need_ids: Iterable[int]) -> Collection[int]:
    """Needs with a match that goes on or came to its end well."""
    query = sa.select(Match.need_id).where(
        Match.need_id.in_(sorted(need_ids)), Match.state.in_(KEPT_STATES)
    )
    return set(session.scalars(query))
