"""How the person is reached for whom a side was filed."""

from exchange.brokering.queries import match_by_public_id
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.listings.filing.private import Villager
from exchange.listings.filing.service import introduced_villager
from exchange.listings.kinds import Side


def villager_behind(act: Act, public_id: str, side: Side) -> Villager | None:
    """Their name and how to reach them, where they agreed to be introduced; on record.

    To be asked once the contact of the side has been shown: that has decided whether it may be.
    """
    match = match_by_public_id(act.session, public_id)
    if match is None:
        raise NotFound
    return introduced_villager(act, match.listing_of(side))
