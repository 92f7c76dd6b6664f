"""Writing a listing down: drafts, changes while it stands, and the owner's own key."""

from dataclasses import fields, replace
from datetime import date

from sqlalchemy.exc import IntegrityError

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from exchange.listings.checking import (
    Problems,
    chosen_visibility,
    draft_problems,
    joined,
    problems_of,
    promised_problems,
    refuse_problems,
)
from exchange.listings.events import ListingChanged, ListingExpired
from exchange.listings.filing.private import name_problems
from exchange.listings.kinds import OPEN_STATES, Door, State, Visibility
from exchange.listings.lifecycle import EDITABLE, open_state
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing, ListingRevision
from exchange.listings.permissions import may_change
from exchange.listings.publishing import (
    must_be_reviewed,
    open_again,
    send_to_review,
    submit_listing,
)
from exchange.listings.queries import listing_by_external_id
from exchange.listings.rules import dates_allowed, language_of, title_from, visibility_allowed
from exchange.listings.values import (
    ListingValues,
    changes_substance,
    former_values,
    put_values,
    values_of,
    words_of,
)

LONGEST_EXTERNAL_ID = 80


def save_draft(
    act: Act, door: Door, values: ListingValues, draft: Listing | None = None
) -> Listing:
    """Keep what was typed as the actor's draft, a new one or the one given.

    What could not be stored (an unknown place, a text that is too long) is left out; nothing else
    is checked before it is submitted. Raises SignInNeeded, Forbidden or Conflict.
    """
    if act.actor.organisation_id is None:
        raise SignInNeeded
    if draft is None:
        draft = _new_listing(act, act.actor.organisation_id, door)
    elif not may_change(act.actor, draft):
        raise Forbidden
    else:
        lock_listing(act, draft)
    if draft.state is not State.DRAFT:
        raise Conflict("listing_state", state=draft.state.value, wanted=State.DRAFT.value)
    _put_draft(act, draft, storable(act, values.cleaned()))
    act.session.add(draft)
    act.session.flush()
    return draft


def edit_listing(
    act: Act, listing: Listing, values: ListingValues, version: int | None = None
) -> Listing:
    """Change what the listing says; the former values are kept as a revision.

    ``version`` is the one the author was shown. What an unverified organisation changes about
    what, where or how much goes back to review. An expired listing opens again with a later last
    day. Raises Forbidden, Conflict ("changed_meanwhile" when somebody else was faster) or Invalid.
    """
    if not may_change(act.actor, listing):
        raise Forbidden
    lock_listing(act, listing, version)
    if listing.state not in EDITABLE:
        raise Conflict("listing_state", state=listing.state.value, wanted="edited")
    if listing.state is State.DRAFT:
        return save_draft(act, listing.door, values, listing)
    old = values_of(listing)
    new = _completed(listing, values.cleaned())
    refuse_problems(_edit_problems(act, listing, new))
    former = former_values(old, new)
    if former:
        _put(act, listing, new)
        _record(act, listing, former)
        _after_change(act, listing, changes_substance(old, new))
    return listing


def upsert_listing(
    act: Act, organisation_id: int, external_id: str, door: Door, values: ListingValues
) -> Listing:
    """Post a listing under the owner's own key, or change the one that already has it.

    A listing whose last day has passed is taken over as expired when nobody needs to review it.
    What the owner has withdrawn stays withdrawn. Raises Forbidden, Invalid or Conflict.
    """
    if not (act.actor.is_system or act.actor.belongs_to(organisation_id)):
        raise Forbidden
    key = external_id.strip()
    if not 0 < len(key) <= LONGEST_EXTERNAL_ID:
        raise Invalid("listing_invalid", fields={"external_id": ["external_id_form"]})
    existing = listing_by_external_id(act.session, organisation_id, key)
    if existing is None:
        created = _create(act, organisation_id, key, door, values)
        if created is not None:
            return created
        existing = listing_by_external_id(act.session, organisation_id, key)
    if existing is None:
        raise Conflict
    return _update(act, existing, door, values)


def storable(act: Act, values: ListingValues) -> ListingValues:
    """The values without those that a draft cannot hold."""
    bad = draft_problems(act.session, values)
    defaults = {item.name: item.default for item in fields(ListingValues)}
    cut = {name: defaults[name] for name in bad if name not in ("title", "text")}
    return replace(values, title=values.title[:120], text=values.text[:5000], **cut)  # type: ignore[arg-type]  # each default has its field's type


def _new_listing(act: Act, organisation_id: int, door: Door) -> Listing:
    return Listing(
        organisation_id=organisation_id,
        author_id=act.actor.person_id,
        door=door,
        side=door.side,
        state=State.DRAFT,
        committed_milli=0,
        version=1,
        created_at=act.now,
        updated_at=act.now,
    )


