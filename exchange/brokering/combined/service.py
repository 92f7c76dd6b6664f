"""Taking up all pairs of a combined answer in one step: all of them or none."""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.brokering.centre.caseload_service import hold_duties
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.life.claiming import claim
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.combining import PARTS

NOT_OF_THE_PAIR = ("caseload_full", "need_in_other_hands")


def take_up_together(act: Act, listing: Listing, others: Sequence[Listing]) -> list[Match]:
    """Claim the listing with each of the others; the matches in their order.

    What the actor has in hand already counts as done, so that doing it twice does no more. The
    caller has made sure that the actor may know of them all. Raises Conflict "combination_changed"
    with ``titles`` of those that cannot be had any more, or as a single claim does where that is
    about the actor or whose need it is; nothing is then taken up. Invalid for fewer than two or
    too many, Forbidden or NotFound as a single claim does.
    """
    unique = list({one.id: one for one in others}.values())
    if not 2 <= len(unique) <= PARTS:
        raise Invalid(fields={"others": ["combination_size"]}, most=PARTS)
    pairs = [
        (listing, other) if listing.side is Side.NEED else (other, listing) for other in unique
    ]
    made, lost = claim_all(act, pairs)
    if lost:
        refuse_lost(act, [unique[number] for number in lost])
    return made


def claim_all(
    act: Act, pairs: Sequence[tuple[Listing, Listing]]
) -> tuple[list[Match], list[int]]:
    """Claim these pairs of a need and an offer; the matches, and the numbers of what is gone.

    What the actor has in hand already counts as done. Where something is gone the caller undoes
    all of it by ``refuse_lost``. Raises Forbidden or NotFound as a single claim does, and Conflict
    where that is about the actor or whose need it is, not about the pair.
    """
    hold_duties(act)
    ids = sorted({listing.id for pair in pairs for listing in pair})
    # Everybody locks in the order of ids, so that two who take up at once do not wait in a circle.
    lock = sa.select(Listing.id).where(Listing.id.in_(ids)).order_by(Listing.id)
    act.session.execute(lock.with_for_update()).all()
    made: list[Match] = []
    lost: list[int] = []
    for number, (need, offer) in enumerate(pairs):
        live = _live(act, need.id, offer.id)
        if live is not None and live.broker_id == act.actor.person_id:
            made.append(live)
            continue
        try:
            with act.session.begin_nested():
                made.append(claim(act, need.id, offer.id))
        except Conflict as error:
            if error.code in NOT_OF_THE_PAIR:
                raise
            lost.append(number)
    return made, lost


def refuse_lost(act: Act, lost: Sequence[Listing]) -> None:
    """Raise Conflict "combination_changed", which names what cannot be had any more."""
    titles = "、".join(shown_title(act.actor, one) for one in lost)
    raise Conflict("combination_changed", titles=titles, ids=[one.public_id for one in lost])


def _live(act: Act, need_id: int, offer_id: int) -> Match | None:
    query = sa.select(Match).where(
        Match.need_id == need_id, Match.offer_id == offer_id, Match.state.in_(LIVE_STATES)
    )
    return act.session.scalars(query).first()
