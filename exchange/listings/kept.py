"""Listings that another room keeps in step with what people say there, and that nobody edits here.

Only brokers see them, who are those that would review them; so they stand at once. What they say is
checked like everything else, changes are kept as revisions, and the life of a listing holds.
"""

from dataclasses import replace

from exchange.kernel.act import Act
from exchange.listings.checking import problems_of, promised_problems, refuse_problems
from exchange.listings.events import (
    ListingChanged,
    ListingParked,
    ListingPublished,
    ListingResumed,
    ListingWithdrawn,
)
from exchange.listings.kinds import OPEN_STATES, Door, Form, State, Visibility
from exchange.listings.lifecycle import PARKABLE, WITHDRAWABLE, open_state
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing, ListingRevision
from exchange.listings.rules import language_of
from exchange.listings.values import ListingValues, former_values, put_values, values_of

OVER = (State.WITHDRAWN, State.FULFILLED, State.MERGED)


def is_over(listing: Listing | None) -> bool:
    """Whether there is none any more that could be kept in step."""
    return listing is None or listing.state in OVER


def write_kept(
    act: Act, owner_id: int, form: Form, values: ListingValues, present: Listing | None
) -> Listing:
    """Post an offer for brokers, or make the present one say this and stand open.

    The caller has checked who acts. Raises Invalid with the fields.
    """
    clean = replace(values.cleaned(), visibility=Visibility.BROKERS)
    if present is None:
        return _posted(act, owner_id, form, clean)
    lock_listing(act, present)
    old = values_of(present)
    problems = problems_of(act, present.side, clean)
    refuse_problems(problems | promised_problems(present, clean))
    former = former_values(old, clean)
    if former:
        _put(act, present, clean)
        act.session.add(_revision(act, present, former))
        present.version += 1
        act.session.flush()
        act.emit(ListingChanged(present.id))
    if present.state not in OPEN_STATES:
        _open(act, present)
    return present


def park_kept(act: Act, listing: Listing) -> None:
    """Take it from before people for a while; nothing where it is not open, or aside already."""
    lock_listing(act, listing)
    if listing.state in PARKABLE:
        _move(act, listing, State.PARKED, ListingParked)


def withdraw_kept(act: Act, listing: Listing) -> None:
    """End it for good; nothing where it has ended."""
    lock_listing(act, listing)
    if listing.state in WITHDRAWABLE:
        _move(act, listing, State.WITHDRAWN, ListingWithdrawn)


def _posted(act: Act, owner_id: int, form: Form, values: ListingValues) -> Listing:
    door = Door.OFFER
    refuse_problems(problems_of(act, door.side, values))
    made = Listing(
        organisation_id=owner_id,
        author_id=act.actor.person_id,
        door=door,
        side=door.side,
        form=form,
        state=State.DRAFT,
        committed_milli=0,
        version=1,
        created_at=act.now,
        updated_at=act.now,
    )
    _put(act, made, values)
    act.session.add(made)
    act.session.flush()
    _open(act, made)
    return made


def _put(act: Act, listing: Listing, values: ListingValues) -> None:
    put_values(listing, values)
    listing.lang = language_of(f"{values.title} {values.text}")
    listing.updated_at = act.now


def _revision(act: Act, listing: Listing, former: dict[str, object]) -> ListingRevision:
    return ListingRevision(
        listing_id=listing.id,
        version=listing.version,
        person_id=act.actor.person_id,
        at=act.now,
        before=former,
    )


def _open(act: Act, listing: Listing) -> None:
    parked = listing.state is State.PARKED
    listing.parked_until = None
    listing.move_to(State.PUBLISHED, act.now)
    wanted = open_state(listing.quantity_milli, listing.committed_milli)
    if wanted is not State.PUBLISHED:
        listing.move_to(wanted, act.now)
    act.session.flush()
    if parked:
        act.emit(ListingResumed(listing.id))
    act.emit(ListingPublished(listing.id))


def _move(
    act: Act, listing: Listing, state: State, news: type[ListingParked | ListingWithdrawn]
) -> None:
    listing.move_to(state, act.now)
    act.session.flush()
    act.emit(news(listing.id))
