"""Who is told of what happens to a listing."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import brokers_serving, concerned
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings import events
from exchange.listings.cards import shown_title
from exchange.listings.merging.queries import merged_into
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.listings.renewal.renewing import renewal_path
from exchange.listings.renewal.rules import may_renew
from exchange.notifications.service import notify
from exchange.web.dates import day_text


def register(bus: EventBus) -> None:
    """Listen to what somebody else should hear of."""
    bus.listen(events.ListingSubmitted, _submitted)
    for kind, code in (
        (events.ListingReturned, "listing_returned"),
        (events.ListingReturnFailed, "listing_return_failed"),
        (events.MergeUndone, "merge_undone"),
    ):
        bus.listen(kind, _tell_owner(code))
    bus.listen(events.ListingPublished, _published)
    bus.listen(events.ListingExpiresSoon, _expires_soon)
    bus.listen(events.ListingExpired, _expired)
    bus.listen(events.NeedMerged, _merged)
    for ended in (events.ListingWithdrawn, events.ListingParked, events.ListingExpired):
        bus.listen(ended, _kept_ended)


def _listing(act: Act, event: events.ListingEvent) -> Listing:
    query = sa.select(Listing).where(Listing.id == event.listing_id)
    return act.session.scalars(query.options(selectinload(Listing.coverage))).one()


def _submitted(act: Act, event: events.ListingSubmitted) -> None:
    """Those who may review it: the brokers of its place, never the owner's own people."""
    listing = _listing(act, event)
    if listing.division_code is None:
        return
    people = set(brokers_serving(act.session, listing.division_code))
    notify(
        act,
        people,
        "listing_submitted",
        {"title": listing.title},
        "/review",
        dedupe_key=f"listing-review:{listing.id}:{listing.version}",
    )


def _tell_owner(code: str) -> Callable[[Act, events.ListingEvent], None]:
    def tell(act: Act, event: events.ListingEvent) -> None:
        listing = _listing(act, event)
        people = concerned(act.session, listing.organisation_id, listing.author_id)
        notify(act, people, code, {"title": listing.title}, f"/listings/{listing.public_id}")

    return tell


def _published(act: Act, event: events.ListingEvent) -> None:
    """What was before people earlier, and was set aside or had ended, is back."""
    listing = _listing(act, event)
    is_new = listing.published_at is None or listing.published_at >= act.now
    _tell_owner("listing_published" if is_new else "listing_back")(act, event)


def _expires_soon(act: Act, event: events.ListingExpiresSoon) -> None:
    listing = _listing(act, event)
    day = {"zh": "", "en": ""}
    if listing.to_date is not None:
        day = {one: day_text(listing.to_date, act.today, one) for one in day}
    _ask_owner(act, listing, f"listing_ends_{listing.side.value}", day=day)


def _expired(act: Act, event: events.ListingEvent) -> None:
    """One that was taken over with its last day behind it ended long ago: nobody is asked."""
    listing = _listing(act, event)
    if may_renew(listing.state, listing.to_date, act.today):
        _ask_owner(act, listing, "listing_expired")
    else:
        _tell_owner("listing_expired")(act, event)


def _ask_owner(act: Act, listing: Listing, code: str, **values: Any) -> None:
    """Each of the owner's people gets a link of their own that prolongs it or takes it back."""
    people = concerned(act.session, listing.organisation_id, listing.author_id)
    others = people - {act.actor.person_id}
    paths = {one: renewal_path(act, listing, one) for one in sorted(others)}
    link = f"/listings/{listing.public_id}"
    notify(act, people, code, {"title": listing.title, **values}, link, out_paths=paths)


def _merged(act: Act, event: events.NeedMerged) -> None:
    """The owner's people read the title of the kept need as on its page, or none at all."""
    listing, kept = _listing(act, event), act.session.get_one(Listing, event.kept_id)
    link = f"/listings/{listing.public_id}"
    for person_id in sorted(concerned(act.session, listing.organisation_id, listing.author_id)):
        reader = load_actor(act.session, person_id, listing.organisation_id)
        values = {"title": listing.title}
        if can_see(reader, kept):
            values["kept"] = shown_title(reader, kept)
        code = "need_merged" if "kept" in values else "need_merged_quietly"
        notify(act, {person_id}, code, values, link)


def _kept_ended(act: Act, event: events.ListingEvent) -> None:
    """Those whose needs were joined with one that ends unmet hear of it: theirs may still stand."""
    for merged in merged_into(act.session, event.listing_id):
        people = concerned(act.session, merged.organisation_id, merged.author_id)
        link = f"/listings/{merged.public_id}"
        notify(act, people, "merged_kept_ended", {"title": merged.title}, link)