def _put(act: Act, listing: Listing, values: ListingValues) -> None:
    if values.to_date != listing.to_date:
        listing.expiry_told_at = listing.expiry_told_days = None
    refuse_problems(promised_problems(listing, values))
    put_values(listing, values)
    listing.lang = language_of(f"{values.title} {values.text}")
    listing.updated_at = act.now


def _put_draft(act: Act, draft: Listing, values: ListingValues) -> None:
    """Put the values into a draft; what somebody else has read of it is another version then."""
    before = values_of(draft) if draft.id is not None else None
    _put(act, draft, values)
    if before is not None and before != values_of(draft):
        draft.version += 1


def _completed(listing: Listing, values: ListingValues) -> ListingValues:
    """With a title, and a visibility: the one chosen, else the present one while allowed."""
    titled = values if values.title else replace(values, title=title_from(values.text))
    if titled.visibility is not None:
        return titled
    about = (listing.side, titled.category_code, titled.beneficiaries, words_of(titled))
    kept = visibility_allowed(listing.visibility, *about, titled.public_title)
    wanted: Visibility | None = listing.visibility if kept else None
    return replace(
        titled, visibility=chosen_visibility(listing.side, replace(titled, visibility=wanted))
    )


def _edit_problems(act: Act, listing: Listing, new: ListingValues) -> Problems:
    opens = listing.state is not State.PARKED
    found = problems_of(act, listing.side, new, open_now=opens)
    found = joined(found, promised_problems(listing, new))
    return joined(found, name_problems(act, listing, new))


def _record(act: Act, listing: Listing, former: dict[str, object]) -> None:
    act.session.add(
        ListingRevision(
            listing_id=listing.id,
            version=listing.version,
            person_id=act.actor.person_id,
            at=act.now,
            before=former,
        )
    )
    listing.version += 1
    act.session.flush()


def _after_change(act: Act, listing: Listing, substance: bool) -> None:
    if listing.state is State.EXPIRED:
        open_again(act, listing)
    elif listing.state in OPEN_STATES:
        wanted = open_state(listing.quantity_milli, listing.committed_milli)
        if wanted is not listing.state:
            listing.move_to(wanted, act.now)
    act.emit(ListingChanged(listing.id))
    if listing.state in OPEN_STATES and substance and must_be_reviewed(act, listing):
        send_to_review(act, listing)


def _create(
    act: Act, organisation_id: int, key: str, door: Door, values: ListingValues
) -> Listing | None:
    """A new listing with the key; None when another transaction has just made it."""
    listing = _new_listing(act, organisation_id, door)
    listing.external_id = key
    clean = values.cleaned()
    over = not dates_allowed(clean.from_date, clean.to_date, act.today)
    refuse_problems(draft_problems(act.session, clean))
    try:
        with act.session.begin_nested():
            _put(act, listing, clean)
            act.session.add(listing)
            act.session.flush()
    except IntegrityError:
        if listing_by_external_id(act.session, organisation_id, key) is None:
            raise
        return None
    new = _completed_new(listing, clean)
    if over and not must_be_reviewed(act, listing):
        _take_over_expired(act, listing, new)
        return listing
    return submit_listing(act, listing, new.visibility)


def _completed_new(listing: Listing, values: ListingValues) -> ListingValues:
    titled = values if values.title else replace(values, title=title_from(values.text))
    return replace(titled, visibility=chosen_visibility(listing.side, titled))


def _take_over_expired(act: Act, listing: Listing, values: ListingValues) -> None:
    refuse_problems(problems_of(act, listing.side, values, open_now=False))
    _put(act, listing, values)
    listing.move_to(State.EXPIRED, act.now)
    listing.published_at = act.now
    act.session.flush()
    act.emit(ListingExpired(listing.id))


def _update(act: Act, listing: Listing, door: Door, values: ListingValues) -> Listing:
    if listing.side is not door.side:
        raise Conflict("side_is_fixed", side=listing.side.value)
    if listing.state is State.DRAFT:
        save_draft_of(act, listing, values)
        return submit_listing(act, listing, values.visibility)
    new = _completed(listing, values.cleaned())
    if not former_values(values_of(listing), new):
        return listing
    if listing.state is State.EXPIRED and _is_over(new, act.today):
        raise Invalid("listing_invalid", fields={"to_date": ["date_past"]})
    return edit_listing(act, listing, new)


def save_draft_of(act: Act, listing: Listing, values: ListingValues) -> None:
    """Overwrite a draft that came in under the owner's key; unlike a typed draft it is checked."""
    clean = values.cleaned()
    refuse_problems(draft_problems(act.session, clean))
    lock_listing(act, listing)
    _put_draft(act, listing, clean)
    act.session.flush()


def _is_over(values: ListingValues, today: date) -> bool:
    return values.to_date is not None and values.to_date < today
