"""What keeps a listing that is filed for somebody from being put before people, or copied."""

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.filing.queries import filing_of
from exchange.listings.filing.rules import may_file_in, may_publish
from exchange.listings.models import Listing


def insist_may_be_shown(act: Act, listing: Listing) -> None:
    """Raises Forbidden for a listing that is filed for somebody whose consent is not on record, or
    who lives where the office has no say.
    """
    filing = filing_of(act.session, listing.id)
    if filing is None:
        return
    act.session.refresh(filing, with_for_update=True)
    home = listing.organisation.division_code
    for decision in (
        may_publish(filing.state),
        may_file_in(listing.division_code, home, act.actor.serves),
    ):
        if not decision:
            raise Forbidden(decision.code)


def insist_not_copied(act: Act, listing: Listing) -> None:
    """Raises Conflict: the same once more is another filing, with consent of its own."""
    if filing_of(act.session, listing.id) is not None:
        raise Conflict("filing_not_copied")
