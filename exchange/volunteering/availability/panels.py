"""What other pages show of volunteers' time and of substitutes."""

from typing import Any

from flask import Flask

from exchange.listings.kinds import Form
from exchange.listings.models import Listing
from exchange.volunteering.availability.queries import by_listing
from exchange.volunteering.availability.showing import facts_of, request_lines
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.readers import reader
from exchange.volunteering.rules import is_open
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """On one's own pages and at home, on an offer's page, and beside a shift that lacks people."""
    fill_slot(app, "me.links", _link, order=33)
    fill_slot(app, "volunteering.mine.ways", _link, order=50)
    fill_slot(app, "volunteering.mine", _requests, order=10)
    fill_slot(app, "home.mine", _requests, order=15)
    fill_slot(app, "listing.main", _behind, order=10)
    fill_slot(app, "shift.people", _of_shift, order=40)


def _link(**_values: Any) -> PanelContent:
    return PanelContent("volunteering/_availability_link.html")


def _requests(**_values: Any) -> PanelContent | None:
    if current_actor().person_id is None:
        return None
    lines = request_lines(read_session(), reader())
    return PanelContent("volunteering/_requests.html", {"lines": lines}) if lines else None


def _behind(listing: Listing, **_values: Any) -> PanelContent | None:
    """What a volunteer says of their time, in the reader's language; the way to change it."""
    if listing.form is not Form.AVAILABILITY:
        return None
    own = current_actor().belongs_to(listing.organisation_id)
    row = by_listing(read_session(), [listing.id]).get(listing.id)
    if row is None and not own:
        return None
    is_said = locale_code().startswith("zh")  # by the offer itself
    facts = None if row is None or is_said else facts_of(row)
    values = {"facts": facts, "own": own}
    return PanelContent("volunteering/_availability_of_listing.html", values)


def _of_shift(shift: Shift, activity: Activity, **_values: Any) -> PanelContent | None:
    open_now = is_open(activity.state, shift.state, shift.starts_at, house().clock.now())
    if not open_now or activity.state is ActivityState.DRAFT or shift.free <= 0:
        return None
    return PanelContent("volunteering/_substitutes_of_shift.html", {"shift": shift})
