"""Reading filings and the numbers of paper forms."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, object_session

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.filing.models import Filing, PaperForm
from exchange.listings.filing.permissions import can_look_after, looked_after_by
from exchange.listings.models import Listing

WHOLE = joinedload(Filing.listing, innerjoin=True).joinedload(Listing.organisation, innerjoin=True)


def filing_of(session: Session, listing_id: int) -> Filing | None:
    """The filing behind a listing, if it was filed for somebody."""
    return session.get(Filing, listing_id)


def is_filed(listing: Listing) -> bool:
    """Whether a listing is for somebody who does not use the site."""
    session = object_session(listing)
    if session is None or listing.id is None:
        return False
    query = sa.select(Filing.listing_id).where(Filing.listing_id == listing.id)
    return session.execute(query).first() is not None


def seen_filing(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Filing:
    """The filing of that id. Raises NotFound where there is none or it is not the actor's to see.

    ``lock`` takes the row for oneself, so that what is decided about it still holds when written.
    """
    query = sa.select(Filing).where(Filing.public_id == public_id).options(WHOLE)
    found = session.scalar(query)
    if found is None or not can_look_after(actor, found):
        raise NotFound
    if lock:
        session.refresh(found, with_for_update=True)
    return found


def filings_of(
    session: Session, actor: Actor, *, page: int = 1, size: int = 30
) -> tuple[Sequence[Filing], bool]:
    """What the actor looks after, the newest first, and whether there is more."""
    query = (
        sa.select(Filing)
        .join(Filing.listing)
        .where(looked_after_by(actor))
        .options(WHOLE, joinedload(Filing.made_by, innerjoin=True))
        .order_by(Filing.made_at.desc(), Filing.listing_id.desc())
        .offset((page - 1) * size)
        .limit(size + 1)
    )
    found = session.scalars(query).unique().all()
    return found[:size], len(found) > size


def filing_of_form(session: Session, form_id: int) -> Filing | None:
    """The filing that was entered from a paper form, if it was."""
    return session.scalar(sa.select(Filing).where(Filing.form_id == form_id).options(WHOLE))


def printed_forms(session: Session, organisation_id: int | None, batch: str) -> Sequence[PaperForm]:
    """The numbers of one print of an organisation, in their order."""
    query = sa.select(PaperForm).where(
        PaperForm.batch == batch, PaperForm.organisation_id == organisation_id
    )
    return session.scalars(query.order_by(PaperForm.id)).all()
