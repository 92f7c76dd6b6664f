"""What the pages say about a filing, and who may look at the signed form."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.files.models import StoredFile
from exchange.kernel.actor import Actor
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.filing.kinds import FilingState
from exchange.listings.filing.labels import CONSENTS, STATES, TONES
from exchange.listings.filing.models import Filing, FilingFile, FilingReveal
from exchange.listings.filing.permissions import can_look_after
from exchange.listings.filing.rules import DRAFT_KEPT, ENDED_KEPT, SHOWN_FOR, WITHDRAWN_KEPT
from exchange.listings.kinds import ENDED_STATES, State
from exchange.web.acting import house
from exchange.web.dates import day_here, local_day


@dataclass(frozen=True)
class FilingLine:
    """A filing in a list, or at the head of its page. Nothing in it names the person."""

    filing: Filing
    card: ListingCard
    code: str
    state: str
    tone: str
    consent: str
    consent_on: str
    made_on: str
    deleted_on: str


def filing_lines(
    session: Session, actor: Actor, filings: Sequence[Filing], locale: str
) -> list[FilingLine]:
    """Lines in order; the number of queries does not grow with them."""
    cards = listing_cards(session, actor, [one.listing for one in filings], locale)
    return [_line(one, card) for one, card in zip(filings, cards, strict=True)]


def _line(filing: Filing, card: ListingCard) -> FilingLine:
    return FilingLine(
        filing=filing,
        card=card,
        code=filing.code,
        state=str(STATES[filing.state]),
        tone=TONES.get(filing.state, ""),
        consent=str(CONSENTS[filing.consent]) if filing.consent else "",
        consent_on=day_here(filing.consent_on) if filing.consent_on else "",
        made_on=local_day(filing.made_at),
        deleted_on=_deleted_on(filing),
    )


def _deleted_on(filing: Filing) -> str:
    """The day on which what is private is deleted; empty while that is open, or done."""
    listing = filing.listing
    if filing.state is FilingState.FORGOTTEN:
        return ""
    if filing.withdrawn_at is not None:
        return local_day(filing.withdrawn_at + WITHDRAWN_KEPT)
    if listing.state in ENDED_STATES and listing.ended_at is not None:
        return local_day(listing.ended_at + ENDED_KEPT)
    return local_day(listing.updated_at + DRAFT_KEPT) if listing.state is State.DRAFT else ""


def reveals_of(session: Session, filing: Filing) -> Sequence[FilingReveal]:
    """Who was shown for whom it is, the latest first."""
    query = (
        sa.select(FilingReveal)
        .where(FilingReveal.listing_id == filing.listing_id)
        .options(joinedload(FilingReveal.shown_to, innerjoin=True))
        .order_by(FilingReveal.last_at.desc(), FilingReveal.shown_to_id)
    )
    return session.scalars(query.limit(50)).all()


def can_see_form(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Whoever looks after the filing, for an hour after they opened it, which is on record."""
    filing = session.scalar(
        sa.select(Filing)
        .join(FilingFile, FilingFile.listing_id == Filing.listing_id)
        .where(FilingFile.file_id == file.id)
    )
    if filing is None or actor.person_id is None or not can_look_after(actor, filing):
        return False
    shown = session.get(FilingReveal, (filing.listing_id, actor.person_id))
    return shown is not None and house().clock.now() - shown.last_at <= SHOWN_FOR
