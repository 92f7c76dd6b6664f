"""Listings for tests: a factory that states only what matters."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.database import new_public_id
from exchange.listings.kinds import Door, State, Visibility
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.values import ListingValues
from tests.cast import VILLAGE, Player

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def a_need(**changes: Any) -> ListingValues:
    """What an officer might say."""
    said: dict[str, Any] = {
        "title": "修两座烤房",
        "text": "烤房坏了两座，想找师傅来修。",
        "category_code": "equipment.processing",
        "division_code": VILLAGE,
        "quantity_milli": 2000,
        "unit": "座",
    }
    return ListingValues(**{**said, **changes})


def an_offer(**changes: Any) -> ListingValues:
    """What an enterprise might say."""
    said: dict[str, Any] = {
        "title": "冷藏车三辆",
        "text": "回程空车，可以带货。",
        "category_code": "logistics.coldchain",
        "division_code": "520402",
        "quantity_milli": 3000,
        "unit": "辆",
        "coverage": ("5204",),
    }
    return ListingValues(**{**said, **changes})


def make_listing(session: Session, owner: Player | int, **changes: Any) -> Listing:
    """A stored listing, published unless something else is said."""
    owner_id = owner if isinstance(owner, int) else owner.organisation_id
    door = changes.pop("door", Door.HELP)
    coverage = changes.pop("coverage", ())
    said: dict[str, Any] = {
        "public_id": new_public_id(),
        "organisation_id": owner_id,
        "door": door,
        "side": door.side,
        "state": State.PUBLISHED,
        "visibility": Visibility.PUBLIC,
        "title": "修两座烤房",
        "text": "烤房坏了两座，想找师傅来修。",
        "category_code": "equipment.processing",
        "division_code": VILLAGE,
        "committed_milli": 0,
        "created_at": NOW,
        "updated_at": NOW,
        "published_at": NOW,
    }
    listing = Listing(**{**said, **changes})
    listing.coverage = [ListingCoverage(prefix=prefix) for prefix in coverage]
    session.add(listing)
    session.commit()
    return listing
