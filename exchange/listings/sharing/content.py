"""What may be passed on: only what everybody may see, as a visitor would read it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import OPEN_STATES
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.listings.sharing.rules import short_code
from exchange.listings.showing import ListingPage, listing_page
from exchange.web.acting import house

LISTING_LINK, POINT_LINK = "/l/", "/l/at/"


@dataclass(frozen=True)
class Shared:
    """An open listing as everybody reads it, with its short link."""

    page: ListingPage
    link: str


def address_of(path: str) -> str:
    """The whole address of a path of this site."""
    return house().settings.base_url.rstrip("/") + path


def may_be_shared(listing: Listing) -> bool:
    """Whether everybody may see it, and it is open."""
    return listing.state in OPEN_STATES and can_see(VISITOR, listing)


def shared(session: Session, listing: Listing, locale: str, today: date) -> Shared:
    """What of a listing may be passed on. Raises Conflict "not_shared" where that is nothing."""
    if not may_be_shared(listing):
        raise Conflict("not_shared")
    page = listing_page(session, VISITOR, listing, locale, today)
    return Shared(page, address_of(LISTING_LINK + short_code(listing.id)))
