"""Rows that tests need; each call states only what matters."""

from datetime import date
from typing import Any

from exchange.kernel.act import House
from exchange.listings.kinds import Door, Side, State, Visibility
from exchange.listings.models import Listing, ListingCoverage
from exchange.taxonomy.terms import Terms
from tests.cast import Player


def make_listing(house: House, owner: Player, side: Side, **values: Any) -> Listing:
    """A published, public listing of a player, committed to the database."""
    now = house.clock.now()
    chosen: dict[str, Any] = {
        "door": Door.OFFER if side is Side.OFFER else Door.HELP,
        "state": State.PUBLISHED,
        "visibility": Visibility.PUBLIC,
        "title": "要两台微耕机" if side is Side.NEED else "出借微耕机",
        "text": "春耕要用，求支援。" if side is Side.NEED else "农机站有微耕机可以借。",
        "category_code": "equipment.machinery",
        "division_code": owner.organisation.division_code,
        "quantity_milli": 100_000,
        "unit": "台",
        "terms": Terms.FREE,
        "to_date": date(2027, 6, 30),
        "beneficiaries": ["general"],
    }
    serves = values.pop("serves", ("52",) if side is Side.OFFER else ())
    chosen.update(values)
    listing = Listing(
        organisation_id=owner.organisation_id, author_id=owner.person_id, side=side,
        committed_milli=0, created_at=now, updated_at=now, published_at=now,
        coverage=[ListingCoverage(prefix=prefix) for prefix in serves], **chosen,
    )  # fmt: skip
    owner.session.add(listing)
    owner.session.commit()
    return listing
