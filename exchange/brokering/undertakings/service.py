"""Taking up who answers an undertaking together: all the pairs or none."""

from collections.abc import Sequence

from exchange.brokering.combined.service import claim_all, refuse_lost
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.models import Listing
from exchange.listings.undertakings.permissions import shown_parts
from exchange.listings.undertakings.queries import seen_undertaking
from exchange.listings.undertakings.rules import MOST_PARTS
from exchange.matching.combining import PARTS

MOST_PAIRS = MOST_PARTS * PARTS


def take_up_undertaking(
    act: Act, public_id: str, pairs: Sequence[tuple[Listing, Listing]]
) -> list[Match]:
    """Claim pairs of a need of the undertaking and an offer; the matches in their order.

    The caller has made sure that the actor may know of all listings. Done twice it does no more.
    Raises NotFound, Forbidden as a claim does, Invalid for none or too many, Conflict
    "undertaking_need_gone" where a need is no part any more, or "combination_changed" with
    ``titles`` of the offers that cannot be had any more; nothing is then taken up.
    """
    unique = list({(need.id, offer.id): (need, offer) for need, offer in pairs}.values())
    if not 0 < len(unique) <= MOST_PAIRS:
        raise Invalid(fields={"pairs": ["undertaking_pairs"]}, most=MOST_PAIRS)
    _undertaking, parts = seen_undertaking(act.session, act.actor, public_id)
    here = {part.id for part in shown_parts(act.actor, parts)}
    if any(need.id not in here for need, _offer in unique):
        raise Conflict("undertaking_need_gone")
    made, lost = claim_all(act, unique)
    if lost:
        gone = {unique[number][1].id: unique[number][1] for number in lost}
        refuse_lost(act, list(gone.values()))
    return made
