"""Who may look at the suggestions of a listing: its owner, and brokers who serve the place."""

from exchange.kernel.actor import Actor, covers, overlaps
from exchange.listings.kinds import Side
from exchange.listings.models import Listing


def can_see_suggestions(actor: Actor, listing: Listing) -> bool:
    """Strangers learn nothing of who might fit whom, not even for a public listing."""
    if actor.is_system or actor.belongs_to(listing.organisation_id):
        return True
    if listing.side is Side.NEED:
        return actor.serves_division(listing.division_code)
    return any(overlaps(served, place) for served in actor.serves for place in listing.reach)


def served_prefixes(actor: Actor, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """Of the prefixes asked for, those that lie within what the actor serves."""
    if actor.is_system:
        return prefixes
    return tuple(p for p in prefixes if any(covers(served, p) for served in actor.serves))
