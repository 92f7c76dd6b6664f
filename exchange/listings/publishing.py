"""A listing's way to the public and back: submit, review, withdraw, park, post again, hold."""

from dataclasses import replace
from datetime import date

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.checking import (
    Problems,
    chosen_visibility,
    joined,
    problems_of,
    refuse_problems,
)
from exchange.listings.events import (
    ListingParked,
    ListingPublished,
    ListingResumed,
    ListingReturned,
    ListingSubmitted,
    ListingWithdrawn,
)
from exchange.listings.filing.guarding import insist_may_be_shown, insist_not_copied
from exchange.listings.filing.private import name_problems
from exchange.listings.holding import set_held
from exchange.listings.kinds import State, Visibility
from exchange.listings.lifecycle import COPYABLE, open_state
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing, ListingPhoto
from exchange.listings.permissions import can_review, may_change
from exchange.listings.renewal.rules import return_allowed
from exchange.listings.rules import (
    dates_allowed,
    language_of,
    may_submit,
    needs_review,
    title_from,
)
from exchange.listings.values import ListingValues, put_values, values_of

LONGEST_NOTE = 500


def submit_listing(act: Act, listing: Listing, visibility: Visibility | None = None) -> Listing:
    """Ask for a draft to be published.

    It is published at once for a verified organisation (unless the site reviews those too), else a
    station reviews it first. Without a visibility the rules choose. Raises Forbidden (also with the
    code "confirm_contact_first"), Invalid with the fields, or Conflict.
    """
    _own(act, listing)
    _require_reachable(act)
    if listing.state is not State.DRAFT:
        raise Conflict("listing_state", state=listing.state.value, wanted=State.SUBMITTED.value)
    values = replace(values_of(listing).cleaned(), visibility=visibility)
    values = values if values.title else replace(values, title=title_from(values.text))
    values = replace(values, visibility=chosen_visibility(listing.side, values))
    refuse_problems(_problems(act, listing, values))
    put_values(listing, values)
    listing.lang = language_of(f"{values.title} {values.text}")
    listing.review_note = ""
    _put_before_people(act, listing)
    return listing


def approve_listing(act: Act, listing: Listing, version: int | None = None) -> Listing:
    """The station publishes it. ``version`` is the one the reviewer has read.

    Raises Forbidden, or Conflict when it does not wait for review or says something else by now.
    """
    _review(act, listing, version)
    decision = dates_allowed(listing.from_date, listing.to_date, act.today)
    if not decision:
        raise Conflict(decision.code)
    listing.reviewed_by_id = act.actor.person_id
    listing.review_note = ""
    _publish(act, listing)
    return listing


def return_listing(act: Act, listing: Listing, note: str, version: int | None = None) -> Listing:
    """The station gives it back to its owner with a note. ``version`` as for approving.

    Raises Forbidden, Invalid or Conflict.
    """
    _review(act, listing, version)
    kept = note.strip()
    if not 0 < len(kept) <= LONGEST_NOTE:
        raise Invalid("note_needed", fields={"note": ["note_needed"]})
    listing.reviewed_by_id = act.actor.person_id
    listing.review_note = kept
    listing.move_to(State.DRAFT, act.now)
    act.session.flush()
    act.emit(ListingReturned(listing.id))
    return listing


def withdraw_listing(act: Act, listing: Listing) -> Listing:
    """The owner takes it back. Raises Forbidden or Conflict."""
    _own(act, listing)
    listing.move_to(State.WITHDRAWN, act.now)
    act.session.flush()
    act.emit(ListingWithdrawn(listing.id))
    return listing


def park_listing(act: Act, listing: Listing, until: date | None = None) -> Listing:
    """Set it aside for a later season; it comes back by itself on ``until``, where one is given.

    Raises Forbidden, Conflict, or Invalid for a day that is not ahead.
    """
    _own(act, listing)
    if until is not None:
        decision = return_allowed(until, act.today)
        if not decision:
            raise Invalid(fields={"until": [decision.code]})
    listing.parked_until = until
    listing.move_to(State.PARKED, act.now)
    act.session.flush()
    act.emit(ListingParked(listing.id))
    return listing


def resume_listing(act: Act, listing: Listing) -> Listing:
    """Bring a parked listing back, through review where due. Raises as submitting does."""
    _own(act, listing)
    _require_reachable(act)
    if listing.state is not State.PARKED:
        raise Conflict("listing_state", state=listing.state.value, wanted=State.PUBLISHED.value)
    refuse_problems(_problems(act, listing, values_of(listing)))
    listing.parked_until = None
    act.emit(ListingResumed(listing.id))
    _put_before_people(act, listing)
    return listing


