"""Posting in one step, for callers that come back with nothing half done."""

from exchange.kernel.act import Act
from exchange.listings.checking import draft_problems, refuse_problems
from exchange.listings.kinds import Door
from exchange.listings.models import Listing
from exchange.listings.publishing import submit_listing
from exchange.listings.values import ListingValues
from exchange.listings.writing import edit_listing, save_draft


def post_listing(act: Act, door: Door, values: ListingValues) -> Listing:
    """Write a new listing down and ask for it to be published, all or nothing.

    Unlike a typed draft, nothing that cannot be kept is left out: it is refused. Raises Invalid,
    Forbidden or Conflict.
    """
    refuse_problems(draft_problems(act.session, values.cleaned()))
    draft = save_draft(act, door, values)
    return submit_listing(act, draft, values.visibility)


def change_listing(
    act: Act, listing: Listing, values: ListingValues, version: int | None = None
) -> Listing:
    """``edit_listing``, but a draft is checked like everything else, and nothing is left out."""
    refuse_problems(draft_problems(act.session, values.cleaned()))
    return edit_listing(act, listing, values, version)
