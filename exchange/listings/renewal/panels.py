"""What the page of one's own listing says near its last day, and of the day on which it returns."""

from typing import Any

from flask import Flask

from exchange.kernel.clock import civil_date
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing
from exchange.listings.permissions import may_change
from exchange.listings.renewal.renewing import new_last_day
from exchange.listings.renewal.rules import may_renew
from exchange.web.acting import current_actor, house
from exchange.web.dates import day_here
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand on the page of a listing, before everything else on it."""
    fill_slot(app, "listing.main", renewal_panel, order=1)


def renewal_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """Still needed? One tap prolongs it; and when what was set aside comes back."""
    if not may_change(current_actor(), listing):
        return None
    today = civil_date(house().clock.now(), house().settings.time_zone)
    if listing.state is State.PARKED and listing.parked_until is not None:
        back = day_here(listing.parked_until)
        return PanelContent("listings/_renew.html", {"listing": listing, "back": back})
    if listing.to_date is None or not may_renew(listing.state, listing.to_date, today):
        return None
    values = {
        "listing": listing, "back": "", "is_need": listing.side is Side.NEED,
        "ended": listing.state is State.EXPIRED, "last": day_here(listing.to_date),
        "until": day_here(new_last_day(listing, today, house().settings.time_zone)),
    }  # fmt: skip
    return PanelContent("listings/_renew.html", values)