def post_again(act: Act, listing: Listing) -> Listing:
    """A new draft with the same words and pictures, without dates. Raises Forbidden or Conflict."""
    _own(act, listing)
    if listing.state not in COPYABLE:
        raise Conflict("listing_state", state=listing.state.value, wanted="copied")
    insist_not_copied(act, listing)
    copy = Listing(
        organisation_id=listing.organisation_id,
        author_id=act.actor.person_id,
        door=listing.door,
        side=listing.side,
        state=State.DRAFT,
        lang=listing.lang,
        committed_milli=0,
        version=1,
        created_at=act.now,
        updated_at=act.now,
    )
    put_values(copy, replace(values_of(listing), from_date=None, to_date=None))
    copy.photos = [
        ListingPhoto(file_id=one.file_id, position=one.position, statement=one.statement)
        for one in listing.photos
    ]
    act.session.add(copy)
    act.session.flush()
    return copy


def hold_listing(act: Act, listing: Listing, *, held: bool) -> Listing:
    """Hide a listing from all but its owner and brokers while it is looked into, or show it again.

    Supervisors of its place and the operator may. Raises Forbidden.
    """
    actor = act.actor
    may = actor.is_system or actor.is_operator or actor.supervises_division(listing.division_code)
    if not may:
        raise Forbidden
    set_held(act, listing, held=held)
    return listing


def must_be_reviewed(act: Act, listing: Listing) -> bool:
    """Whether a station looks at what this owner publishes."""
    act.session.flush()
    return needs_review(
        verified=listing.organisation.is_verified,
        review_verified=act.house.settings.review_verified,
        is_system=act.actor.is_system,
    )


def send_to_review(act: Act, listing: Listing) -> None:
    """Put a listing before the station. Each time counts as a version: it is told of each."""
    listing.move_to(State.SUBMITTED, act.now)
    listing.version += 1
    act.session.flush()
    act.emit(ListingSubmitted(listing.id))


def come_back(act: Act, listing: Listing) -> None:
    """Put what was set aside before people again, by the clock; a station looks at it first where
    it would if the owner did so: it may have been changed meanwhile.
    """
    verified = listing.organisation.is_verified
    review_verified = act.house.settings.review_verified
    if needs_review(verified=verified, review_verified=review_verified, is_system=False):
        send_to_review(act, listing)
    else:
        _publish(act, listing)


def open_again(act: Act, listing: Listing) -> None:
    """Bring an expired listing whose last day was moved back before people."""
    _require_reachable(act)
    _put_before_people(act, listing)


def _problems(act: Act, listing: Listing, values: ListingValues) -> Problems:
    found = problems_of(act, listing.side, values)
    return joined(found, name_problems(act, listing, values))


def _put_before_people(act: Act, listing: Listing) -> None:
    insist_may_be_shown(act, listing)
    if must_be_reviewed(act, listing):
        send_to_review(act, listing)
    else:
        _publish(act, listing)


def _publish(act: Act, listing: Listing) -> None:
    listing.move_to(State.PUBLISHED, act.now)
    wanted = open_state(listing.quantity_milli, listing.committed_milli)
    if wanted is not State.PUBLISHED:
        listing.move_to(wanted, act.now)
    act.session.flush()
    act.emit(ListingPublished(listing.id))


def _own(act: Act, listing: Listing) -> None:
    if not may_change(act.actor, listing):
        raise Forbidden
    lock_listing(act, listing)


def _review(act: Act, listing: Listing, version: int | None) -> None:
    if not can_review(act.actor, listing):
        raise Forbidden
    lock_listing(act, listing, version)
    if listing.state is not State.SUBMITTED:
        raise Conflict("listing_state", state=listing.state.value, wanted="reviewed")


def _require_reachable(act: Act) -> None:
    person = act.session.get(Person, act.actor.person_id) if act.actor.person_id else None
    confirmed = act.actor.phone_ok or (
        person is not None
        and any((person.phone_confirmed_at, person.phone_vouched_at, person.email_confirmed_at))
    )
    decision = may_submit(contact_confirmed=confirmed, is_system=act.actor.is_system)
    if not decision:
        raise Forbidden(decision.code)
