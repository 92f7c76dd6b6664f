"""The pictures of a listing."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.files.models import StoredFile
from exchange.files.pictures import Picture
from exchange.files.service import forget_file, keep_picture
from exchange.files.stating import statement_on
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.events import ListingChanged
from exchange.listings.kinds import OPEN_STATES, State
from exchange.listings.lifecycle import EDITABLE
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing, ListingPhoto
from exchange.listings.permissions import can_see, may_change, sees_details
from exchange.listings.publishing import must_be_reviewed, send_to_review

OWNER_KIND = "listing"
MOST_PICTURES = 6


def attach_pictures(
    act: Act, listing: Listing, pictures: Sequence[Picture], children: str
) -> Listing:
    """Add pictures, at most six in all, with what the actor says about children on them. A
    published one of an unverified owner is reviewed again.

    Raises Forbidden, Conflict, or Invalid with what is wrong beside ``photos`` or ``children``.
    """
    if not pictures:
        return listing
    _require_editable(act, listing)
    statement = statement_on(pictures, children)
    present = list(listing.photos)
    if len(present) + len(pictures) > MOST_PICTURES:
        raise Invalid("too_many_pictures", fields={"photos": ["too_many_pictures"]})
    start = max((photo.position for photo in present), default=-1) + 1
    for offset, picture in enumerate(pictures):
        file = keep_picture(act, picture, OWNER_KIND, listing.id)
        listing.photos.append(
            ListingPhoto(file_id=file.id, position=start + offset, statement=statement)
        )
    _after(act, listing)
    return listing


def remove_picture(act: Act, listing: Listing, file_public_id: str) -> Listing:
    """Take a picture away. Raises Forbidden, Conflict, or NotFound."""
    _require_editable(act, listing)
    photo = next((p for p in listing.photos if p.file.public_id == file_public_id), None)
    if photo is None:
        raise NotFound
    file = photo.file
    listing.photos.remove(photo)
    act.session.flush()
    forget_unused(act, [file])
    _after(act, listing)
    return listing


def forget_unused(act: Act, files: Sequence[StoredFile]) -> None:
    """Forget the pictures that no listing shows any more."""
    for file in files:
        used = sa.select(ListingPhoto.listing_id).where(ListingPhoto.file_id == file.id).limit(1)
        if act.session.execute(used).first() is None:
            forget_file(act, file)


def can_see_picture(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Whether the actor reads the details of a listing that shows the picture."""
    query = sa.select(Listing).join(ListingPhoto).where(ListingPhoto.file_id == file.id)
    return any(can_see(actor, one) and sees_details(actor, one) for one in session.scalars(query))


def _require_editable(act: Act, listing: Listing) -> None:
    if not may_change(act.actor, listing):
        raise Forbidden
    lock_listing(act, listing)
    if listing.state not in EDITABLE:
        raise Conflict("listing_state", state=listing.state.value, wanted="edited")


def _after(act: Act, listing: Listing) -> None:
    listing.updated_at = act.now
    listing.version += 1
    act.session.flush()
    if listing.state is State.DRAFT:
        return
    act.emit(ListingChanged(listing.id))
    if listing.state in OPEN_STATES and must_be_reviewed(act, listing):
        send_to_review(act, listing)
